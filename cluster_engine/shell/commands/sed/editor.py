"""Runs a script over lines. It stops where it needs a line that has not come, and goes on later.

A line is taken only when the next one is known, or that there is none: `$` must be decided.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Invocation, UsageError, encoded
from cluster_engine.shell.commands.patterns import Pattern
from cluster_engine.shell.commands.sed.script import Address, Instruction

_INSTRUCTIONS_PER_TURN = 500
_SPACE_CHARACTERS_MAX = 1024 * 1024
_APPENDED_MAX = 10_000
_LIST_WIDTH = 69
_NAMED = {
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}


@dataclass(slots=True)
class Editor:
    """The state of one run."""

    program: list[Instruction]
    is_quiet: bool
    separator: str = "\n"
    name: str = "-"
    #: What has been printed and not yet taken.
    out: bytearray = field(default_factory=bytearray)
    #: No more input will come.
    is_at_end: bool = False
    has_quit: bool = False
    code: int = 0
    waiting: deque[tuple[str, bool]] = field(default_factory=deque)
    number: int = 0
    #: The next instruction; -1 between two lines.
    at: int = -1
    pattern: str = ""
    hold: str = ""
    is_ended: bool = True
    work: int = 0
    last_pattern: Pattern | None = None
    _has_substituted: bool = False
    _lacks_newline: bool = False
    #: Text and files to be printed when the line is done.
    _after: list[tuple[str, str]] = field(default_factory=list)
    #: The last line of each open range, by instruction; 0: not known yet.
    _open: dict[int, int] = field(default_factory=dict)
    _written: dict[str, bytearray] = field(default_factory=dict)

    def run(self, call: Invocation) -> bool:
        """Go as far as the lines that have come allow; True when there is more to do."""
        for _ in range(_INSTRUCTIONS_PER_TURN):
            if self.has_quit:
                return False
            if self.at < 0:
                if not self._take():
                    return False
                self.at = 0
            if self.at >= len(self.program):
                self._end_line(call)
            elif not self._do(call, self.program[self.at]):
                return False
            self.work += 1
        return True

    def next_file(self, *, is_separate: bool) -> None:
        """Input goes on with another file; numbered anew when files are edited one by one."""
        if is_separate:
            self.number = 0
            self.is_at_end = False
            self._open.clear()

    def take_written(self) -> dict[str, bytearray]:
        """What `w` has written, by file."""
        written, self._written = self._written, {}
        return written

    # Lines

    def _take(self) -> bool:
        """Take the next line into the pattern space, if it can be."""
        if not self._can_take():
            return False
        self.pattern, self.is_ended = self.waiting.popleft()
        self.number += 1
        self._has_substituted = False
        return True

    def _can_take(self) -> bool:
        return len(self.waiting) > 1 or (bool(self.waiting) and self.is_at_end)

    def _is_last(self) -> bool:
        return self.is_at_end and not self.waiting

    def _end_line(self, call: Invocation) -> None:
        if not self.is_quiet:
            self._print(self.pattern, self.is_ended)
        self._print_after(call)
        self.at = -1

    def _print_after(self, call: Invocation) -> None:
        for kind, text in self._after:
            if kind == "a":
                self._print(text)
                continue
            try:
                content = call.system.read_file(text)
            except Errno:
                continue
            if content:
                self._mend()
                self.out += content
        self._after.clear()

    def _print(self, text: str, is_ended: bool = True) -> None:
        self._mend()
        self.out += encoded(text)
        if is_ended:
            self.out += self.separator.encode()
        self._lacks_newline = not is_ended

    def _mend(self) -> None:
        if self._lacks_newline:
            self.out += self.separator.encode()
            self._lacks_newline = False

    # Instructions

    def _do(self, call: Invocation, found: Instruction) -> bool:
        """One instruction; False when it has to wait for a line."""
        if not self._selects(self.at, found):
            self.at = found.target if found.name == "{" else self.at + 1
            return True
        name = found.name
        if name in ("n", "N"):
            return self._next(call, name)
        if name in ("b", "t", "T"):
            jumps = name == "b" or self._has_substituted == (name == "t")
            self._has_substituted = self._has_substituted and name == "b"
            self.at = found.target if jumps else self.at + 1
        elif name in ("d", "D"):
            self._delete(call, name)
        elif name in ("q", "Q"):
            if name == "q":
                self._end_line(call)
            self.has_quit, self.code = True, found.target & 0xFF
        elif name == "c":
            self._change(call, found)
        else:
            self._edit(call, found)
            self.at += 1
        return True

    def _next(self, call: Invocation, name: str) -> bool:
        if not self.waiting and self.is_at_end:
            # There is no next line: the script ends here.
            self._end_line(call)
            self.has_quit = True
            return True
        if not self._can_take():
            return False
        before = self.pattern
        if name == "n" and not self.is_quiet:
            self._print(before, self.is_ended)
        self._print_after(call)
        had_substituted = self._has_substituted
        self._take()
        self._has_substituted = had_substituted
        if name == "N":
            self.pattern = self._checked(f"{before}\n{self.pattern}")
        self.at += 1
        return True

    def _delete(self, call: Invocation, name: str) -> None:
        if name == "D" and "\n" in self.pattern:
            self._print_after(call)
            self.pattern = self.pattern.partition("\n")[2]
            self.at = 0
            return
        self._print_after(call)
        self.at = -1

    def _change(self, call: Invocation, found: Instruction) -> None:
        is_inside = found.second is not None and not found.is_negated and self.at in self._open
        if not is_inside:
            self._print(found.text)
        self._delete(call, "d")

    def _edit(self, call: Invocation, found: Instruction) -> None:
        name = found.name
        if name == "s":
            self._substitute(found)
        elif name == "y":
            self.pattern = self.pattern.translate(found.table)
        elif name == "p":
            self._print(self.pattern)
        elif name == "P":
            self._print(self.pattern.partition("\n")[0])
        elif name == "=":
            self._print(str(self.number))
        elif name == "l":
            self._print(_listed(self.pattern, found.target or _LIST_WIDTH + 1))
        elif name == "F":
            self._print(self.name)
        elif name == "i":
            self._print(found.text)
        elif name in "ar" and len(self._after) < _APPENDED_MAX:
            self._after.append((name, found.text))
        elif name == "w":
            self._write(found.text, self.pattern)
        elif name == "z":
            self.pattern = ""
        else:
            self._hold(name)

    def _hold(self, name: str) -> None:
        if name == "h":
            self.hold = self.pattern
        elif name == "H":
            self.hold = self._checked(f"{self.hold}\n{self.pattern}")
        elif name == "g":
            self.pattern = self.hold
        elif name == "G":
            self.pattern = self._checked(f"{self.pattern}\n{self.hold}")
        elif name == "x":
            self.pattern, self.hold = self.hold, self.pattern

    def _substitute(self, found: Instruction) -> None:
        pattern = self._pattern(found.pattern)
        pieces: list[str] = []
        at = count = 0
        before = pattern.work
        for match in pattern.finditer(self.pattern):
            count += 1
            if count < found.occurrence:
                continue
            pieces += (self.pattern[at : match.start()], found.replacement.fill(match))
            at = match.end()
            if not found.is_global:
                break
        self.work += pattern.work - before
        if not pieces:
            return
        self.pattern = self._checked("".join([*pieces, self.pattern[at:]]))
        self._has_substituted = True
        if found.prints:
            self._print(self.pattern)
        if found.text:
            self._write(found.text, self.pattern)

    def _write(self, path: str, text: str) -> None:
        if path == "/dev/stdout":
            self._print(text)
        else:
            self._written.setdefault(path, bytearray()).extend(encoded(text + "\n"))

    def _checked(self, text: str) -> str:
        if len(text) > _SPACE_CHARACTERS_MAX:
            raise UsageError("memory exhausted", 4)
        return text

    def _pattern(self, pattern: Pattern | None) -> Pattern:
        """The pattern, or the last one used for the empty one."""
        if pattern is None:
            if self.last_pattern is None:
                raise UsageError("-e expression #1, char 0: no previous regular expression")
            return self.last_pattern
        self.last_pattern = pattern
        return pattern

    # Addresses

    def _selects(self, at: int, found: Instruction) -> bool:
        if found.first is None:
            return not found.is_negated
        if found.second is None:
            return self._is_at(found.first) != found.is_negated
        return self._is_in_range(at, found) != found.is_negated

    def _is_in_range(self, at: int, found: Instruction) -> bool:
        first, end = found.first, found.second
        assert first is not None and end is not None
        if at not in self._open:
            from_start = not first.number and end.address.is_pattern and _is_zero(first)
            if from_start and self.number == 1:
                self._open[at] = 0
            elif self._is_at(first):
                last = self._known_end(found)
                if last is None or last > self.number:
                    self._open[at] = last or 0
                return True
            else:
                return False
        last = self._open[at]
        if last:
            is_end = self.number >= last
            if self.number > last:
                # A jump passed over the end: the range is over, and this line is not in it.
                del self._open[at]
                return self._is_at(first) and not first.is_pattern
        else:
            is_end = self._is_at(end.address)
        if is_end:
            del self._open[at]
        return True

    def _known_end(self, found: Instruction) -> int | None:
        """The last line of a range that begins here, when it can be told now."""
        end = found.second
        assert end is not None
        if end.after is not None:
            return self.number + end.after
        if end.multiple:
            return -(-self.number // end.multiple) * end.multiple
        if end.address.is_last or end.address.is_pattern:
            return self.number if end.address.is_last and self._is_last() else None
        return max(end.address.number, self.number)

    def _is_at(self, address: Address) -> bool:
        if address.is_last:
            return self._is_last()
        if address.step:
            offset = self.number - address.number
            return offset >= 0 and offset % address.step == 0
        if address.is_pattern:
            pattern = self._pattern(address.pattern)
            before = pattern.work
            found = pattern.finds(self.pattern)
            self.work += pattern.work - before
            return found
        return self.number == address.number


def _is_zero(address: Address) -> bool:
    return not (address.number or address.step or address.is_last or address.is_pattern)


def _listed(text: str, width: int) -> str:
    """The text as `l` shows it: nothing left to the imagination."""
    cells = []
    for letter in text:
        if letter == "\n":
            cells.append("\\n")
        elif letter in _NAMED:
            cells.append(_NAMED[letter])
        elif " " <= letter <= "~":
            cells.append(letter)
        else:
            cells += [f"\\{byte:03o}" for byte in encoded(letter)]
    lines, line = [], ""
    for cell in [*cells, "$"]:
        if width > 1 and len(line) + len(cell) > width - 1 and cell != "$":
            lines.append(line + "\\")
            line = ""
        line += cell
    return "\n".join([*lines, line])
