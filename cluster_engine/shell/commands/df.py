"""df: how full the file systems are."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import FileSystemStatus
from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.sizes import human

_LONG = {
    "human-readable": "h",
    "si": "h",
    "print-type": "T",
    "inodes": "i",
    "all": "a",
    "type": "t",
    "exclude-type": "x",
    "local": "l",
    "portability": "P",
    "total": "total",
    "block-size": "B",
    "output": "output?",
}


def run(invocation: Invocation) -> int:
    """Print one line per mount, or per path named."""
    options, paths = parse(invocation, "hHTiaklmP", "txB", _LONG)
    found, code = _chosen(invocation, options, paths)
    if not found:
        if not paths:
            invocation.complain("no file systems processed")
        return 1
    rows = [_row(mount, options, invocation.is_busybox) for mount in found]
    if "total" in options:
        rows.append(_row(_total(found), options, invocation.is_busybox))
    heading = _heading(options, invocation.is_busybox)
    if invocation.is_busybox:
        _print_busybox(invocation, [heading, *rows], options)
    else:
        _print(invocation, [heading, *rows], options)
    return code


def _chosen(
    invocation: Invocation, options: Options, paths: list[str]
) -> tuple[list[FileSystemStatus], int]:
    code = 0
    found: list[FileSystemStatus] = []
    if not paths:
        mounts = invocation.system.mounts()
        found = [mount for mount in mounts if mount.bytes_total or "a" in options]
        if "t" in options:
            found = [mount for mount in found if mount.type == options["t"]]
        found = [mount for mount in found if mount.type not in options.all("x")]
    for path in paths:
        try:
            found.append(invocation.system.statvfs(path))
        except Errno as error:
            text = f"{path}: {error.text}"
            invocation.complain(invocation.either(text, f"{path}: can't find mount point"))
            code = 1
    return found, code


def _total(found: list[FileSystemStatus]) -> FileSystemStatus:
    return FileSystemStatus(
        "total",
        "-",
        "-",
        "",
        sum(mount.bytes_total for mount in found),
        sum(mount.bytes_used for mount in found),
        sum(mount.files_total for mount in found),
        sum(mount.files_used for mount in found),
    )


def _heading(options: Options, is_busybox: bool) -> list[str]:
    kind = ["Type"] if "T" in options else []
    if "i" in options:
        numbers = ["Inodes", "Used", "Available", "Use%"]
        numbers = numbers if is_busybox else ["Inodes", "IUsed", "IFree", "IUse%"]
        return ["Filesystem", *kind, *numbers, "Mounted on"]
    unit = "1M-blocks" if _block(options) == 1024**2 else "1K-blocks"
    unit = "1024-blocks" if "P" in options and not is_busybox and "h" not in options else unit
    if "h" in options or "H" in options:
        size = ["Size", "Used", "Available" if is_busybox else "Avail"]
    else:
        size = [unit, "Used", "Available"]
    share = "Capacity" if "P" in options and not is_busybox else "Use%"
    return ["Filesystem", *kind, *size, share, "Mounted on"]


def _block(options: Options) -> int:
    return 1024**2 if options.last("km") == "m" or options.get("B") in ("M", "1M") else 1024


def _row(mount: FileSystemStatus, options: Options, is_busybox: bool) -> list[str]:
    kind = [mount.type] if "T" in options else []
    if "i" in options:
        total, used = mount.files_total, mount.files_used
        numbers = [str(total), str(used), str(max(total - used, 0))]
    else:
        total, used = mount.bytes_total, mount.bytes_used
        amounts = (total, used, max(total - used, 0))
        is_human = "h" in options or "H" in options
        block = _block(options)
        numbers = [
            human(amount, is_busybox=is_busybox) if is_human else str(-(-amount // block))
            for amount in amounts
        ]
    share = f"{-(-100 * used // total)}%" if total else ("0%" if is_busybox else "-")
    return [mount.source, *kind, *numbers, share, mount.path]


def _print(invocation: Invocation, rows: list[list[str]], options: Options) -> None:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    text_columns = 2 if "T" in options else 1
    for row in rows:
        cells = [row[0].ljust(max(widths[0], 14))]
        if text_columns == 2:
            cells.append(row[1].ljust(widths[1]))
        cells += [
            cell.rjust(max(width, 5))
            for cell, width in zip(row[text_columns:-2], widths[text_columns:-2], strict=True)
        ]
        cells += [row[-2].rjust(widths[-2]), row[-1]]
        invocation.line(" ".join(cells))


def _print_busybox(invocation: Invocation, rows: list[list[str]], options: Options) -> None:
    for row in rows:
        name, rest = row[0], row[1:]
        line = name.ljust(20)
        if len(name) > 20 and row is not rows[0]:
            invocation.line(name)
            line = " " * 20
        if "T" in options:
            line += " " + rest[0].ljust(10)
            rest = rest[1:]
        total, used, free, share, path = rest
        first = total.rjust(9 if "T" in options else 10)
        invocation.line(f"{line} {first} {used:>9} {free:>9} {share:>4} {path}")


COMMAND = Command("df", run)
