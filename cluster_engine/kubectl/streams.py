"""Reading the frames of an open stream, through a descriptor that can be waited for."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apiserver.requests import Frame
from cluster_engine.runtime.system import System

_LINE_BYTES_MAX = 8 * 1024 * 1024


@dataclass(slots=True)
class Lines:
    """A stream of lines, such as a watch."""

    fd: int
    has_ended: bool = False
    _rest: bytes = b""

    def read(self, system: System) -> list[bytes]:
        """The complete lines that have come. Sets `has_ended` at the end of the stream."""
        frames = read_frames(system, self.fd)
        if frames is None:
            return []
        if not frames:
            self.has_ended = True
            return [self._rest] if self._rest else []
        data = self._rest + b"".join(frame.data for frame in frames)
        *lines, self._rest = data.split(b"\n")
        if len(self._rest) > _LINE_BYTES_MAX:
            self._rest = b""
        return [line for line in lines if line]


def read_frames(system: System, fd: int) -> list[Frame] | None:
    """Frames; None: none yet; []: the end."""
    return system.read_frames(fd)
