"""grep: lines that match."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Invocation, UsageError, decoded, encoded
from cluster_engine.shell.commands.grep_files import Selection, children
from cluster_engine.shell.commands.grep_output import Printer
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.patterns import (
    Dialect,
    Extent,
    Match,
    Pattern,
    compile_pattern,
    escaped,
)
from cluster_engine.shell.commands.streaming import LineFilter

_LONG = {
    "ignore-case": "i",
    "no-ignore-case": "no-ignore-case",
    "invert-match": "v",
    "count": "c",
    "line-number": "n",
    "byte-offset": "b",
    "files-with-matches": "l",
    "files-without-match": "L",
    "only-matching": "o",
    "quiet": "q",
    "silent": "q",
    "recursive": "r",
    "dereference-recursive": "R",
    "extended-regexp": "E",
    "fixed-strings": "F",
    "basic-regexp": "G",
    "perl-regexp": "P",
    "word-regexp": "w",
    "line-regexp": "x",
    "no-filename": "h",
    "with-filename": "H",
    "no-messages": "s",
    "null": "Z",
    "null-data": "z",
    "line-buffered": "line-buffered",
    "after-context": "A",
    "before-context": "B",
    "context": "C",
    "max-count": "m",
    "regexp": "e",
    "file": "f",
    "color": "color?",
    "colour": "color?",
    "include": "include=",
    "exclude": "exclude=",
    "exclude-dir": "exclude-dir=",
    "binary-files": "binary-files=",
    "text": "a",
}
_FLAGS, _VALUED = "ivcnblLoqrREFPGwxhHsazZTUuIyd", "ABCmef"
_PATTERNS_MAX = 2000
_NAMELESS = "(standard input)"


class Grep(LineFilter):
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(_old_style(arguments), is_busybox=is_busybox)
        self._options = Options()
        self._patterns: list[Pattern] = []
        self._printer = Printer()
        self._selection = Selection()
        self._is_deep = False
        self._count_max = -1
        self._count = 0
        self._number = 0
        self._is_binary = False
        self._has_found = False
        self._has_trouble = False

    def begin(self, call: Invocation) -> list[str]:
        """Read options and patterns."""
        options, operands = parse(call, _FLAGS, _VALUED, _LONG, code=2)
        self._options = options
        self._patterns = self._compile(call, self._pattern_texts(call, operands))
        self._is_deep = "r" in options or "R" in options
        self._selection = Selection.of(options)
        self._count_max = options.count("m", -1, "invalid max count", 2)
        self._printer = Printer.of(call, options, len(operands) > 1)
        self.separator = "\0" if "z" in options else "\n"
        if operands:
            return operands
        return [""] if self._is_deep else ["-"]

    def _pattern_texts(self, call: Invocation, operands: list[str]) -> list[str]:
        texts = [line for text in self._options.all("e") for line in text.split("\n")]
        for name in self._options.all("f"):
            content = decoded(call.system.read_file(name))
            texts += content.removesuffix("\n").split("\n") if content else []
        if "e" not in self._options and "f" not in self._options:
            if not operands:
                raise UsageError("", 2, has_hint=True)
            texts = operands.pop(0).split("\n")
        return texts[:_PATTERNS_MAX]

    def _compile(self, call: Invocation, texts: list[str]) -> list[Pattern]:
        options = self._options
        kind = options.last("EFGP") or {"egrep": "E", "fgrep": "F"}.get(call.name, "G")
        dialects: dict[str, Dialect] = {"E": "extended", "F": "extended", "P": "perl"}
        extent: Extent = "line" if "x" in options else "word" if "w" in options else "any"
        patterns = []
        for text in dict.fromkeys(texts):
            try:
                pattern = compile_pattern(
                    escaped(text) if kind == "F" else text,
                    is_extended=kind != "G",
                    ignores_case="i" in options or "y" in options,
                    dialect=dialects.get(kind),
                    extent=extent,
                )
            except UsageError as error:
                raise UsageError(call.either(str(error), f"bad regex '{text}'"), 2) from None
            patterns.append(pattern)
        return patterns

    # Files

    def within(self, call: Invocation, name: str) -> list[str] | None:
        """The files of a directory; those that are not wanted are left out."""
        if not self._is_deep:
            return None if name == "-" or self._selection.takes_file(name) else []
        is_nested = name in self._selection.nested
        self._selection.nested.pop(name, None)
        try:
            found = children(call.system, name, self._selection, is_nested, "R" in self._options)
        except Errno as error:
            self.unreadable(call, name, error)
            return []
        if found is not None and "h" not in self._options:
            self._printer.shows_names = True
        return found

    def opened(self, call: Invocation, name: str) -> None:
        """Forget the file before."""
        self._printer.start(_NAMELESS if name == "-" else name)
        self._count = self._number = 0
        self._is_binary = False
        self.skips_file = self._count_max == 0

    def unreadable(self, call: Invocation, name: str, error: Errno) -> None:
        """Complain, unless told not to (-s)."""
        if error.name == "EISDIR" and call.is_busybox:
            return
        self._has_trouble = True
        if "s" not in self._options:
            call.complain(f"{name}: {error.text}")

    def piece(self, call: Invocation, data: bytes) -> None:
        """Look out for what is no text."""
        is_text = "a" in self._options or "z" in self._options or call.is_busybox
        if not is_text and b"\0" in data:
            self._is_binary = True
            self.skips_file = "I" in self._options
        super().piece(call, data)

    # Lines

    def line(self, call: Invocation, text: str, is_ended: bool) -> None:
        """Print it when it matches, or when it stands near one that does."""
        self._number += 1
        is_wanted = self._count_max < 0 or self._count < self._count_max
        is_match = is_wanted and self._finds(text) != ("v" in self._options)
        if is_match:
            self._count += 1
            self._has_found = True
            self._take(call, text)
        elif self._prints:
            self._printer.pass_by(call, self._number, text)
        if self._printer.shows_offsets:
            self._printer.offset += len(encoded(text)) + 1
        is_full = 0 <= self._count_max <= self._count
        if is_full and not (self._prints and self._printer.after_left):
            self.skips_file = True

    @property
    def _prints(self) -> bool:
        return not any(letter in self._options for letter in "qclLo")

    def _take(self, call: Invocation, text: str) -> None:
        options = self._options
        if "q" in options:
            self.is_done = True
        elif "l" in options or "L" in options:
            self.skips_file = True
        elif "c" in options:
            return
        elif self._is_binary:
            call.complain(f"{self._printer.name}: binary file matches")
            self.skips_file = True
        elif "o" in options:
            if "v" not in options:
                found = [match[0] for match in self._matches(text)]
                self._printer.show_parts(call, self._number, [part for part in found if part])
        else:
            spans = []
            if self._printer.is_colored and "v" not in options:
                spans = [match.span() for match in self._matches(text)]
            self._printer.show(call, self._number, text, spans)

    def ended(self, call: Invocation, name: str) -> None:
        """Print what is known at the end of a file."""
        if "c" in self._options and not ("l" in self._options or "L" in self._options):
            self._printer.show_count(call, self._count)
        elif ("l" in self._options and self._count) or ("L" in self._options and not self._count):
            self._printer.show_name(call)

    def finish(self, call: Invocation) -> None:
        """0 when there were matches, 1 when none, 2 on trouble."""
        is_quiet_success = "q" in self._options and self._has_found
        self.code = 2 if self._has_trouble and not is_quiet_success else int(not self._has_found)

    def meter(self) -> int:
        """What matching has cost."""
        return sum(pattern.work for pattern in self._patterns) + len(self._patterns) * self._number

    def _finds(self, text: str) -> bool:
        return any(pattern.finds(text) for pattern in self._patterns)

    def _matches(self, text: str) -> list[Match]:
        if len(self._patterns) == 1:
            return list(self._patterns[0].finditer(text))
        found: list[Match] = []
        at = 0
        while at <= len(text):
            candidates = [pattern.search(text, at) for pattern in self._patterns]
            best = min(
                (match for match in candidates if match is not None),
                key=lambda match: (match.start(), -match.end()),
                default=None,
            )
            if best is None:
                break
            found.append(best)
            at = max(best.end(), best.start() + 1)
        return found


def _old_style(arguments: list[str]) -> list[str]:
    """`-3` means `-C 3`."""
    return [
        f"-C{word[1:]}" if len(word) > 1 and word[0] == "-" and word[1:].isdigit() else word
        for word in arguments
    ]
