"""sed: edits lines as they pass. Commands: s d p q = a i c y n g G h H x b t, with addresses."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.sed_script import Address, Instruction, parse_script

_FLAGS, _VALUED = "nErsz", "ef"
_LONG = {"quiet": "n", "silent": "n", "regexp-extended": "E", "expression": "e"}
_STEPS_MAX = 200_000


@dataclass(slots=True)
class _Space:
    """The line in hand and the one put by."""

    pattern: str = ""
    hold: str = ""
    has_substituted: bool = False


def run(invocation: Invocation) -> int:
    """Apply the script to each file's lines; -i writes the files back."""
    words, is_in_place, suffix = _without_in_place(invocation.arguments)
    scripts, words = _scripts(words)
    invocation.arguments = words
    options, operands = parse(invocation, _FLAGS, _VALUED, _LONG)
    if not scripts:
        if not operands:
            raise UsageError(
                "Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]..."
            )
        scripts = [operands.pop(0)]
    program = parse_script("\n".join(scripts), is_extended="E" in options or "r" in options)
    editor = _Editor(program, is_quiet="n" in options)
    found = invocation.inputs(operands)
    if not is_in_place:
        text = "".join(_text(content) for _, content in found)
        invocation.say(editor.edit(text))
    for name, content in found if is_in_place else ():
        try:
            if suffix:
                invocation.system.write_file(name + suffix, content)
            edited = _Editor(program, is_quiet="n" in options).edit(_text(content))
            invocation.system.write_file(name, edited.encode("utf-8", "surrogateescape"))
        except Errno as error:
            invocation.complain(f"couldn't open file {name}: {error.text}")
            return 4
    return 0 if len(found) == len(operands or ["-"]) else 2


def _text(content: bytes) -> str:
    text = content.decode("utf-8", "surrogateescape")
    return text if not text or text.endswith("\n") else text + "\n"


def _without_in_place(words: list[str]) -> tuple[list[str], bool, str]:
    kept, is_in_place, suffix = [], False, ""
    for word in words:
        if word.startswith("-i") or word.startswith("--in-place"):
            is_in_place = True
            suffix = word[2:] if word.startswith("-i") else word.partition("=")[2]
        else:
            kept.append(word)
    return kept, is_in_place, suffix


def _scripts(words: list[str]) -> tuple[list[str], list[str]]:
    """All -e scripts in order, and the other words."""
    scripts, kept, waiting = [], words[:1], list(words[1:])
    while waiting:
        word = waiting.pop(0)
        if word in ("-e", "--expression") and waiting:
            scripts.append(waiting.pop(0))
        elif word.startswith("--expression="):
            scripts.append(word.partition("=")[2])
        elif word.startswith("-ne") and waiting:
            kept.append("-n")
            scripts.append(waiting.pop(0))
        else:
            kept.append(word)
    return scripts, kept


class _Editor:
    """Runs a script over lines."""

    def __init__(self, program: list[Instruction], *, is_quiet: bool) -> None:
        self._program = program
        self._is_quiet = is_quiet
        self._space = _Space()
        self._lines: list[str] = []
        self._number = 0
        self._out: list[str] = []
        self._after: list[str] = []
        #: Instructions inside an open range, by position; the line it was opened at.
        self._open: dict[int, int] = {}
        self._steps = 0

    def edit(self, text: str) -> str:
        """The edited text."""
        self._lines = text.split("\n")[:-1] if text else []
        while self._number < len(self._lines):
            self._take()
            goes_on = self._cycle()
            if not goes_on:
                break
        return "".join(f"{line}\n" for line in self._out)

    def _take(self) -> None:
        self._space.pattern = self._lines[self._number]
        self._number += 1
        self._space.has_substituted = False

    def _cycle(self) -> bool:
        """One pass of the script over the line in hand; False to end."""
        at, goes_on, prints = 0, True, True
        while at < len(self._program):
            self._steps += 1
            if self._steps > _STEPS_MAX:
                raise UsageError("the script runs for too long", 4)
            instruction = self._program[at]
            if not self._selects(at, instruction):
                at = instruction.skip_to if instruction.name == "{" else at + 1
                continue
            name = instruction.name
            if name in ("b", "t") and (name == "b" or self._space.has_substituted):
                self._space.has_substituted = False
                at = instruction.skip_to
                continue
            if name in ("d", "D"):
                prints = False
                break
            if name in ("q", "Q"):
                goes_on, prints = False, prints and name == "q"
                break
            if name in ("n", "N"):
                if self._number >= len(self._lines):
                    goes_on = False
                    break
                self._next(name)
            else:
                prints = self._do(instruction) and prints
            at += 1
        if prints and not self._is_quiet:
            self._out.append(self._space.pattern)
        self._out += self._after
        self._after = []
        return goes_on

    def _next(self, name: str) -> None:
        if name == "N":
            self._space.pattern += "\n" + self._lines[self._number]
        else:
            if not self._is_quiet:
                self._out.append(self._space.pattern)
            self._space.pattern = self._lines[self._number]
        self._number += 1

    def _do(self, instruction: Instruction) -> bool:
        """One instruction; False when the line is not to be printed at the end."""
        space, name = self._space, instruction.name
        if name == "s":
            self._substitute(instruction)
        elif name == "p":
            self._out.append(space.pattern)
        elif name == "P":
            self._out.append(space.pattern.partition("\n")[0])
        elif name == "=":
            self._out.append(str(self._number))
        elif name == "a":
            self._after.append(instruction.text)
        elif name == "i":
            self._out.append(instruction.text)
        elif name == "c":
            self._after.append(instruction.text)
            return False
        elif name == "y":
            space.pattern = space.pattern.translate(instruction.table)
        elif name == "h":
            space.hold = space.pattern
        elif name == "H":
            space.hold += "\n" + space.pattern
        elif name == "g":
            space.pattern = space.hold
        elif name == "G":
            space.pattern += "\n" + space.hold
        elif name == "x":
            space.pattern, space.hold = space.hold, space.pattern
        return True

    def _substitute(self, instruction: Instruction) -> None:
        pattern = instruction.pattern
        assert pattern is not None
        count, result, last = 0, "", 0
        for found in pattern.finditer(self._space.pattern):
            count += 1
            if count < instruction.occurrence:
                continue
            result += self._space.pattern[last : found.start()] + instruction.replace(found)
            last = found.end()
            if not instruction.is_global:
                break
        if count < instruction.occurrence:
            return
        self._space.pattern = result + self._space.pattern[last:]
        self._space.has_substituted = True
        if instruction.prints:
            self._out.append(self._space.pattern)

    def _selects(self, at: int, instruction: Instruction) -> bool:
        first, second = instruction.first, instruction.second
        if first is None:
            return not instruction.is_negated
        if second is None:
            return self._is_at(first) != instruction.is_negated
        if at in self._open:
            selected = True
            is_end = self._is_at(second)
            if second.number:
                is_end = self._number >= second.number
            if is_end:
                del self._open[at]
        else:
            selected = self._is_at(first)
            is_single = bool(second.number) and second.number <= self._number
            if selected and not is_single:
                self._open[at] = self._number
        return selected != instruction.is_negated

    def _is_at(self, address: Address) -> bool:
        if address.is_last:
            return self._number == len(self._lines)
        if address.step:
            offset = self._number - address.number
            return offset >= 0 and offset % address.step == 0
        if address.number:
            return self._number == address.number
        return address.pattern is not None and bool(address.pattern.search(self._space.pattern))


COMMAND = Command("sed", run)
