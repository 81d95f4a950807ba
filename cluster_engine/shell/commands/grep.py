"""grep: lines that match."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.patterns import (
    LINE_CHARACTERS_MAX,
    Pattern,
    compile_pattern,
    escaped,
)
from cluster_engine.shell.commands.walk import walk

_LONG = {
    "ignore-case": "i",
    "invert-match": "v",
    "count": "c",
    "line-number": "n",
    "files-with-matches": "l",
    "files-without-match": "L",
    "only-matching": "o",
    "quiet": "q",
    "silent": "q",
    "recursive": "r",
    "extended-regexp": "E",
    "fixed-strings": "F",
    "perl-regexp": "P",
    "word-regexp": "w",
    "line-regexp": "x",
    "no-filename": "h",
    "with-filename": "H",
    "no-messages": "s",
    "after-context": "A",
    "before-context": "B",
    "context": "C",
    "max-count": "m",
    "regexp": "e",
    "color": "color",
    "include": "include=",
    "text": "a",
}
_FLAGS, _VALUED = "ivcnlLoqrREFPGwxhHsaz", "ABCmef"


def run(invocation: Invocation) -> int:
    """Print matching lines; 0 when there are some, 1 when none, 2 on trouble."""
    options, operands = parse(invocation, _FLAGS, _VALUED, _LONG, code=2)
    if "e" in options:
        patterns = options["e"].split("\n")
    elif operands:
        patterns = operands.pop(0).split("\n")
    else:
        raise UsageError("Usage: grep [OPTION]... PATTERNS [FILE]...", 2)
    pattern = _compile(invocation, patterns, options)
    files, has_trouble = _files(invocation, operands, options)
    shows_names = ("H" in options or len(files) > 1 or _is_deep(options)) and "h" not in options
    has_match = False
    for name, content in files:
        if _search(invocation, name, content, pattern, options, shows_names):
            has_match = True
            if "q" in options:
                return 0
    return 2 if has_trouble else 0 if has_match else 1


def _is_deep(options: Options) -> bool:
    return "r" in options or "R" in options


def _compile(invocation: Invocation, patterns: list[str], options: Options) -> Pattern:
    is_extended = "E" in options or "P" in options or invocation.name == "egrep"
    if "F" in options or invocation.name == "fgrep":
        patterns, is_extended = [escaped(text) for text in patterns], True
        text = "|".join(patterns)
    elif len(patterns) == 1:
        text = patterns[0]
    else:
        text = ("|" if is_extended else r"\|").join(patterns)
    if "w" in options:
        text = rf"\b({text})\b" if is_extended else rf"\b\({text}\)\b"
    if "x" in options:
        text = f"^({text})$" if is_extended else rf"^\({text}\)$"
    return compile_pattern(text, is_extended=is_extended, ignores_case="i" in options)


def _files(
    invocation: Invocation, operands: list[str], options: Options
) -> tuple[list[tuple[str, bytes]], bool]:
    """Names and contents, and whether some could not be read."""
    system = invocation.system
    if not operands and not _is_deep(options):
        return [("(standard input)", invocation.stdin)], False
    found, has_trouble = [], False
    for operand in operands or ["."]:
        if operand == "-":
            found.append(("(standard input)", invocation.stdin))
            continue
        for place in walk(system, operand) if _is_deep(options) else [operand]:
            try:
                if system.stat(place).kind == "directory":
                    if not _is_deep(options):
                        invocation.complain(f"{place}: Is a directory")
                    continue
                found.append(
                    (place.removeprefix("./") if not operands else place, system.read_file(place))
                )
            except Errno as error:
                has_trouble = True
                if "s" not in options:
                    invocation.complain(f"{place}: {error.text}")
    return found, has_trouble


def _search(
    invocation: Invocation,
    name: str,
    content: bytes,
    pattern: Pattern,
    options: Options,
    shows_names: bool,
) -> bool:
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    is_inverted = "v" in options
    most = int(options["m"]) if "m" in options else len(lines)
    matching: list[int] = []
    for number, line in enumerate(lines):
        if len(matching) == most:
            break
        if (pattern.search(line[:LINE_CHARACTERS_MAX]) is not None) != is_inverted:
            matching.append(number)
    prefix = f"{name}:" if shows_names else ""
    if "q" in options:
        return bool(matching)
    if "c" in options:
        invocation.line(f"{prefix}{len(matching)}")
    elif "l" in options or "L" in options:
        if bool(matching) == ("l" in options):
            invocation.line(name)
    elif b"\0" in content[:1024] and "a" not in options and matching:
        invocation.line(f"grep: {name}: binary file matches")
    elif "o" in options and not is_inverted:
        for number in matching:
            place = f"{number + 1}:" if "n" in options else ""
            for found in pattern.finditer(lines[number]):
                if found[0]:
                    invocation.line(f"{prefix}{place}{found[0]}")
    else:
        _print(invocation, lines, matching, options, name if shows_names else "")
    return bool(matching)


def _print(
    invocation: Invocation, lines: list[str], matching: list[int], options: Options, name: str
) -> None:
    around = int(options.get("C", "0"))
    before, after = int(options.get("B", around)), int(options.get("A", around))
    chosen = set(matching)
    last = -2
    for number in sorted(
        {
            near
            for match in matching
            for near in range(max(match - before, 0), min(match + after + 1, len(lines)))
        }
    ):
        if (before or after) and last >= 0 and number > last + 1:
            invocation.line("--")
        last = number
        mark = ":" if number in chosen else "-"
        prefix = f"{name}{mark}" if name else ""
        place = f"{number + 1}{mark}" if "n" in options else ""
        invocation.line(f"{prefix}{place}{lines[number]}")


COMMAND = Command("grep", run)
