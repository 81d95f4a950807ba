"""A container's log: lines with their time and stream, bounded; the oldest go first.

Models: containerd's CRI log (pkg/cri/io/logger): a line is written when it ends, or at 16 KiB.
"""

from __future__ import annotations

from dataclasses import dataclass

STDOUT, STDERR = 1, 2
PART_BYTES_MAX = 16 * 1024


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a container's log (without the newline) or a part of one."""

    time_ms: int
    #: 1 for stdout, 2 for stderr.
    stream: int
    text: bytes
    is_partial: bool = False


class ContainerLog:
    """The kept lines of one container, oldest first. `first` is the number of `lines[0]`, so that
    a reader finds its place again after old lines have gone."""

    __slots__ = ("_open", "_size", "bytes_max", "first", "lines")

    def __init__(self, bytes_max: int) -> None:
        self.bytes_max = bytes_max
        self.lines: list[LogLine] = []
        self.first = 0
        self._size = 0
        #: Bytes of a line that has not ended, by stream.
        self._open: dict[int, bytes] = {}

    def write(self, stream: int, data: bytes, now_ms: int) -> None:
        """Add what a process wrote."""
        waiting = self._open.get(stream)
        if waiting:
            data = waiting + data
        pieces = data.split(b"\n")
        rest = pieces.pop()
        for piece in pieces:
            self._add_line(stream, piece, now_ms)
        while len(rest) > PART_BYTES_MAX:
            self._add(LogLine(now_ms, stream, rest[:PART_BYTES_MAX], True))
            rest = rest[PART_BYTES_MAX:]
        self._open[stream] = rest

    def finish(self, now_ms: int) -> None:
        """No more will come: a line without its end is written as it is."""
        for stream, rest in sorted(self._open.items()):
            if rest:
                self._add(LogLine(now_ms, stream, rest, True))
        self._open.clear()

    def _add_line(self, stream: int, text: bytes, now_ms: int) -> None:
        while len(text) > PART_BYTES_MAX:
            self._add(LogLine(now_ms, stream, text[:PART_BYTES_MAX], True))
            text = text[PART_BYTES_MAX:]
        self._add(LogLine(now_ms, stream, text))

    def _add(self, line: LogLine) -> None:
        self.lines.append(line)
        self._size += len(line.text) + 48
        if self._size > self.bytes_max:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        """Make room: an eighth at once, so that a full log costs little per line."""
        count = 0
        while self._size > self.bytes_max * 7 // 8:
            self._size -= len(self.lines[count].text) + 48
            count += 1
        del self.lines[:count]
        self.first += count
