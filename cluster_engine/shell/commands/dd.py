"""dd: copies blocks."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import O_CREAT, O_TRUNC, O_WRONLY, SEEK_SET, System
from cluster_engine.shell.commands.command import (
    STDIN,
    STDOUT,
    Invocation,
    Output,
    UsageError,
)
from cluster_engine.shell.commands.sizes import parse_count
from cluster_engine.shell.commands.usages import help_text

_NUMBERS = ("bs", "ibs", "obs", "count", "skip", "seek", "cbs")
_WORDS = ("if", "of", "conv", "status", "iflag", "oflag")
_PIECE_BYTES = 64 * 1024
_BLOCK_BYTES_MAX = 16 * 1024 * 1024
_UNITS = ((1000**3, "GB"), (1000**2, "MB"), (1000, "kB"))
_BINARY = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


class Dd:
    """The program: a piece at a time, counted in blocks."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._output = Output()
        self._words: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._source, self._target = STDIN, STDOUT
        self._begin_ms = -1
        self._left = -1
        self._skipped = 0
        self._taken = 0
        self._written = 0
        self._pending = b""
        self._is_over = False
        self._code = 0

    def step(self, system: System) -> Outcome:
        """Write what waits, then read on."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._is_over:
            return Exited(self._code)
        call = Invocation(
            system, self._arguments, b"", self._output.out, self._output.err, self._is_busybox
        )
        try:
            return self._go_on(call)
        except UsageError as error:
            self._code = call.misused(error)
        except Errno as error:
            call.complain(
                f"error writing '{self._words.get('of', 'standard output')}': {error.text}"
            )
            self._code = 1
            self._tell(call)
        self._is_over = True
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _go_on(self, call: Invocation) -> Outcome:
        if self._begin_ms < 0:
            text = help_text(self._arguments, is_busybox=self._is_busybox)
            if text is not None:
                call.say(text)
                self._is_over = True
                return AGAIN
            self._begin(call)
            return AGAIN
        if self._pending:
            taken = call.system.write(self._target, self._pending)
            self._written += taken
            self._pending = self._pending[taken:]
            return AGAIN if taken else Waiting(writable=(self._target,))
        return self._read(call)

    def _begin(self, call: Invocation) -> None:
        for word in call.arguments[1:]:
            name, equals, value = word.partition("=")
            if not equals or name not in _NUMBERS + _WORDS:
                raise UsageError(f"unrecognized operand '{word}'", has_hint=True)
            self._words[name] = value
            if name in _NUMBERS:
                self._numbers[name] = self._number(value)
        self._begin_ms = call.system.now_ms
        size = self._block
        if not size:
            raise UsageError(f"invalid number: '{self._words.get('bs', '0')}'")
        if size > _BLOCK_BYTES_MAX:
            raise UsageError(f"memory exhausted by input buffer of size {size} bytes")
        if "count" in self._numbers:
            self._left = self._numbers["count"] * size
        self._open(call)

    def _number(self, text: str) -> int:
        product = 1
        for part in text.split("x"):
            try:
                product *= parse_count(part)
            except UsageError:
                quote = (
                    f"invalid number '{text}'"
                    if self._is_busybox
                    else (f"invalid number: '{text}'")
                )
                raise UsageError(quote) from None
        return product

    @property
    def _block(self) -> int:
        return self._numbers.get("bs", self._numbers.get("ibs", 512))

    def _open(self, call: Invocation) -> None:
        system, size = call.system, self._block
        if "if" in self._words:
            self._source = self._opened(call, self._words["if"], 0)
        skip = self._numbers.get("skip", 0) * size
        self._skipped = skip
        if skip and self._source != STDIN:
            try:
                system.seek(self._source, skip, SEEK_SET)
                self._skipped = 0
            except Errno:
                self._skipped = skip
        if "of" in self._words:
            keeps = "notrunc" in self._words.get("conv", "") or "seek" in self._numbers
            flags = O_WRONLY | O_CREAT | (0 if keeps else O_TRUNC)
            self._target = self._opened(call, self._words["of"], flags)
            seek = self._numbers.get("seek", 0) * self._numbers.get("obs", size)
            if seek and "notrunc" not in self._words.get("conv", ""):
                system.ftruncate(self._target, seek)
            if seek:
                system.seek(self._target, seek, SEEK_SET)

    def _opened(self, call: Invocation, path: str, flags: int) -> int:
        try:
            return call.system.open(path, flags)
        except Errno as error:
            gnu = f"failed to open '{path}': {error.text}"
            text = call.either(gnu, f"can't open '{path}': {error.text}")
            raise UsageError(text) from None

    def _read(self, call: Invocation) -> Outcome:
        wanted = _PIECE_BYTES if self._left < 0 else min(self._left, _PIECE_BYTES)
        if not wanted and not self._skipped:
            return self._finish(call)
        data = call.system.read(self._source, max(wanted, 1))
        if data is None:
            return Waiting(readable=(self._source,))
        call.system.work(1 + len(data) // 1024)
        if not data:
            return self._finish(call)
        if self._skipped:
            dropped = min(self._skipped, len(data))
            self._skipped -= dropped
            data = data[dropped:][: wanted if self._left >= 0 else None]
        self._taken += len(data)
        self._left -= len(data) if self._left >= 0 else 0
        conversions = self._words.get("conv", "").split(",")
        if "ucase" in conversions or "lcase" in conversions:
            data = data.upper() if "ucase" in conversions else data.lower()
        self._pending = data
        return AGAIN

    def _finish(self, call: Invocation) -> Outcome:
        self._tell(call)
        self._is_over = True
        return AGAIN

    def _tell(self, call: Invocation) -> None:
        status = self._words.get("status", "")
        if status == "none":
            return
        size = self._block
        lines = [
            f"{count // size}+{int(count % size > 0)} records {way}"
            for count, way in ((self._taken, "in"), (self._written, "out"))
        ]
        if status != "noxfer":
            lines.append(self._summary(call))
        call.err.extend("".join(f"{line}\n" for line in lines).encode())

    def _summary(self, call: Invocation) -> str:
        total = self._written
        seconds = max((call.system.now_ms - self._begin_ms) / 1000, total / 2e9, 0.0001)
        if self._is_busybox:
            shown = _scaled(total, _BINARY, "B").replace("i", "").replace(" ", "")
            rate = _scaled(total / seconds, _BINARY, "B").replace("i", "").replace(" ", "")
            return f"{total} bytes ({shown}) copied, {seconds:.6f} seconds, {rate}/s"
        parts = [_scaled(total, units, "") for units in (_UNITS, _BINARY)]
        parts = [part for part in parts if part]
        note = f" ({', '.join(parts)})" if parts else ""
        noun = "byte" if total == 1 else "bytes"
        rate = _scaled(total / seconds, _UNITS, "B")
        return f"{total} {noun}{note} copied, {seconds:.6g} s, {rate}/s"


def _scaled(number: float, units: tuple[tuple[int, str], ...], plain: str) -> str:
    for size, name in units:
        if number >= size:
            value = number / size
            return f"{value:.1f} {name}" if value < 10 else f"{value:.0f} {name}"
    return f"{number:.1f} {plain}" if plain else ""
