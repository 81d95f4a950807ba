"""From the text of a script to its instructions.

Models: GNU sed 4.9's syntax and its messages.
"""

from __future__ import annotations

from cluster_engine.shell.commands.command import UsageError
from cluster_engine.shell.commands.patterns import Pattern, compile_pattern
from cluster_engine.shell.commands.sed.replacement import read_replacement
from cluster_engine.shell.commands.sed.script import Address, End, Instruction

_SIMPLE = "dDgGhHxnNpPzFl="
_TEXTS, _JUMPS, _FILES = "aic", "btT", "rRwW"
_INSTRUCTIONS_MAX = 5000
#: Escapes that sed itself turns into characters.
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}


class Reader:
    """Cuts a script into instructions."""

    def __init__(self, text: str, *, is_extended: bool, is_busybox: bool = False) -> None:
        self.text = text
        self.at = 0
        self.is_busybox = is_busybox
        self.is_extended = is_extended

    # Small parts

    def problem(self, gnu: str, busybox: str = "", *, is_placed: bool = True) -> UsageError:
        """What is wrong, and where (BusyBox does not say)."""
        if self.is_busybox:
            return UsageError(busybox or gnu)
        if not is_placed:
            return UsageError(gnu, 4)
        return UsageError(f"-e expression #1, char {self.at}: {gnu}")

    def peek(self) -> str:
        """The next letter, "" at the end."""
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        """The next letter, passed."""
        letter = self.peek()
        self.at += len(letter)
        return letter

    def skip(self, letters: str = " \t") -> None:
        """Pass over those letters."""
        while self.peek() and self.peek() in letters:
            self.at += 1

    def number(self) -> int:
        """Digits as a number, 0 without any."""
        start = self.at
        while self.peek().isdigit():
            self.at += 1
        return int(self.text[start : self.at][:12] or 0)

    def pattern(self, delimiter: str, problem: str) -> str:
        """A pattern up to its delimiter, which is passed; one in brackets or escaped is no end."""
        found = ""
        bracket = -1
        while self.peek() and (self.peek() != "\n" or bracket >= 0):
            letter = self.take()
            if letter == "\\" and self.peek():
                escaped = self.take()
                if escaped in _NAMED and (bracket >= 0 or escaped == "n"):
                    found += _NAMED[escaped]
                elif escaped == delimiter and bracket < 0:
                    found += escaped
                else:
                    found += "\\" + escaped
                continue
            if letter == delimiter and bracket < 0:
                return found
            found += letter
            if bracket < 0:
                bracket = len(found) - 1 if letter == "[" else -1
            elif letter == "]" and found[bracket:] not in ("[]", "[^]"):
                is_class_end = found[-2] == ":" and "[:" in found[bracket + 1 :]
                bracket = bracket if is_class_end else -1
        raise self.problem(problem, f"unmatched '{delimiter}'")

    def until(self, delimiter: str, problem: str) -> str:
        """Text up to an unescaped delimiter, which is passed."""
        pieces: list[str] = []
        while self.peek() and self.peek() != "\n":
            letter = self.take()
            if letter == "\\" and self.peek():
                escaped = self.take()
                is_plain = escaped == "\n" or (escaped == delimiter and escaped != "&")
                pieces.append(escaped if is_plain else "\\" + escaped)
            elif letter == delimiter:
                return "".join(pieces)
            else:
                pieces.append(letter)
        raise self.problem(problem, f"unmatched '{delimiter}'")

    def line(self) -> str:
        """The rest of the line."""
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        found, self.at = self.text[self.at : end], end
        return found

    def compile(self, text: str, flags: str = "") -> Pattern | None:
        """A pattern in the dialect of the script; None for the empty one (the last used)."""
        if not text:
            return None
        try:
            return compile_pattern(
                text, is_extended=self.is_extended, ignores_case="I" in flags.upper()
            )
        except UsageError as error:
            raise self.problem(str(error), f"bad regex '{text}': {error}") from None

    # Addresses

    def address(self) -> Address | None:
        """An address, if one stands here."""
        letter = self.peek()
        if letter.isdigit():
            number = self.number()
            if self.peek() != "~":
                return Address(number=number)
            self.at += 1
            return Address(number=number, step=self.number())
        if letter == "$":
            self.at += 1
            return Address(is_last=True)
        if letter not in ("/", "\\") or not letter:
            return None
        self.at += 1
        delimiter = self.take() if letter == "\\" else "/"
        text = self.pattern(delimiter, "unterminated address regex")
        flags = ""
        while self.peek() in ("I", "M"):
            flags += self.take()
        return Address(pattern=self.compile(text, flags), is_pattern=True)

    def end(self) -> End | None:
        """Where a range ends, if that stands here."""
        if self.peek() in ("+", "~"):
            sign = self.take()
            count = self.number()
            return End(after=count) if sign == "+" else End(multiple=count)
        address = self.address()
        return None if address is None else End(address)

    # Instructions

    def instruction(self) -> Instruction:
        """The next one. Raises UsageError."""
        found = Instruction("")
        found.first = self.address()
        self.skip()
        if found.first is not None and self.peek() == ",":
            self.at += 1
            self.skip()
            found.second = self.end()
            if found.second is None:
                self.take()
                raise self.problem("unexpected `,'", "no address after comma")
        self.skip()
        while self.peek() == "!":
            found.is_negated = True
            self.at += 1
            self.skip()
        found.name = self.take()
        self._check(found)
        self._arguments(found)
        return found

    def _check(self, found: Instruction) -> None:
        name = found.name
        if not name or name in "\n;":
            raise self.problem("missing command")
        if name not in "{}:#sy" + _SIMPLE + _TEXTS + _JUMPS + _FILES + "qQ":
            raise self.problem(f"unknown command: `{name}'", f"unsupported command {name}")
        if name in ":}" and found.first is not None:
            text = ": doesn't want any addresses"
            raise self.problem(text if name == ":" else "unexpected `}'")
        first = found.first
        is_zero = (
            first is not None
            and not first.number
            and not (first.step or first.is_last or first.is_pattern)
        )
        if is_zero and (found.second is None or not found.second.address.is_pattern):
            raise self.problem("invalid usage of line address 0")
        if found.second is not None and name in "qQ":
            raise self.problem("command only uses one address")

    def _arguments(self, found: Instruction) -> None:
        name = found.name
        if name == "s":
            self._substitution(found)
        elif name == "y":
            self._table(found)
        elif name in _TEXTS:
            found.text = self._text()
        elif name in _JUMPS + ":":
            self.skip()
            start = self.at
            stops = "\n" if name == ":" else "\n;"
            while self.peek() and self.peek() not in stops:
                self.at += 1
            found.text = self.text[start : self.at].strip()
            if name == ":":
                found.text = found.text.partition(";")[0].strip()
                self.at = self.text.find(found.text, start) + len(found.text)
                if not found.text:
                    raise self.problem('":" lacks a label')
            elif found.text.endswith("}"):
                found.text = found.text[:-1].strip()
                self.at -= 1
        elif name in _FILES:
            self.skip()
            found.text = self.line()
            if not found.text:
                raise self.problem("missing filename in r/R/w/W commands", "empty filename")
        elif name in "qQl":
            self.skip()
            found.target = self.number()
            self._no_more()
        elif name not in "{#":
            self._no_more()

    def _no_more(self) -> None:
        self.skip()
        if self.peek() and self.peek() not in "\n;}#":
            self.at += 1
            raise self.problem("extra characters after command")

    def _text(self) -> str:
        """The text of a, i or c: the rest of the line, or the lines after a backslash."""
        self.skip()
        if not self.peek():
            raise self.problem("expected \\ after `a', `c' or `i'")
        if self.peek() == "\\":
            self.at += 1
            start = self.at
            self.skip()
            if self.peek() == "\n":
                self.at += 1
            else:
                self.at = start
        pieces: list[str] = []
        while self.peek() and self.peek() != "\n":
            letter = self.take()
            if letter == "\\" and self.peek():
                letter = self.take()
                letter = "\t" if letter == "t" else letter
            pieces.append(letter)
        return "".join(pieces)

    def _table(self, found: Instruction) -> None:
        delimiter, problem = self.take(), "unterminated `y' command"
        source = _plain(self.until(delimiter, problem))
        target = _plain(self.until(delimiter, problem))
        if len(source) != len(target):
            raise self.problem("strings for `y' command are different lengths")
        found.table = {ord(a): ord(b) for a, b in zip(source, target, strict=True)}
        self._no_more()

    def _substitution(self, found: Instruction) -> None:
        delimiter, problem = self.take(), "unterminated `s' command"
        if delimiter in ("", "\n", "\\"):
            raise self.problem(problem)
        source = self.pattern(delimiter, problem)
        found.replacement = read_replacement(self.until(delimiter, problem))
        flags = ""
        while self.peek() and self.peek() not in ";\n }#":
            if self.peek().isdigit():
                found.occurrence = self.number()
                if not found.occurrence:
                    raise self.problem("number option to `s' command may not be zero")
                continue
            letter = self.take()
            if letter == "w":
                self.skip()
                found.text = self.line()
            elif letter not in "gpiIMm":
                problem = "bad option in substitution expression"
                raise self.problem("unknown option to `s'", problem)
            elif letter in flags and letter in "gp":
                raise self.problem(f"multiple `{letter}' options to `s' command")
            flags += letter
        found.is_global, found.prints = "g" in flags, "p" in flags
        found.pattern = self.compile(source, flags)
        groups = found.pattern.groups if found.pattern is not None else 9
        if found.replacement.highest > groups:
            highest = found.replacement.highest
            raise self.problem(f"invalid reference \\{highest} on `s' command's RHS")
        self._no_more()


