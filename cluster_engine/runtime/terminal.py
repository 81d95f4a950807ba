"""A terminal: what is typed becomes lines, echo and signals; what is written becomes output.

The line discipline is a table of keys, as `stty -a` shows it. Bytes only; nothing here knows who is
at the other end.

Models: the Linux tty line discipline (n_tty) with its default characters.
"""

from __future__ import annotations

from cluster_engine.runtime import signals
from cluster_engine.runtime.pipe import Waiters
from cluster_engine.runtime.system import TerminalMode

LINE_BYTES_MAX = 4096
INPUT_BYTES_MAX = 256 * 1024
OUTPUT_BYTES_MAX = 256 * 1024
#: What is remembered of a kept terminal; so much more may pile up before it is cut to that.
KEPT_BYTES_MAX = 256 * 1024
_KEPT_SPARE = 64 * 1024

_INTERRUPT, _QUIT, _SUSPEND = 0x03, 0x1C, 0x1A
_END, _ERASE, _BACKSPACE, _KILL, _WORD = 0x04, 0x7F, 0x08, 0x15, 0x17
_RETURN, _NEWLINE, _LITERAL = 0x0D, 0x0A, 0x16
_SIGNALS = {_INTERRUPT: signals.SIGINT, _QUIT: signals.SIGQUIT, _SUSPEND: signals.SIGTSTP}


