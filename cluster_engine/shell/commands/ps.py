"""ps: the processes of the container, in procps' tables."""

from __future__ import annotations

from dataclasses import replace

from cluster_engine.shell.commands.command import STDOUT, Command, Invocation, UsageError
from cluster_engine.shell.commands.processes import Facts, Machine
from cluster_engine.shell.commands.ps_columns import COLUMNS, SPECIAL, Column, shown
from cluster_engine.shell.commands.ps_options import Request, read

_HELP = """
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1)."""


def run(invocation: Invocation) -> int:
    """Print the processes that are asked for."""
    words = invocation.arguments[1:]
    if words[:1] in (["--help"], ["--version"], ["-V"]):
        invocation.line(_HELP if words[0] == "--help" else "ps from procps-ng 4.0.2")
        return 0
    try:
        request = read(words)
        columns = _columns(request)
    except UsageError as error:
        invocation.err += f"error: {error}\n{_HELP}\n".encode()
        return 1
    machine = Machine(invocation)
    everyone = machine.facts()
    chosen = [facts for facts in everyone if _is_chosen(request, facts, everyone, invocation)]
    _sort(request, chosen)
    indents = [""] * len(chosen)
    if request.is_tree:
        chosen, indents = _as_tree(chosen, request.is_plain_tree)
    width = _width(invocation, request)
    if request.has_headings and any(column.title for column in columns):
        invocation.line(_row(columns, [column.title for column in columns])[:width])
    for facts, indent in zip(chosen, indents, strict=True):
        cells = [shown(column, facts) for column in columns]
        row = _row(columns, _indented(columns, cells, indent))
        invocation.line(row[:width])
    return 0 if chosen else 1


def _indented(columns: list[Column], cells: list[str], indent: str) -> list[str]:
    titles = {COLUMNS[name].title for name in ("args", "cmd", "ucmd")}
    return [
        indent + cell if column.title in titles and not column.is_right else cell
        for column, cell in zip(columns, cells, strict=True)
    ]


def _row(columns: list[Column], cells: list[str]) -> str:
    """The cells in their columns; what is too long moves the next ones as far as it must."""
    text, place = "", 0
    for number, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        is_last = number == len(columns) - 1
        room = max(place + column.width - len(text), 0)
        text += cell.rjust(room) if column.is_right else cell if is_last else cell.ljust(room)
        place += column.width + 1
        text += "" if is_last else " "
    return text


def _width(invocation: Invocation, request: Request) -> int | None:
    """Where lines end: at the terminal's edge."""
    if request.wide >= 2 or not invocation.system.is_tty(STDOUT):
        return None
    columns = invocation.system.window_size(STDOUT)[0] or 80
    return max(columns, 132) if request.wide else columns


def _columns(request: Request) -> list[Column]:
    """What to show. Raises UsageError."""
    found = [_column(text) for text in request.columns]
    if found:
        return found
    if request.format == "u":
        return _named("user pid %cpu %mem vsz rss TTY stat bsdstart bsdtime args")
    if request.is_bsd:
        return _named(_BSD_TABLES.get(request.format, "pid TTY stat bsdtime args"))
    names = (_TABLES.get("".join(sorted(request.formats))) or _TABLES["f"]).split()
    if request.has_threads:
        names.insert(names.index("pid") + 1, "spid" if request.has_threads == "T" else "lwp")
    if request.has_label:
        names.insert(0, "label")
    return _named(" ".join(names))


_TABLES = {
    "": "pid TTY time ucmd",
    "f": "UID pid ppid c stime TTY time CMD",
    "F": "UID pid ppid c sz rss psr stime TTY time CMD",
    "Ff": "UID pid ppid c sz rss psr stime TTY time CMD",
    "j": "pid pgid sid TTY time ucmd",
    "fj": "UID pid ppid pgid sid c stime TTY time CMD",
    "l": "f s uid pid ppid c opri ni addr sz wchan TTY time ucmd",
    "fl": "f s UID pid ppid c opri ni addr sz wchan stime TTY time CMD",
}
_BSD_TABLES = {
    "j": "ppid pid pgid sid TTY tpgid stat uid bsdtime args",
    "l": "f uid pid ppid opri ni vsz rss wchan stat TTY bsdtime args",
}


def _named(names: str) -> list[Column]:
    return [SPECIAL.get(name) or COLUMNS[name] for name in names.split()]


def _column(text: str) -> Column:
    """A column as -o names it: "pid", "pid:10", "pid=TITLE"."""
    named, equals, title = text.partition("=")
    name, _, width = named.partition(":")
    column = COLUMNS.get(name.lower())
    if column is None:
        raise UsageError(f'unknown user-defined format specifier "{name}"')
    if width:
        if not width.isdecimal() or not 0 < int(width) < 1000:
            raise UsageError("bad column width")
        column = replace(column, width=int(width))
    return replace(column, title=title) if equals else column


def _is_chosen(
    request: Request, facts: Facts, everyone: list[Facts], invocation: Invocation
) -> bool:
    status = facts.status
    if request.lists:
        is_in = any(
            (kind == "pid" and str(status.pid) in values)
            or (kind == "parent" and str(status.parent) in values)
            or (kind == "name" and status.name in {value[:15] for value in values})
            or (kind == "user" and (facts.user in values or str(status.uid) in values))
            or (kind == "group" and (facts.group in values or str(status.gid) in values))
            or (kind == "session" and str(status.session) in values)
            or (kind == "terminal" and status.terminal in values)
            for kind, values in request.lists
        )
        return is_in or request.scope == "all"
    if request.scope == "all":
        return True
    has_terminal = status.terminal != "?"
    if request.scope in ("terminals", "everyone's terminals"):
        is_leader = status.session == status.pid
        return has_terminal and not (is_leader and request.scope == "terminals")
    if request.scope == "no leaders":
        return status.session != status.pid
    if status.uid != invocation.system.uid:
        return False
    if request.scope == "mine":
        return True
    own = next((f.status for f in everyone if f.status.pid == invocation.system.pid), status)
    return status.terminal == own.terminal and (has_terminal or not request.is_bsd)


def _sort(request: Request, chosen: list[Facts]) -> None:
    for key in reversed(request.sorting):
        column = COLUMNS.get(key.lstrip("+-").lower(), COLUMNS["pid"])
        chosen.sort(key=column.value, reverse=key.startswith("-"))


def _as_tree(chosen: list[Facts], is_plain: bool) -> tuple[list[Facts], list[str]]:
    """Children below their parents, and how far each is moved to the right."""
    known = {facts.status.pid for facts in chosen}
    children: dict[int, list[Facts]] = {}
    for facts in chosen:
        parent = facts.status.parent
        children.setdefault(parent if parent in known else 0, []).append(facts)
    found: list[Facts] = []
    indents: list[str] = []
    tops = list(reversed(children.get(0, [])))
    waiting = [(facts, 0, "", True) for facts in tops]
    while waiting:
        facts, depth, lead, is_last = waiting.pop()
        found.append(facts)
        branch = f"{lead} \\_ " if depth else ""
        indents.append("  " * depth if is_plain else branch)
        below = children.get(facts.status.pid, [])
        deeper = lead + ("" if not depth else "    " if is_last else " |  ")
        last = len(below) - 1
        waiting.extend(
            (child, depth + 1, deeper, number == last)
            for number, child in reversed(list(enumerate(below)))
        )
    return found, indents


COMMAND = Command("ps", run)
