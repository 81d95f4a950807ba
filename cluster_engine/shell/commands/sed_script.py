"""The script of sed, parsed."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.shell.commands.command import UsageError
from cluster_engine.shell.commands.patterns import Match, Pattern, compile_pattern


@dataclass(slots=True)
class Address:
    """A line number (with a step), the last line, or a pattern."""

    number: int = 0
    step: int = 0
    is_last: bool = False
    pattern: Pattern | None = None


@dataclass(slots=True)
class Instruction:
    """One command. `skip_to` is where a block or jump leads."""

    name: str
    first: Address | None = None
    second: Address | None = None
    is_negated: bool = False
    pattern: Pattern | None = None
    replacement: str = ""
    is_global: bool = False
    prints: bool = False
    occurrence: int = 1
    text: str = ""
    table: dict[int, int] = field(default_factory=dict)
    skip_to: int = 0

    def replace(self, found: Match) -> str:
        """The replacement for a match: & and \\1 … \\9 filled in."""
        result, at = "", 0
        text = self.replacement
        while at < len(text):
            if text[at] == "\\" and at + 1 < len(text):
                letter = text[at + 1]
                if letter.isdigit():
                    group = int(letter)
                    result += (found[group] or "") if group <= (len(found.groups())) else ""
                else:
                    result += {"n": "\n", "t": "\t"}.get(letter, letter)
                at += 2
            else:
                result += found[0] if text[at] == "&" else text[at]
                at += 1
        return result


class _Reader:
    """Cuts a script into instructions."""

    def __init__(self, text: str, *, is_extended: bool) -> None:
        self.text = text
        self.at = 0
        self.is_extended = is_extended

    def skip(self, letters: str = " \t") -> None:
        """Pass over those letters."""
        while self.at < len(self.text) and self.text[self.at] in letters:
            self.at += 1

    def peek(self) -> str:
        """The next letter, empty at the end."""
        return self.text[self.at : self.at + 1]

    def number(self) -> int:
        """Digits as a number, 0 without any."""
        start = self.at
        while self.peek().isdigit():
            self.at += 1
        return int(self.text[start : self.at] or 0)

    def until(self, delimiter: str) -> str:
        """Text up to an unescaped delimiter, which is passed."""
        result = ""
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter == "\\" and self.at + 1 < len(self.text):
                escaped = self.text[self.at + 1]
                result += (
                    escaped if escaped == delimiter and delimiter not in "|&" else letter + escaped
                )
                self.at += 2
                continue
            self.at += 1
            if letter == delimiter:
                return result
            result += letter
        raise UsageError(f"-e expression #1, char {self.at}: unterminated `s' command")

    def line(self) -> str:
        """The rest of the line."""
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        found, self.at = self.text[self.at : end], end
        return found

    def address(self) -> Address | None:
        """An address, if one stands here."""
        letter = self.peek()
        if letter.isdigit():
            number = self.number()
            if self.peek() == "~":
                self.at += 1
                return Address(number=number, step=self.number())
            return Address(number=number)
        if letter == "$":
            self.at += 1
            return Address(is_last=True)
        if letter == "/" or letter == "\\":
            self.at += 1 if letter == "/" else 2
            delimiter = "/" if letter == "/" else self.text[self.at - 1]
            text = self.until(delimiter)
            ignores_case = self.peek() == "I"
            self.at += ignores_case
            return Address(pattern=self.compile(text, ignores_case))
        return None

    def compile(self, text: str, ignores_case: bool = False) -> Pattern:
        """A pattern in the dialect of the script."""
        return compile_pattern(text, is_extended=self.is_extended, ignores_case=ignores_case)


def parse_script(text: str, *, is_extended: bool) -> list[Instruction]:
    """The instructions, with blocks and jumps resolved. Raises UsageError."""
    reader = _Reader(text, is_extended=is_extended)
    program: list[Instruction] = []
    blocks: list[int] = []
    labels: dict[str, int] = {}
    while True:
        reader.skip(" \t\n;")
        if not reader.peek():
            break
        if reader.peek() == "#":
            reader.line()
            continue
        instruction = _instruction(reader)
        if instruction.name == ":":
            labels[instruction.text] = len(program)
        elif instruction.name == "}":
            if not blocks:
                raise UsageError("-e expression #1, char 0: unexpected `}'")
            program[blocks.pop()].skip_to = len(program)
        else:
            if instruction.name == "{":
                blocks.append(len(program))
            program.append(instruction)
    if blocks:
        raise UsageError("-e expression #1, char 0: unmatched `{'")
    for instruction in program:
        if instruction.name in ("b", "t"):
            instruction.skip_to = labels.get(instruction.text, len(program))
    return program


def _instruction(reader: _Reader) -> Instruction:
    instruction = Instruction("")
    instruction.first = reader.address()
    reader.skip()
    if instruction.first is not None and reader.peek() == ",":
        reader.at += 1
        reader.skip()
        instruction.second = reader.address()
    reader.skip()
    while reader.peek() == "!":
        instruction.is_negated = True
        reader.at += 1
        reader.skip()
    instruction.name = reader.peek()
    reader.at += 1
    name = instruction.name
    if name == "s":
        _substitution(reader, instruction)
    elif name == "y":
        delimiter = reader.peek()
        reader.at += 1
        source, target = reader.until(delimiter), reader.until(delimiter)
        if len(source) != len(target):
            raise UsageError("-e expression #1: strings for `y' command are different lengths")
        instruction.table = {ord(a): ord(b) for a, b in zip(source, target, strict=True)}
    elif name in ("a", "i", "c"):
        reader.skip()
        if reader.peek() == "\\":
            reader.at += 1
            reader.skip(" \t\n")
        instruction.text = reader.line()
    elif name in (":", "b", "t"):
        reader.skip()
        start = reader.at
        while reader.peek() and reader.peek() not in ";\n }":
            reader.at += 1
        instruction.text = reader.text[start : reader.at]
    elif name not in (
        "d",
        "D",
        "p",
        "P",
        "q",
        "Q",
        "=",
        "n",
        "N",
        "g",
        "G",
        "h",
        "H",
        "x",
        "{",
        "}",
    ):
        what = f"unknown command: `{name}'" if name else "missing command"
        raise UsageError(f"-e expression #1, char {reader.at}: {what}")
    return instruction


def _substitution(reader: _Reader, instruction: Instruction) -> None:
    delimiter = reader.peek()
    reader.at += 1
    source = reader.until(delimiter)
    instruction.replacement = reader.until(delimiter)
    ignores_case = False
    while reader.peek() and reader.peek() not in ";\n }":
        letter = reader.peek()
        if letter.isdigit():
            instruction.occurrence = reader.number()
            continue
        reader.at += 1
        if letter == "g":
            instruction.is_global = True
        elif letter == "p":
            instruction.prints = True
        elif letter in "iI":
            ignores_case = True
        else:
            raise UsageError(f"-e expression #1, char {reader.at}: unknown option to `s'")
    instruction.pattern = reader.compile(source, ignores_case)