def _plain(text: str) -> str:
    return text.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\")


def parse_script(text: str, *, is_extended: bool, is_busybox: bool = False) -> list[Instruction]:
    """The instructions, with blocks and jumps resolved. Raises UsageError."""
    reader = Reader(text, is_extended=is_extended, is_busybox=is_busybox)
    program: list[Instruction] = []
    blocks: list[int] = []
    labels: dict[str, int] = {}
    while True:
        reader.skip(" \t\n;")
        if not reader.peek():
            break
        found = reader.instruction()
        if len(program) >= _INSTRUCTIONS_MAX:
            raise UsageError("the script is too long")
        if found.name == "#":
            reader.line()
        elif found.name == ":":
            labels[found.text] = len(program)
        elif found.name == "}":
            if not blocks:
                raise reader.problem("unexpected `}'")
            program[blocks.pop()].target = len(program)
        else:
            if found.name == "{":
                blocks.append(len(program))
            program.append(found)
    if blocks:
        reader.at = 0
        raise reader.problem("unmatched `{'")
    for found in program:
        if found.name in _JUMPS:
            if found.text and found.text not in labels:
                raise reader.problem(
                    f"can't find label for jump to `{found.text}'",
                    f"can't find label for jump to '{found.text}'",
                    is_placed=False,
                )
            found.target = labels.get(found.text, len(program))
    return program
