"""What ps is asked for: options with a dash (Unix), without (BSD), and long ones (GNU)."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.shell.commands.command import UsageError

#: Letters that take a value, and what it is a list of.
_LISTS = {"p": "pid", "q": "pid", "C": "name", "G": "group", "g": "session", "s": "session"}
_LISTS |= {"t": "terminal", "u": "user", "U": "user"}
_BSD_LISTS = {"p": "pid", "q": "pid", "t": "terminal", "U": "user"}
_LONG_LISTS = {"pid": "pid", "quick-pid": "pid", "ppid": "parent", "user": "user", "User": "user"}
_LONG_LISTS |= {"group": "group", "Group": "group", "sid": "session", "tty": "terminal"}
_MISSING = {
    "pid": "list of process IDs",
    "parent": "list of process IDs",
    "name": "list of command names",
    "user": "list of users",
    "group": "list of real groups",
    "session": "list of session leaders OR effective group IDs",
    "terminal": "list of terminals (pty, tty...)",
}
_NUMBERS = {"pid": "process ID list syntax error", "parent": "process ID list syntax error"}


@dataclass(slots=True)
class Request:
    """What was asked for."""

    #: Whose: "" (the caller's on this terminal), "mine", "all", "terminals", "no leaders", …
    scope: str = ""
    #: (kind, values): processes that are in any of these.
    lists: list[tuple[str, list[str]]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    sorting: list[str] = field(default_factory=list)
    #: Letters of the ready-made tables: "f", "j", "l".
    formats: set[str] = field(default_factory=set)
    #: The BSD table: "u", "l", "j", "".
    format: str = ""
    is_bsd: bool = False
    is_tree: bool = False
    is_plain_tree: bool = False
    has_headings: bool = True
    has_threads: str = ""
    has_label: bool = False
    wide: int = 0


def read(words: list[str]) -> Request:
    """The request that the words make. Raises UsageError."""
    waiting = list(words)
    request = Request()
    while waiting:
        word = waiting.pop(0)
        if word.startswith("--") and len(word) > 2:
            _long(request, word[2:], waiting)
        elif word.startswith("-") and len(word) > 1:
            if _is_bsd_in_disguise(word):
                _bsd(request, word[1:], waiting)
            else:
                _unix(request, word[1:], waiting)
        elif word[:1].isdigit():
            request.is_bsd = True
            request.lists.append(("pid", _values("pid", word)))
        else:
            _bsd(request, word, waiting)
    return request


def _is_bsd_in_disguise(word: str) -> bool:
    """`-aux` would ask for the user "x"."""
    return word.startswith(("-aux", "-ax")) and word.strip("-auxwf") == ""


def _long(request: Request, word: str, waiting: list[str]) -> None:
    name, equals, value = word.partition("=")
    if name in ("no-headers", "no-heading", "no-headings", "noheader", "noheaders"):
        request.has_headings = False
    elif name in ("headers", "heading", "cumulative", "context"):
        pass
    elif name == "forest":
        request.is_tree = True
    elif name == "deselect":
        raise UsageError("the option is exclusive: --deselect")
    elif name in ("sort", "format", *_LONG_LISTS):
        if not equals:
            value = waiting.pop(0) if waiting else ""
        if not value:
            raise UsageError(
                f"{_MISSING.get(_LONG_LISTS.get(name, ''), name)} must follow --{name}"
            )
        if name == "sort":
            request.sorting += value.split(",")
        elif name == "format":
            _add_columns(request, value)
        else:
            request.lists.append((_LONG_LISTS[name], _values(_LONG_LISTS[name], value)))
    elif name in ("cols", "columns", "width", "rows", "lines"):
        if not equals and waiting:
            waiting.pop(0)
    else:
        raise UsageError("unknown gnu long option")


def _unix(request: Request, letters: str, waiting: list[str]) -> None:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter in _LISTS or letter in "oO":
            value = letters or (waiting.pop(0) if waiting else "")
            _take(request, letter, _LISTS.get(letter, ""), value)
            return
        if letter in "Ae":
            request.scope = "all"
        elif letter == "a":
            request.scope = request.scope or "terminals"
        elif letter == "d":
            request.scope = request.scope or "no leaders"
        elif letter in "fFjl":
            request.formats.add(letter)
        elif letter == "H":
            request.is_tree = request.is_plain_tree = True
        elif letter in "LT":
            request.has_threads = letter
        elif letter in "ZM":
            request.has_label = True
        elif letter == "w":
            request.wide += 1
        elif letter == "y" and "l" not in request.formats:
            raise UsageError("modifier -y without format -l makes no sense")
        elif letter not in "ycmPx":
            raise UsageError("unsupported SysV option")


def _bsd(request: Request, letters: str, waiting: list[str]) -> None:
    request.is_bsd = True
    has_terminals = has_mine = False
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter in _BSD_LISTS or letter in "oOk":
            value = letters or (waiting.pop(0) if waiting else "")
            if letter == "k":
                request.sorting += value.split(",")
            else:
                _take(request, letter, _BSD_LISTS.get(letter, ""), value)
            break
        if letter == "a":
            has_terminals = True
        elif letter in "xg":
            has_mine = has_mine or letter == "x"
        elif letter in "ulj":
            request.format = letter
        elif letter == "f":
            request.is_tree = True
        elif letter == "h":
            request.has_headings = False
        elif letter == "w":
            request.wide += 1
        elif letter not in "cenmrsSTHLvVX":
            raise UsageError("unsupported option (BSD syntax)")
    before = request.scope
    is_all = (has_terminals or before == "everyone's terminals") and (has_mine or before == "mine")
    if is_all or before == "all":
        request.scope = "all"
    elif has_terminals or has_mine:
        request.scope = "mine" if has_mine else "everyone's terminals"


def _take(request: Request, letter: str, kind: str, value: str) -> None:
    if letter in "oO":
        if not value:
            raise UsageError("format specification must follow -o")
        if letter == "O":
            request.columns += ["pid"]
        _add_columns(request, value)
        if letter == "O":
            request.columns += ["state", "tname", "time", "command"]
    elif not value:
        raise UsageError(f"{_MISSING[kind]} must follow -{letter}")
    else:
        request.lists.append((kind, _values(kind, value)))


def _add_columns(request: Request, text: str) -> None:
    """Names between commas or blanks; a title that is not empty takes the rest."""
    while text:
        name, equals, title = text.partition("=")
        names = name.replace(",", " ").split()
        text = ""
        if equals and names and title.startswith(","):
            names[-1], text = f"{names[-1]}=", title[1:]
        elif equals and names:
            names[-1] += f"={title}"
        request.columns += names


def _values(kind: str, text: str) -> list[str]:
    values = text.replace(",", " ").split()
    if kind in _NUMBERS and not all(value.isdecimal() for value in values):
        raise UsageError(_NUMBERS[kind])
    return [value.removeprefix("/dev/") for value in values] if kind == "terminal" else values
