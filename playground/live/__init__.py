"""What browsers see live: the scene, the timeline, the clock, each other, and terminals."""
