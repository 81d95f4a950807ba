"""cut: parts of lines."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.shell.commands.command import Invocation, UsageError, decoded, encoded
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.streaming import LineFilter

_LONG = {
    "delimiter": "d",
    "fields": "f",
    "characters": "c",
    "bytes": "b",
    "only-delimited": "s",
    "complement": "complement",
    "output-delimiter": "output-delimiter=",
    "zero-terminated": "z",
}
_END = 1 << 40


@dataclass(frozen=True, slots=True)
class Ranges:
    """Which positions are chosen, counted from 1; in order and apart."""

    spans: tuple[tuple[int, int], ...]

    def of(self, count: int) -> list[tuple[int, int]]:
        """The spans of so many parts, as slices."""
        return [(first - 1, min(last, count)) for first, last in self.spans if first <= count]


class Cut(LineFilter):
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._kind = "f"
        self._ranges = Ranges(())
        self._delimiter = "\t"
        self._joint: str | None = None
        self._is_strict = False

    def begin(self, call: Invocation) -> list[str]:
        """Read the options."""
        options, files = parse(call, "snz", "dfcb", _LONG)
        kinds = [letter for letter in "fcb" if letter in options]
        if not kinds:
            text = "you must specify a list of bytes, characters, or fields"
            busybox = "expected a list of bytes, characters, or fields"
            raise UsageError(call.either(text, busybox), has_hint=not call.is_busybox)
        if len(kinds) > 1:
            raise UsageError("only one list may be specified", has_hint=True)
        self._kind = kinds[0]
        self._delimiter = options.get("d", "\t")
        if len(self._delimiter) != 1:
            raise UsageError("the delimiter must be a single character", has_hint=True)
        if self._kind != "f" and ("d" in options or "s" in options):
            what = "an input delimiter may be specified only when operating on fields"
            if "d" not in options:
                what = (
                    "suppressing non-delimited lines makes sense\n\tonly when operating on fields"
                )
            raise UsageError(what, has_hint=True)
        self._ranges = parse_ranges(options[self._kind], self._kind, "complement" in options)
        self._joint = options.get("output-delimiter")
        self._is_strict = "s" in options
        self.separator = "\0" if "z" in options else "\n"
        return files or ["-"]

    def line(self, call: Invocation, text: str, is_ended: bool) -> None:
        """Print the chosen parts."""
        if self._kind == "f":
            if self._delimiter not in text:
                if not self._is_strict:
                    call.say(text + self.separator)
                return
            parts = text.split(self._delimiter)
            joint = self._delimiter if self._joint is None else self._joint
            chosen = [joint.join(parts[a:b]) for a, b in self._ranges.of(len(parts))]
            call.say(joint.join(chosen) + self.separator)
        elif self._kind == "b":
            data = encoded(text)
            pieces = [decoded(data[a:b]) for a, b in self._ranges.of(len(data))]
            call.say((self._joint or "").join(pieces) + self.separator)
        else:
            pieces = [text[a:b] for a, b in self._ranges.of(len(text))]
            call.say((self._joint or "").join(pieces) + self.separator)


def parse_ranges(wish: str, kind: str, is_complement: bool = False) -> Ranges:
    """ "1,3-5,7-" as ranges. Raises UsageError."""
    what = "field" if kind == "f" else "byte/character position"
    spans: list[tuple[int, int]] = []
    for part in wish.replace(" ", ",").split(","):
        start, dash, end = part.partition("-")
        if not (start or end) or not all(t.isdigit() or not t for t in (start, end)):
            if part == "-":
                raise UsageError("invalid range with no endpoint: -", has_hint=True)
            value = "field value" if kind == "f" else "byte/character position"
            text = f"invalid {value} '{part}'" if part else f"{what}s are numbered from 1"
            raise UsageError(text, has_hint=True)
        first = int(start[:12] or 1)
        last = (int(end[:12]) if end else _END) if dash else first
        if first < 1:
            plural = "fields" if kind == "f" else "byte/character positions"
            raise UsageError(f"{plural} are numbered from 1", has_hint=True)
        if last < first:
            raise UsageError("invalid decreasing range", has_hint=True)
        spans.append((first, last))
    return Ranges(tuple(_complement(_merged(spans)) if is_complement else _merged(spans)))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _complement(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    left: list[tuple[int, int]] = []
    at = 1
    for first, last in spans:
        if first > at:
            left.append((at, first - 1))
        at = last + 1
    return [*left, (at, _END)] if at <= _END else left
