"""read, mapfile, getopts: input and arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.builtins.call import BASH_ONLY, Builtin, BuiltinProblem, Call, Result
from cluster_engine.shell.expansion.expander import DEFAULT_SEPARATORS
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.variables import Elements, VariableProblem

if TYPE_CHECKING:
    from cluster_engine.shell.interpreter import Shell

LINE_BYTES_MAX = 1024 * 1024
_BYTES_PER_STEP = 4096
TIMED_OUT = 142


class ReadFrame(Frame):
    """Reads a line for `read`. `count_max` characters end it too; so does the time."""

    __slots__ = (
        "array",
        "count_max",
        "data",
        "delimiter",
        "fd",
        "is_raw",
        "is_silent",
        "names",
        "until_ms",
    )

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.array = ""
        self.fd = 0
        self.delimiter = b"\n"
        self.count_max = 0
        self.is_raw = False
        self.is_silent = False
        self.until_ms: int | None = None
        self.data = bytearray()

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        self._set_echo(system, not self.is_silent)
        for _ in range(_BYTES_PER_STEP):
            try:
                byte = system.read(self.fd, 1)
            except Errno as error:
                shell.complain(f"read: read error: {self.fd}: {error.text}")
                self._end(shell, system, 1)
                return None
            if byte is None:
                if self.until_ms is not None and system.now_ms >= self.until_ms:
                    self._assign(shell, system, TIMED_OUT)
                    return None
                return Waiting(readable=(self.fd,), until_ms=self.until_ms)
            if not byte:
                self._assign(shell, system, 1)
                return None
            if byte == self.delimiter and not self._is_escaped():
                self._assign(shell, system, 0)
                return None
            self.data += byte
            if self.data.endswith(b"\\\n") and not self.is_raw and self._is_escaped(1):
                del self.data[-2:]
            is_full = self.count_max and len(self.data.decode(errors="replace")) >= self.count_max
            if is_full or len(self.data) > LINE_BYTES_MAX:
                self._assign(shell, system, 0)
                return None
        return AGAIN

    def leave(self, shell: Shell, system: System) -> None:
        self._set_echo(system, True)

    def _is_escaped(self, skip: int = 0) -> bool:
        """Whether a backslash stands before what comes next (or before the last bytes)."""
        if self.is_raw:
            return False
        kept = self.data[: len(self.data) - skip]
        count = len(kept) - len(kept.rstrip(b"\\"))
        return count % 2 == 1

    def _set_echo(self, system: System, has_echo: bool) -> None:
        if not (self.is_silent or self.count_max) or not system.is_tty(self.fd):
            return
        mode = system.terminal_mode(self.fd)
        mode.has_echo = has_echo
        mode.is_canonical = has_echo or not self.count_max
        if self.count_max and not self.is_silent and not has_echo:
            mode.has_echo = True
        system.set_terminal_mode(self.fd, mode)

    def _end(self, shell: Shell, system: System, status: int) -> None:
        shell.finish(system, status)

    def _assign(self, shell: Shell, system: System, status: int) -> None:
        text = self.data.decode("utf-8", "surrogateescape").replace("\0", "")
        separators = shell.state.variables.get("IFS")
        separators = DEFAULT_SEPARATORS if separators is None else separators
        variables = shell.state.variables
        try:
            if self.array:
                fields = _fields(text, separators, 0, self.is_raw)
                variables.set_elements(self.array, dict(enumerate(fields)))
            elif self.names == ["REPLY"] and shell.state.dialect.name == "bash":
                variables.set("REPLY", text if self.is_raw else _unescaped(text))
            else:
                fields = _fields(text, separators, len(self.names), self.is_raw)
                for position, name in enumerate(self.names):
                    variables.set(name, fields[position] if position < len(fields) else "")
        except VariableProblem as problem:
            shell.complain(str(problem))
            status = 1
        self._end(shell, system, status)


def _fields(text: str, separators: str, count_max: int, is_raw: bool) -> list[str]:
    """The fields of a line; the last of `count_max` takes the rest of it."""
    white = "".join(sign for sign in separators if sign in " \t\n")
    signs = _signs(text, is_raw)
    fields: list[str] = []
    at = 0
    while at < len(signs) and not signs[at][1] and signs[at][0] in white and white:
        at += 1
    while at < len(signs):
        if count_max and len(fields) == count_max - 1:
            fields.append(_rest(signs[at:], separators, white))
            return fields
        start = at
        while at < len(signs) and (signs[at][1] or signs[at][0] not in separators):
            at += 1
        fields.append("".join(sign for sign, _ in signs[start:at]))
        seen_hard = False
        while at < len(signs) and not signs[at][1] and signs[at][0] in separators:
            if signs[at][0] not in white:
                if seen_hard:
                    break
                seen_hard = True
            at += 1
    return fields


def _rest(signs: list[tuple[str, bool]], separators: str, white: str) -> str:
    end = len(signs)
    while end and not signs[end - 1][1] and signs[end - 1][0] in white and white:
        end -= 1
    kept = signs[:end]
    hard = [p for p, (sign, escaped) in enumerate(kept) if not escaped and sign in separators]
    if len(hard) == 1 and hard[0] == end - 1 and kept[-1][0] not in white:
        kept = kept[:-1]
    return "".join(sign for sign, _ in kept)


def _signs(text: str, is_raw: bool) -> list[tuple[str, bool]]:
    """Each character, and whether a backslash protects it."""
    if is_raw:
        return [(char, False) for char in text]
    found: list[tuple[str, bool]] = []
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
            if at < len(text):
                found.append((text[at], True))
        else:
            found.append((text[at], False))
        at += 1
    return found


def _unescaped(text: str) -> str:
    return "".join(sign for sign, _ in _signs(text, False))


def run_read(call: Call) -> Result:
    """Read a line into variables."""
    frame = ReadFrame([])
    words = list(call.words)
    prompt = ""
    while words and words[0].startswith("-") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in "rse":
                frame.is_raw = frame.is_raw or letter == "r"
                frame.is_silent = frame.is_silent or letter == "s"
                continue
            if letter not in "aptndNui":
                raise BuiltinProblem(f"-{letter}: invalid option", 2)
            value = letters or (words.pop(0) if words else "")
            letters = ""
            prompt = value if letter == "p" else prompt
            _take_option(call, frame, letter, value)
    if prompt and call.system.is_tty(0):
        call.shell.write(2, prompt)
    frame.names = words or ["REPLY"]
    for name in frame.names:
        if not name.isidentifier():
            raise BuiltinProblem(f"`{name}': not a valid identifier")
    if frame.fd not in call.system.descriptors():
        raise BuiltinProblem(f"{frame.fd}: invalid file descriptor: Bad file descriptor")
    return frame


def _take_option(call: Call, frame: ReadFrame, letter: str, value: str) -> None:
    if letter == "a":
        frame.array = value
    elif letter == "d":
        frame.delimiter = value[:1].encode() or b"\0"
    elif letter in "nN":
        if not value.isdecimal():
            raise BuiltinProblem(f"{value}: invalid number")
        frame.count_max = int(value[:9])
        if letter == "N":
            frame.delimiter = b""
    elif letter == "u" and value.isdecimal():
        frame.fd = int(value[:9])
    elif letter == "t":
        try:
            frame.until_ms = call.system.now_ms + int(float(value) * 1000)
        except (ValueError, OverflowError):
            raise BuiltinProblem(f"{value}: invalid timeout specification") from None


class MapFrame(Frame):
    """Reads lines for `mapfile`."""

    __slots__ = ("data", "name", "strips")

    def __init__(self, name: str, strips: bool) -> None:
        self.name = name
        self.strips = strips
        self.data = bytearray()

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        data = system.read(0)
        if data is None:
            return Waiting(readable=(0,))
        if data and len(self.data) < LINE_BYTES_MAX:
            self.data += data
            return None
        lines = self.data.decode("utf-8", "surrogateescape").splitlines(keepends=True)
        elements: Elements = {
            number: line.removesuffix("\n") if self.strips else line
            for number, line in enumerate(lines)
        }
        try:
            shell.state.variables.set_elements(self.name, elements)
        except VariableProblem as problem:
            shell.complain(str(problem))
            shell.finish(system, 1)
            return None
        shell.finish(system, 0)
        return None


def run_mapfile(call: Call) -> Result:
    """Read lines into an array."""
    flags, words = call.flags("t")
    return MapFrame(words[0] if words else "MAPFILE", "t" in flags)


def run_getopts(call: Call) -> Result:
    """The next option of the arguments."""
    if len(call.words) < 2:
        raise BuiltinProblem("usage: getopts optstring name [arg ...]", 2)
    wanted, name, *rest = call.words
    variables = call.state.variables
    words = rest or call.state.positional
    is_silent = wanted.startswith(":")
    index = int(variables.get("OPTIND") or "1") if variables.get("OPTIND") != "0" else 1
    offset = call.state.option_index if index == call.state.option_word else 0
    offset = offset or 1
    word = words[index - 1] if 0 < index <= len(words) else ""
    if len(word) < 2 or word[0] != "-" or word == "--":
        variables.set("OPTIND", str(index + (word == "--")))
        variables.set(name, "?")
        call.state.option_index = 0
        return 1
    letter = word[offset]
    place = wanted.find(letter) if letter != ":" else -1
    offset += 1
    value = ""
    result = letter
    if place < 0:
        result, value = _refused(call, "illegal option", letter, is_silent)
    elif wanted[place + 1 : place + 2] == ":":
        value = word[offset:]
        offset = len(word)
        if not value:
            index += 1
            if index <= len(words):
                value = words[index - 1]
            else:
                text = "option requires an argument"
                result, value = _refused(call, text, letter, is_silent)
                result = ":" if is_silent else result
    if offset >= len(word):
        index, offset = index + 1, 0
    variables.set("OPTIND", str(index))
    call.state.option_index, call.state.option_word = offset, index
    variables.set(name, result)
    variables.set("OPTARG", value)
    return 0


def _refused(call: Call, text: str, letter: str, is_silent: bool) -> tuple[str, str]:
    if is_silent:
        return "?", letter
    call.shell.write(2, f"{call.state.name}: {text} -- {letter}\n")
    return "?", ""


BUILTINS = (
    Builtin("read", run_read),
    Builtin("mapfile", run_mapfile, BASH_ONLY),
    Builtin("readarray", run_mapfile, BASH_ONLY),
    Builtin("getopts", run_getopts),
)
