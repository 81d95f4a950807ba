"""du: what files take up."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.sizes import human

_DEPTH_MAX = 64
_HINT = "Try 'du --help' for more information."
_PLACES_MAX = 50_000
_LONG = {
    "human-readable": "h",
    "summarize": "s",
    "all": "a",
    "max-depth": "d",
    "total": "c",
    "bytes": "b",
    "apparent-size": "apparent-size",
    "separate-dirs": "S",
    "one-file-system": "x",
    "dereference": "L",
}


def run(invocation: Invocation) -> int:
    """Print the size of each folder; -s the sum only, -a files too."""
    options, paths = parse(invocation, "hsackbmxLDHlS", "d", _LONG)
    depth = options.count("d", _DEPTH_MAX, f"invalid maximum depth '{{}}'\n{_HINT}")
    if "s" in options and "a" in options:
        raise UsageError("cannot both summarize and show all entries", has_hint=True)
    meter = _Meter(invocation, options, 0 if "s" in options else depth)
    for path in paths or ["."]:
        meter.measure(path)
    if "c" in options:
        invocation.line(f"{meter.shown(meter.total)}\ttotal")
    return meter.code


class _Meter:
    """Adds up sizes. Files with several names count once."""

    def __init__(self, invocation: Invocation, options: Options, depth: int) -> None:
        self.total = 0
        self.code = 0
        self._invocation = invocation
        self._system = invocation.system
        self._options = options
        self._depth = depth
        self._seen: set[tuple[int, int]] = set()
        self._left = _PLACES_MAX

    def measure(self, path: str) -> None:
        """One operand."""
        try:
            self._system.lstat(path)
        except Errno as error:
            gnu = f"cannot access '{path}': {error.text}"
            self._invocation.complain(self._invocation.either(gnu, f"{path}: {error.text}"))
            self.code = 1
            return
        self.total += self._size(path, 0)

    def _size(self, path: str, depth: int) -> int:
        self._left -= 1
        try:
            follows = "L" in self._options or ("H" in self._options and not depth)
            status = self._system.stat(path) if follows else self._system.lstat(path)
        except Errno as error:
            self._invocation.complain(f"cannot access '{path}': {error.text}")
            self.code = 1
            return 0
        key = (status.device, status.inode)
        if status.kind != "directory" and status.links > 1:
            if key in self._seen and "l" not in self._options:
                return 0
            self._seen.add(key)
        is_apparent = "b" in self._options or "apparent-size" in self._options
        own = -(-status.size // 4096) * 4096 if status.kind in ("file", "directory") else 0
        own = status.size if is_apparent else own
        if status.kind == "directory":
            own += self._inside(path, depth)
        is_shown = status.kind == "directory" or "a" in self._options or depth == 0
        if is_shown and depth <= self._depth:
            self._invocation.line(f"{self.shown(own)}\t{path}")
        return own

    def _inside(self, path: str, depth: int) -> int:
        if depth >= _DEPTH_MAX or self._left <= 0:
            return 0
        try:
            names = self._system.list_directory(path)
        except Errno as error:
            text = f"cannot read directory '{path}': {error.text}"
            self._invocation.complain(self._invocation.either(text, f"{path}: {error.text}"))
            self.code = 1
            return 0
        base = path.rstrip("/")
        return sum(self._size(f"{base}/{name}", depth + 1) for name in names)

    def shown(self, size: int) -> str:
        """A size in the unit wanted."""
        unit = self._options.last("hbkm")
        if unit == "h":
            return human(size, is_busybox=self._invocation.is_busybox)
        if unit == "b":
            return str(size)
        return str(-(-size // (1024**2 if unit == "m" else 1024)))


COMMAND = Command("du", run)
