"""What can be broken in a cluster on purpose, and mended again: a catalogue as data."""
