"""printf's formats."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from cluster_engine.shell.commands.awk.limits import (
    TEXT_CHARACTERS_MAX,
    AwkFault,
    too_much,
)
from cluster_engine.shell.commands.awk.values import Shower, Value, bounded, to_number

_DIRECTIVE = re.compile(r"%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?([hlLqjzt]*)(.?))", re.DOTALL)
_HAS_PRECISION = re.compile(r"%[-+ #0]*(?:\*|\d+)?\.")
_WIDTH_MAX = 10_000
_MAWK_MOST, _BUSYBOX_MOST = 2**31 - 1, 2**63 - 1


class Formatter:
    """Fills formats."""

    def __init__(self, shower: Shower, *, is_busybox: bool) -> None:
        self._shower = shower
        self._is_busybox = is_busybox
        self._most = _BUSYBOX_MOST if is_busybox else _MAWK_MOST

    def fill(self, template: str, values: Sequence[Value], convfmt: str, where: str) -> str:
        """The template with the values in it. Raises AwkFault."""
        waiting = list(reversed(values))
        pieces, at, number, size = [], 0, 0, 0
        for found in _DIRECTIVE.finditer(template):
            pieces.append(template[at : found.start()])
            at = found.end()
            if found[0] == "%%":
                pieces.append("%")
                continue
            number += 1
            pieces.append(
                self._directive(found, waiting, convfmt, f'{where}("{template}")', number)
            )
            size += len(pieces[-1])
            if size > TEXT_CHARACTERS_MAX:
                raise too_much()
        pieces.append(template[at:])
        return bounded("".join(pieces))

    def _next(self, waiting: list[Value], where: str) -> Value:
        if waiting:
            return waiting.pop()
        if self._is_busybox:
            return None
        raise AwkFault(f"not enough arguments passed to {where}")

    def _directive(
        self, found: re.Match[str], waiting: list[Value], convfmt: str, where: str, number: int
    ) -> str:
        flags, width, precision, kind = found[1], found[2], found[3], found[5]
        has_precision = _HAS_PRECISION.match(found[0]) is not None
        if not kind or kind not in "diouxXeEfFgGcs":
            raise AwkFault(
                f"improper conversion(number {number}) in {where}", "Invalid format specifier"
            )
        if "*" in (width, precision) and self._is_busybox:
            raise AwkFault("", "%*x formats are not supported")
        if width == "*":
            asked = int(to_number(self._next(waiting, where)))
            flags, width = (flags + "-" if asked < 0 else flags), str(abs(asked))
        if precision == "*":
            precision = str(max(int(to_number(self._next(waiting, where))), 0))
        size = min(int(width or 0), _WIDTH_MAX)
        digits = min(int(precision or 0), _WIDTH_MAX) if has_precision else None
        value = self._next(waiting, where)
        if kind in "cs":
            text = self._character(value) if kind == "c" else self._shower.text(value, convfmt)
            if kind == "s" and digits is not None:
                text = text[:digits]
            return text.ljust(size) if "-" in flags else text.rjust(size)
        return self._number(to_number(value), flags, size, digits, kind)

    def _character(self, value: Value) -> str:
        if isinstance(value, float):
            code = int(value) if math.isfinite(value) else 0
            return chr(code & 0xFF)
        return value[:1] if isinstance(value, str) and value else "\0"

    def _number(self, value: float, flags: str, size: int, digits: int | None, kind: str) -> str:
        if not math.isfinite(value):
            text = self._shower.fraction(value, "%g")
            return text.ljust(size) if "-" in flags else text.rjust(size)
        dot = "" if digits is None else f".{digits}"
        template = f"%{flags}{size or ''}{dot}{kind}"
        if kind in "eEfFgG":
            return template % value
        whole = max(-self._most - 1, min(self._most, int(value)))
        if kind in "ouxX" and whole < 0:
            whole = whole & 2 * self._most + 1 if self._is_busybox else 0
        if kind == "o":
            return (
                template.replace("#", "") % whole if "#" not in flags else _octal(template, whole)
            )
        return template % whole


def _octal(template: str, whole: int) -> str:
    text = template.replace("#", "") % whole
    return text if text.strip().startswith("0") else f"0{text}"
