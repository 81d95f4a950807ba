"""df: how full the file systems are."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import FileSystemStatus
from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.sizes import human


def run(invocation: Invocation) -> int:
    """Print one line per mount, or per path named."""
    long = {"human-readable": "h", "print-type": "T", "inodes": "i", "all": "a"}
    options, paths = parse(invocation, "hTiaklmP", "t", long)
    code = 0
    found: list[FileSystemStatus] = []
    if not paths:
        found = [
            mount for mount in invocation.system.mounts() if mount.bytes_total or "a" in options
        ]
    for path in paths:
        try:
            found.append(invocation.system.statvfs(path))
        except Errno as error:
            invocation.complain(f"{path}: {error.text}")
            code = 1
    rows = [_heading(options)] + [_row(mount, options) for mount in found]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows if found else ():
        cells = [row[0].ljust(max(widths[0], 14))]
        cells += [cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)]
        invocation.line(" ".join([*cells, row[-1]]))
    return code


def _heading(options: dict[str, str]) -> list[str]:
    kind = ["Type"] if "T" in options else []
    if "i" in options:
        return ["Filesystem", *kind, "Inodes", "IUsed", "IFree", "IUse%", "Mounted on"]
    size = ["Size", "Used", "Avail"] if "h" in options else ["1K-blocks", "Used", "Available"]
    return ["Filesystem", *kind, *size, "Use%", "Mounted on"]


def _row(mount: FileSystemStatus, options: dict[str, str]) -> list[str]:
    kind = [mount.type] if "T" in options else []
    if "i" in options:
        total, used = mount.files_total, mount.files_used
        numbers = [str(total), str(used), str(total - used)]
    else:
        total, used = mount.bytes_total, mount.bytes_used
        amounts = (total, used, max(total - used, 0))
        numbers = [
            human(amount) if "h" in options else str(-(-amount // 1024)) for amount in amounts
        ]
    share = f"{-(-100 * used // total)}%" if total else "-"
    return [mount.source, *kind, *numbers, share, mount.path]


COMMAND = Command("df", run)
