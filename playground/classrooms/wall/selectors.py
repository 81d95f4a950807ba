"""The walls of this process."""

from __future__ import annotations

from playground.classrooms.wall.walls import Walls

_walls = Walls()


def walls() -> Walls:
    """Those that somebody looks at."""
    return _walls
