"""What grep prints: lines with their file and number, and the lines around them."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.shell.commands.command import STDOUT, Invocation
from cluster_engine.shell.commands.options import Options

_MATCH, _FILE, _NUMBER, _MARK = "01;31", "35", "32", "36"


@dataclass(slots=True)
class Printer:
    """Where in the file we are, and what was kept of the lines before."""

    shows_names: bool = False
    shows_numbers: bool = False
    shows_offsets: bool = False
    is_colored: bool = False
    before: int = 0
    after: int = 0
    end: str = "\n"
    name: str = ""
    #: Where in the file the line in hand begins.
    offset: int = 0
    #: Lines still to be printed after the last match.
    after_left: int = 0
    _kept: list[tuple[int, str]] = field(default_factory=list)
    _last: int = 0
    _has_printed: bool = False

    @classmethod
    def of(cls, call: Invocation, options: Options, has_several: bool) -> Printer:
        """What the options say. Raises UsageError."""
        what = "{}: invalid context length argument"
        around = options.count("C", 0, what, 2)
        color = options.get("color")
        is_colored = color in ("always", "yes", "force") or (
            color in ("auto", "", "tty", "if-tty") and call.system.is_tty(STDOUT)
        )
        chosen = options.last("hH")
        return cls(
            shows_names=(has_several or chosen == "H") and chosen != "h",
            shows_numbers="n" in options,
            is_colored=is_colored,
            before=min(options.count("B", around, what, 2), 10_000),
            after=options.count("A", around, what, 2),
            shows_offsets="b" in options,
            end="\0" if "z" in options else "\n",
        )

    def start(self, name: str) -> None:
        """Another file."""
        self.name = name
        self.after_left = self._last = self.offset = 0
        self._kept.clear()

    def show(self, call: Invocation, number: int, text: str, spans: list[tuple[int, int]]) -> None:
        """Print a line that matches, after those before it."""
        first = self._kept[0][0] if self._kept else number
        self._gap(call, first)
        for kept_number, kept in self._kept:
            self._print(call, "-", kept_number, kept)
        self._kept.clear()
        self._print(call, ":", number, self._marked(text, spans))
        self.after_left = self.after

    def pass_by(self, call: Invocation, number: int, text: str) -> None:
        """A line that does not match: print it after a match, or keep it for the next."""
        if self.after_left:
            self.after_left -= 1
            self._print(call, "-", number, text)
        elif self.before:
            self._kept.append((number, text))
            if len(self._kept) > self.before:
                del self._kept[0]

    def show_parts(self, call: Invocation, number: int, parts: list[str]) -> None:
        """Print what matched, a part a line."""
        for part in parts:
            self._print(call, ":", number, self._painted(part, _MATCH))

    def show_count(self, call: Invocation, count: int) -> None:
        """Print how many lines matched."""
        prefix = self._painted(self.name, _FILE) + self._painted(":", _MARK)
        call.line(f"{prefix if self.shows_names else ''}{count}")

    def show_name(self, call: Invocation) -> None:
        """Print the file's name."""
        call.line(self._painted(self.name, _FILE))

    def _gap(self, call: Invocation, first: int) -> None:
        if (self.before or self.after) and self._has_printed and first != self._last + 1:
            call.line(self._painted("--", _MARK))

    def _print(self, call: Invocation, mark: str, number: int, text: str) -> None:
        prefix = ""
        if self.shows_names:
            prefix = self._painted(self.name, _FILE) + self._painted(mark, _MARK)
        if self.shows_numbers:
            prefix += self._painted(str(number), _NUMBER) + self._painted(mark, _MARK)
        if self.shows_offsets:
            prefix += self._painted(str(self.offset), _NUMBER) + self._painted(mark, _MARK)
        call.say(prefix + text + self.end)
        self._last = number
        self._has_printed = True

    def _marked(self, text: str, spans: list[tuple[int, int]]) -> str:
        result, at = "", 0
        for start, end in spans:
            result += text[at:start] + self._painted(text[start:end], _MATCH)
            at = end
        return result + text[at:]

    def _painted(self, text: str, color: str) -> str:
        if not self.is_colored or not text:
            return text
        return f"\x1b[{color}m\x1b[K{text}\x1b[m\x1b[K"
