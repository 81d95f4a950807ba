"""tr: other characters."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.streaming import InputFilter
from cluster_engine.shell.commands.tr_sets import expand_set, pair

_LONG = {"delete": "d", "squeeze-repeats": "s", "complement": "c", "truncate-set1": "t"}
_ALL = bytes(range(256))


class Tr(InputFilter):
    """The program: a table of bytes, bytes to leave out, bytes to print once."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._table = _ALL
        self._deleted = b""
        self._squeezed = b""
        self._last = -1

    def begin(self, call: Invocation) -> list[str]:
        """Read the options and the sets."""
        options, sets = parse(call, "dscCt", "", _LONG, stops_early=True)
        deletes, squeezes = "d" in options, "s" in options
        wanted = 2 if deletes == squeezes else 1
        if len(sets) < wanted:
            self._refuse(sets, deletes and squeezes)
        if len(sets) > (1 if deletes and not squeezes else 2):
            extra = sets[1] if deletes else sets[2]
            why = "\nOnly one string may be given when deleting without squeezing repeats."
            text = f"extra operand '{extra}'{why if deletes else ''}"
            raise UsageError(text, has_hint=True)
        first = expand_set(sets[0])
        if "c" in options or "C" in options:
            first = [byte for byte in _ALL if byte not in set(first)]
        if deletes:
            self._deleted = bytes(sorted(set(first)))
        elif len(sets) > 1:
            self._table = pair(first, sets[1], is_truncated="t" in options)
        if squeezes:
            self._squeezed = bytes(expand_set(sets[1]) if len(sets) > 1 else first)
        return ["-"]

    def piece(self, call: Invocation, data: bytes) -> None:
        """Print it, changed."""
        data = data.translate(self._table, self._deleted)
        if self._squeezed:
            data = self._squeeze(data)
        call.say(data)

    def _squeeze(self, data: bytes) -> bytes:
        kept = bytearray()
        for byte in data:
            if byte != self._last or byte not in self._squeezed:
                kept.append(byte)
            self._last = byte
        return bytes(kept)

    @staticmethod
    def _refuse(sets: list[str], is_both: bool) -> None:
        if not sets:
            raise UsageError("missing operand", has_hint=True)
        why = "Two strings must be given when both deleting and squeezing repeats."
        if not is_both:
            why = "Two strings must be given when translating."
        raise UsageError(f"missing operand after '{sets[0]}'\n{why}", has_hint=True)
