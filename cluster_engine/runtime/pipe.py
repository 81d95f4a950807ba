"""A pipe: a bounded byte buffer between processes.

It only keeps bytes and counts its ends; the system calls wake who waits for it.
"""

from __future__ import annotations

PIPE_BYTES_MAX = 65536

#: Where a process is found again: pod id, pid namespace, pid.
Address = tuple[str, str, int]


class Waiters:
    """Processes to be stepped when something changes here."""

    __slots__ = ("owner", "waiting")

    def __init__(self) -> None:
        self.waiting: dict[Address, None] = {}
        #: The client at the other end: a session's number, 0 when there is none.
        self.owner = 0

    def add_waiter(self, address: Address) -> None:
        """Step that process at the next change."""
        self.waiting[address] = None

    def take_waiters(self) -> list[Address]:
        """Who waits, in order; they wait no longer."""
        found = list(self.waiting)
        self.waiting.clear()
        return found


class Pipe(Waiters):
    """The bytes of a pipe and how many descriptors hold each end."""

    __slots__ = ("buffer", "bytes_max", "number", "readers", "writers")

    def __init__(self, bytes_max: int = PIPE_BYTES_MAX) -> None:
        super().__init__()
        self.bytes_max = bytes_max
        self.buffer = bytearray()
        self.readers = 0
        self.writers = 0
        self.number = 0

    def read(self, count: int) -> bytes | None:
        """Bytes, b"" at the end, None when none have come yet."""
        if not self.buffer:
            return None if self.writers else b""
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    def write(self, data: bytes) -> int:
        """How many bytes fitted. The caller has seen to it that there are readers."""
        taken = data[: max(self.bytes_max - len(self.buffer), 0)]
        self.buffer += taken
        return len(taken)

    def is_readable(self) -> bool:
        """Whether a read would not block."""
        return bool(self.buffer) or not self.writers

    def is_writable(self) -> bool:
        """Whether a write would not block (or fail at once)."""
        return len(self.buffer) < self.bytes_max or not self.readers
