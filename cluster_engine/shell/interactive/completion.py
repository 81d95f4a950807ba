"""Finishing words at TAB: commands, variables, files.

Words of programs that know better (kubectl, helm) are asked of the program itself, the way their
completion scripts do: `kubectl __complete get po`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System
from cluster_engine.shell.state import State
from cluster_engine.shell.syntax.tokens import RESERVED

CANDIDATES_MAX = 500
#: Programs with a `__complete` command of their own.
SELF_COMPLETING = frozenset(("kubectl", "helm"))
_BREAKS = re.compile(r"[\s;|&()<>]")
_SPECIAL = re.compile(r"([\s'\"\\$&|;()<>*?\[\]{}#`!~])")


@dataclass(frozen=True, slots=True)
class Completion:
    """What may stand in place of the word before the cursor. `start` is where it begins."""

    start: int
    word: str
    candidates: tuple[str, ...]


def word_before(line: str, cursor: int) -> tuple[int, str]:
    """Where the word before the cursor begins, and its text."""
    start = cursor
    while start > 0 and not (
        _BREAKS.match(line[start - 1]) and line[start - 2 : start - 1] != "\\"
    ):
        start -= 1
    return start, line[start:cursor]


def command_words(line: str, start: int) -> list[str]:
    """The words of the command that the word at `start` belongs to, before that word."""
    segment = re.split(r"[;|&(]", line[:start])[-1]
    words = segment.split()
    while words and re.match(r"[A-Za-z_]\w*=", words[0]):
        words.pop(0)
    return words


def complete(line: str, cursor: int, state: State, system: System, names: list[str]) -> Completion:
    """Candidates for the word before the cursor. `names` are those of the builtins."""
    start, word = word_before(line, cursor)
    before = command_words(line, start)
    if word.startswith("$"):
        prefix = word[1:].removeprefix("{")
        head = word[: len(word) - len(prefix)]
        found = [head + name for name in state.variables.names() if name.startswith(prefix)]
    elif not before and "/" not in word:
        found = _commands(word, state, system, names)
    else:
        only_directories = bool(before) and before[0] in ("cd", "rmdir", "pushd")
        found = files(word, state, system, only_directories=only_directories)
    return Completion(start, word, tuple(found[:CANDIDATES_MAX]))


def _commands(word: str, state: State, system: System, names: list[str]) -> list[str]:
    found = {*names, *RESERVED, *state.functions, *state.aliases}
    for directory in (state.variables.get("PATH") or "").split(":"):
        try:
            found.update(system.list_directory(directory))
        except Errno:
            continue
    return [f"{name} " for name in sorted(found) if name.startswith(word)]


def files(word: str, state: State, system: System, *, only_directories: bool = False) -> list[str]:
    """Paths that begin with `word`; directories end with "/", other names with a blank."""
    plain = re.sub(r"\\(.)", r"\1", word)
    directory, slash, prefix = plain.rpartition("/")
    where = directory + slash
    if where.startswith("~/"):
        where = (state.variables.get("HOME") or "") + where[1:]
    try:
        names = system.list_directory(where or ".")
    except Errno:
        return []
    found = []
    for name in names:
        if not name.startswith(prefix) or (name.startswith(".") and not prefix.startswith(".")):
            continue
        try:
            is_directory = system.stat(where + name).kind == "directory"
        except Errno:
            is_directory = False
        if is_directory or not only_directories:
            path = _SPECIAL.sub(r"\\\1", directory + slash + name)
            path = path.replace("\\~", "~", 1) if path.startswith("\\~") else path
            found.append(path + ("/" if is_directory else " "))
    return found


def common_prefix(candidates: tuple[str, ...]) -> str:
    """What all candidates begin with."""
    if not candidates:
        return ""
    first, last = min(candidates), max(candidates)
    length = 0
    while length < min(len(first), len(last)) and first[length] == last[length]:
        length += 1
    return first[:length]


def parse_answer(output: str) -> tuple[list[str], int]:
    """What `__complete` has printed: words, and its directive (cobra's bits)."""
    lines = output.splitlines()
    directive = 0
    words = []
    for line in lines:
        if line.startswith(":") and line[1:].isdecimal():
            directive = int(line[1:])
        elif line and not line.startswith("Completion ended"):
            words.append(line.split("\t")[0])
    return words, directive


def listing(candidates: tuple[str, ...], columns: int) -> str:
    """Candidates as they are shown below the line."""
    names = [each.rstrip().rstrip("/").rpartition("/")[2] + ("/" if each.endswith("/") else "")
             for each in candidates]  # fmt: skip
    widest = max(len(name) for name in names) + 2
    per_row = max(columns // widest, 1)
    rows = -(-len(names) // per_row)
    lines = []
    for row in range(rows):
        cells = [names[i] for i in range(row, len(names), rows)]
        lines.append("".join(cell.ljust(widest) for cell in cells).rstrip())
    return "\n".join(lines) + "\n"
