"""How awk fails, in mawk's words and BusyBox', and what it never goes beyond."""

from __future__ import annotations

#: Characters of a program's text.
SOURCE_CHARACTERS_MAX = 200_000
#: Characters of one value.
TEXT_CHARACTERS_MAX = 1_000_000
#: Bytes of all arrays together.
MEMORY_BYTES_MAX = 16 * 1024 * 1024
ELEMENTS_MAX = 200_000
CALL_DEPTH_MAX = 200
NESTING_MAX = 60
STREAMS_MAX = 20
FIELDS_MAX = 32_767


class AwkProblem(Exception):
    """The program is wrong, or cannot go on. Texts of mawk and of BusyBox, and the line."""

    def __init__(self, mawk: str, busybox: str = "", line: int = 0) -> None:
        super().__init__(mawk)
        self.mawk = mawk
        self.busybox = busybox or mawk
        self.line = line


class AwkFault(AwkProblem):
    """It went wrong while it ran; the implementations say where they were."""


class OpenProblem(AwkProblem):
    """A file cannot be opened or read."""


def too_much() -> AwkProblem:
    """More memory than a container's awk gets."""
    return AwkFault("out of memory")
