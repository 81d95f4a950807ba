"""tree: folders drawn as a tree."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse

_ENTRIES_MAX = 5000


def run(invocation: Invocation) -> int:
    """Draw each folder; -a hidden files too, -L so deep, -d folders only."""
    options, roots = parse(invocation, "adfFh", "L")
    counts = [0, 0]
    for root in roots or ["."]:
        invocation.line(root)
        _draw(invocation, root, "", options, 1, counts)
    folders, files = counts
    text = f"{folders} director{'y' if folders == 1 else 'ies'}"
    if "d" not in options:
        text += f", {files} file{'' if files == 1 else 's'}"
    invocation.line(f"\n{text}")
    return 0


def _draw(
    invocation: Invocation,
    path: str,
    indent: str,
    options: dict[str, str],
    depth: int,
    counts: list[int],
) -> None:
    system = invocation.system
    if depth > int(options.get("L", "20")) or sum(counts) > _ENTRIES_MAX:
        return
    try:
        names = [n for n in system.list_directory(path) if "a" in options or n[0] != "."]
    except Errno as error:
        invocation.line(f"{indent}[error opening dir: {error.text}]")
        return
    entries = [(name, system.lstat(f"{path.rstrip('/')}/{name}")) for name in names]
    if "d" in options:
        entries = [entry for entry in entries if entry[1].kind == "directory"]
    for position, (name, status) in enumerate(entries):
        is_last = position == len(entries) - 1
        shown = name
        full = f"{path.rstrip('/')}/{name}"
        if status.kind == "symlink":
            shown = f"{name} -> {system.readlink(full)}"
        invocation.line(f"{indent}{'└── ' if is_last else '├── '}{shown}")
        if status.kind == "directory":
            counts[0] += 1
            deeper = indent + ("    " if is_last else "│   ")
            _draw(invocation, full, deeper, options, depth + 1, counts)
        else:
            counts[1] += 1


COMMAND = Command("tree", run)
