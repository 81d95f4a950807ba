"""printf: formatted output."""

from __future__ import annotations

import re

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.escapes import expand
from cluster_engine.shell.commands.moments import formatted, moment

_DIRECTIVE = re.compile(
    r"%(?:%|\(([^)]*)\)T|([-+ 0#']*)(\*|\d+)?(?:\.(\*|-?\d*))?([hlLjzt]*)([a-zA-Z]|.|$))",
    re.DOTALL,
)
_KINDS = "diouxXeEfFgGcsbq"
_NUMBER = re.compile(r"[ \t]*([-+]?)(0[xX][0-9a-fA-F]+|\d+)")
_FLOAT = re.compile(r"[ \t]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:inf|nan)")
_ROUNDS_MAX = 20_000
_WIDTH_MAX = 10_000
_MOST, _LEAST = 2**63 - 1, -(2**63)
_USAGE = "usage: printf [-v var] format [arguments]"


def run(invocation: Invocation) -> int:
    """Print the arguments by the format, again and again while arguments are left."""
    words = invocation.arguments[1:]
    if words[:1] == ["--"]:
        words = words[1:]
    if not words:
        if invocation.is_busybox:
            raise UsageError("", has_hint=True)
        raise UsageError(_USAGE, 2)
    template, *rest = words
    printer = _Printer(invocation, rest)
    for _ in range(_ROUNDS_MAX):
        before = len(printer.words)
        printer.print(template)
        if printer.is_cut or not printer.words or len(printer.words) == before:
            break
    return printer.code


class _Printer:
    """Fills a format with the words that are left."""

    def __init__(self, invocation: Invocation, words: list[str]) -> None:
        self._call = invocation
        self.words = list(words)
        self.is_cut = False
        self.code = 0

    def print(self, template: str) -> None:
        """Print the format once."""
        at = 0
        while not self.is_cut:
            found = _DIRECTIVE.search(template, at)
            if found is None:
                break
            if not self._literal(template[at : found.start()]):
                return
            at = found.end()
            self._directive(found)
        if not self.is_cut:
            self._literal(template[at:])

    def _literal(self, text: str) -> bool:
        expanded, is_cut = expand(text)
        self._call.say(expanded)
        self.is_cut = self.is_cut or is_cut
        return not is_cut

    def _next(self) -> str:
        return self.words.pop(0) if self.words else ""

    def _directive(self, found: re.Match[str]) -> None:
        if found[0] == "%%":
            self._call.say("%")
            return
        if found[1] is not None:
            self._time(found[1])
            return
        flags, width, precision, kind = found[2], found[3], found[4], found[6]
        if kind not in _KINDS or not kind:
            self._call.complain(
                self._call.either(
                    f"`{kind or found[0]}': invalid format character",
                    f"{found[0]}: invalid format",
                )
            )
            self.code, self.is_cut = 1, True
            return
        if width == "*":
            number = self._whole(self._next())
            flags, width = (flags + "-", str(-number)) if number < 0 else (flags, str(number))
        if precision == "*":
            number = self._whole(self._next())
            precision = str(number) if number >= 0 else None
        places = None if precision is None else min(max(int(precision or 0), 0), _WIDTH_MAX)
        text = self._converted(kind, flags, places)
        size = min(int(width or 0), _WIDTH_MAX)
        is_padded = "0" in flags and kind not in "scbq" and (places is None or kind not in "dioxXu")
        self._call.say(_pad(text, flags, size, is_padded))

    def _time(self, template: str) -> None:
        word = self._next() or "-1"
        now_ms = self._call.system.now_ms
        seconds = self._whole(word)
        then = moment(now_ms if seconds < 0 else min(seconds, 10**10) * 1000)
        self._call.say(formatted(then, template or "%H:%M:%S"))

    def _converted(self, kind: str, flags: str, places: int | None) -> str:
        word = self._next()
        if kind in "sbq":
            text = word
            if kind == "b":
                text, is_cut = expand(word, has_long_octals=True)
                self.is_cut = self.is_cut or is_cut
            elif kind == "q":
                text = quoted(word)
            return text if places is None else text[:places]
        if kind == "c":
            return word[:1]
        if kind in "diouxX":
            return _integer(self._whole(word), kind, flags, places)
        number = self._float(word)
        sign = "+" if "+" in flags else " " if " " in flags else ""
        size = 6 if places is None else min(places, 300)
        return ("" if number < 0 else sign) + f"{number:.{size}{kind}}"

    def _whole(self, word: str) -> int:
        """A word as a number; complains about what is none."""
        if word[:1] in ("'", '"'):
            return ord(word[1]) if len(word) > 1 else 0
        if not word:
            return 0
        found = _NUMBER.match(word)
        if found is None or found.end() != len(word):
            self._invalid(word)
        if found is None:
            return 0
        digits = found[2]
        base = 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" else 10
        if base == 8 and not set(digits) <= set("01234567"):
            self._invalid(word)
            digits = re.match(r"[0-7]*", digits)[0] or "0"  # type: ignore[index]
        number = int(digits[:400], base) * (-1 if found[1] == "-" else 1)
        if not _LEAST <= number <= 2**64 - 1 or (number > _MOST and base == 10):
            self._call.complain(f"warning: {word}: Numerical result out of range")
            number = _MOST if number > 0 else _LEAST
        return number

    def _float(self, word: str) -> float:
        if not word or word[0] in "'\"" or word[:2] in ("0x", "0X"):
            return float(self._whole(word))
        found = _FLOAT.match(word)
        if found is None or found.end() != len(word):
            self._invalid(word)
        return float(found[0]) if found is not None else 0.0

    def _invalid(self, word: str) -> None:
        self._call.complain(
            self._call.either(f"{word}: invalid number", f"invalid number '{word}'")
        )
        self.code = 1


def quoted(word: str) -> str:
    """The word as a shell reads it back."""
    if not word:
        return "''"
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in word):
        names = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\x1b": "\\E", "'": "\\'", "\\": "\\\\"}
        pieces = [
            names.get(letter, letter if ord(letter) >= 32 else f"\\{ord(letter):03o}")
            for letter in word
        ]
        return "$'" + "".join(pieces) + "'"
    return re.sub(r"([^\w@%+=:,./^-]|^[~#])", r"\\\1", word)


def _integer(number: int, kind: str, flags: str, places: int | None) -> str:
    if kind in "ouxX":
        number &= 2**64 - 1
        digits = format(number, "d" if kind == "u" else kind)
        digits = digits.rjust(places or 0, "0")
        if "#" in flags and number:
            if kind in "xX":
                return f"0{kind}{digits}"
            return digits if digits.startswith("0") or kind == "u" else f"0{digits}"
        return digits
    sign = "-" if number < 0 else "+" if "+" in flags else " " if " " in flags else ""
    return sign + str(abs(number)).rjust(places or 0, "0")


def _pad(text: str, flags: str, width: int, is_zeros: bool) -> str:
    if "-" in flags:
        return text.ljust(width)
    if is_zeros:
        head = re.match(r"[-+ ]?(?:0[xX])?", text)
        start = head.end() if head is not None else 0
        return text[:start] + text[start:].rjust(width - start, "0")
    return text.rjust(width)


COMMAND = Command("printf", run)
