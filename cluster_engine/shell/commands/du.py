"""du: what files take up."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.sizes import human

_DEPTH_MAX = 64


def run(invocation: Invocation) -> int:
    """Print the size of each folder; -s the sum only, -a files too."""
    long = {"human-readable": "h", "summarize": "s", "all": "a", "max-depth": "d", "total": "c"}
    options, paths = parse(invocation, "hsackbmxL", "d", long)
    code, total = 0, 0
    for path in paths or ["."]:
        try:
            invocation.system.lstat(path)
        except Errno as error:
            invocation.complain(f"cannot access '{path}': {error.text}")
            code = 1
            continue
        total += _size(invocation, path, options, 0)
    if "c" in options:
        invocation.line(f"{_shown(total, options)}\ttotal")
    return code


def _size(invocation: Invocation, path: str, options: Options, depth: int) -> int:
    system = invocation.system
    try:
        status = system.lstat(path)
        own = status.size if "b" in options else -(-status.size // 4096) * 4096
        names = system.list_directory(path) if status.kind == "directory" else []
    except Errno as error:
        invocation.complain(f"cannot read directory '{path}': {error.text}")
        return 0
    if depth < _DEPTH_MAX:
        own += sum(
            _size(invocation, f"{path.rstrip('/')}/{name}", options, depth + 1) for name in names
        )
    limit = 0 if "s" in options else int(options.get("d", str(_DEPTH_MAX)) or 0)
    is_shown = status.kind == "directory" or "a" in options or depth == 0
    if is_shown and depth <= limit:
        invocation.line(f"{_shown(own, options)}\t{path}")
    return own


def _shown(size: int, options: Options) -> str:
    if "h" in options:
        return human(size)
    if "b" in options:
        return str(size)
    return str(-(-size // (1024**2 if "m" in options else 1024)))


COMMAND = Command("du", run)