class Terminal(Waiters):
    """One terminal. `number` is that of /dev/pts/<number>."""

    __slots__ = (
        "_input_bytes",
        "_line",
        "chunks",
        "columns",
        "container_id",
        "foreground",
        "is_hung_up",
        "kept",
        "mode",
        "number",
        "output",
        "rows",
        "shown_bytes",
    )

    def __init__(self, number: int, columns: int = 80, rows: int = 24) -> None:
        super().__init__()
        self.number = number
        self.columns = columns
        self.rows = rows
        self.mode = TerminalMode()
        #: The process group that gets signals; 0 when there is none.
        self.foreground = 0
        self.output = bytearray()
        self.is_hung_up = False
        #: The container whose first process has it; "" when it is a session's own.
        self.container_id = ""
        #: Input that can be read; b"" is an end (^D on an empty line).
        self.chunks: list[bytes] = []
        self._line = bytearray()
        self._input_bytes = 0
        #: What has been shown last, and how much that was in all; None: output waits in `output`
        #: for one client, who takes it.
        self.kept: bytearray | None = None
        self.shown_bytes = 0

    # The person's side

    def keep(self) -> None:
        """From now on remember what is shown, whether or not anybody looks. Writes never block."""
        if self.kept is None:
            self.kept = bytearray()
            self._remember(bytes(self.output))
            self.output.clear()

    def shown_after(self, position: int, count: int) -> tuple[bytes, int]:
        """Some of what has been shown after `position` (bytes since the beginning), and the
        position after that. What is not remembered any more is left out."""
        if self.kept is None:
            return b"", position
        begin = self.shown_bytes - len(self.kept)
        start = max(position - begin, 0)
        data = bytes(self.kept[start : start + count])
        return data, begin + start + len(data)

    def type(self, data: bytes) -> list[int]:
        """Take what was typed; returns the signals it sends to the foreground group."""
        found: list[int] = []
        if not self.mode.is_canonical and not self.mode.has_signals:
            self._push(data)
            if self.mode.has_echo:
                self.write(data)
            return found
        for key in data:
            number = _SIGNALS.get(key) if self.mode.has_signals else None
            if number is not None:
                self._line.clear()
                self._echo(b"^" + bytes([key + 64]))
                found.append(number)
            elif self.mode.is_canonical:
                self._edit(key)
            else:
                self._push(bytes([key]))
                self._echo(bytes([key]))
        return found

    def take_output(self, count: int) -> bytes:
        """Take what has been written."""
        data = bytes(self.output[:count])
        del self.output[:count]
        return data

    def hang_up(self) -> None:
        """The person is gone: reads end, writes are lost."""
        self.is_hung_up = True
        self.output.clear()

    # The programs' side

    def read(self, count: int) -> bytes | None:
        """Typed bytes (at most a line when canonical), b"" at the end, None when none."""
        if not self.chunks:
            return b"" if self.is_hung_up else None
        chunk = self.chunks[0]
        self._input_bytes -= min(len(chunk), count)
        if len(chunk) > count:
            self.chunks[0] = chunk[count:]
            return chunk[:count]
        del self.chunks[0]
        return chunk

    def write(self, data: bytes) -> int:
        """Show bytes; how many were taken."""
        if self.is_hung_up:
            return len(data)
        if self.kept is not None:
            self._remember(self._as_shown(data))
            return len(data)
        room = OUTPUT_BYTES_MAX - len(self.output)
        taken = data[: max(room, 0)]
        self.output += self._as_shown(taken)
        return len(taken)

    def is_readable(self) -> bool:
        """Whether a read would not block."""
        return bool(self.chunks) or self.is_hung_up

    def is_writable(self) -> bool:
        """Whether a write would not block."""
        return len(self.output) < OUTPUT_BYTES_MAX or self.is_hung_up

    def set_mode(self, mode: TerminalMode) -> None:
        """Another line discipline; half a line typed so far becomes readable without one."""
        if self.mode.is_canonical and not mode.is_canonical and self._line:
            self._push(bytes(self._line))
            self._line.clear()
        was_raw = not self.mode.is_canonical
        self.mode = mode
        if was_raw and mode.is_canonical and self.chunks:
            self._make_lines()

    def _as_shown(self, data: bytes) -> bytes:
        return data.replace(b"\n", b"\r\n") if self.mode.has_newlines else data

    def _remember(self, data: bytes) -> None:
        assert self.kept is not None
        self.shown_bytes += len(data)
        self.kept += data[-KEPT_BYTES_MAX:]
        if len(self.kept) > KEPT_BYTES_MAX + _KEPT_SPARE:
            del self.kept[: len(self.kept) - KEPT_BYTES_MAX]

    def _make_lines(self) -> None:
        """Keys that were typed ahead become lines, as they would have been typed now."""
        keys = b"".join(self.chunks)
        self.discard_input()
        mode, self.mode = self.mode, TerminalMode(True, False, False)
        self.type(keys)
        self.mode = mode

    def discard_input(self) -> None:
        """Forget what was typed ahead."""
        self.chunks.clear()
        self._line.clear()
        self._input_bytes = 0

    # Keys of the canonical mode

    def _edit(self, key: int) -> None:
        line = self._line
        if key in (_ERASE, _BACKSPACE):
            self._rub_out(1)
        elif key == _KILL:
            self._rub_out(len(line.decode(errors="replace")))
        elif key == _WORD:
            text = line.decode(errors="replace")
            kept = text.rstrip()
            kept = kept[: len(kept) - len(kept.split(" ")[-1])]
            self._rub_out(len(text) - len(kept))
        elif key == _END:
            self._push(bytes(line))
            line.clear()
        elif key in (_RETURN, _NEWLINE):
            self._push(bytes(line) + b"\n")
            line.clear()
            self._echo(b"\n")
        elif len(line) < LINE_BYTES_MAX:
            line.append(key)
            self._echo(bytes([key]) if key >= 32 or key == 9 else b"^" + bytes([key + 64]))

    def _rub_out(self, count: int) -> None:
        for _ in range(count):
            if not self._line:
                return
            last = self._line.pop()
            while last & 0xC0 == 0x80 and self._line:
                last = self._line.pop()
            self._echo(b"\b \b" if last >= 32 else b"\b \b\b \b")

    def _push(self, data: bytes) -> None:
        if self._input_bytes + len(data) <= INPUT_BYTES_MAX:
            self.chunks.append(data)
            self._input_bytes += len(data)

    def _echo(self, data: bytes) -> None:
        if self.mode.has_echo:
            self.write(data)
