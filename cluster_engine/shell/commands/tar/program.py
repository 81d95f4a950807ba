"""tar: creates (-c), appends to (-r), extracts (-x) or lists (-t) an archive."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import STDIN, Invocation, Output, UsageError
from cluster_engine.shell.commands.tar.options import TarOptions, parse_tar
from cluster_engine.shell.commands.tar.reading import Reader
from cluster_engine.shell.commands.tar.writing import Writer
from cluster_engine.shell.commands.usages import help_text

_PIECE_BYTES = 64 * 1024
_MEMBERS_PER_STEP = 20
_WORK_PER_MEMBER = 10


class Tar:
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._output = Output()
        self._options: TarOptions | None = None
        self._reader: Reader | None = None
        self._writer: Writer | None = None
        self._fd = STDIN
        self._is_input_done = False
        self._code = -1

    def step(self, system: System) -> Outcome:
        """Write what waits, then go on."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._output.is_broken:
            return Exited(2)
        if self._code >= 0:
            return Exited(self._code)
        call = Invocation(
            system, self._arguments, None, self._output.out, self._output.err, self._is_busybox
        )
        try:
            return self._go_on(call)
        except UsageError as error:
            self._code = call.misused(error)
        except Errno as error:
            call.complain(error.text)
            self._code = 2
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _go_on(self, call: Invocation) -> Outcome:
        if self._options is None:
            self._begin(call)
        elif self._writer is not None:
            self._write(call, self._writer)
        elif self._reader is not None:
            return self._read(call, self._reader)
        return AGAIN

    def _begin(self, call: Invocation) -> None:
        text = help_text(self._arguments, is_busybox=self._is_busybox)
        if text is not None:
            call.say(text)
            self._code = 0
            return
        self._options = options = parse_tar(self._arguments[1:], is_busybox=self._is_busybox)
        if options.mode in ("c", "r", "u"):
            self._writer = Writer(options)
            self._writer.begin(call)
            return
        self._reader = Reader(options)
        if options.file != "-":
            try:
                self._fd = call.system.open(options.file)
            except Errno as error:
                if self._is_busybox:
                    raise UsageError(f"can't open '{options.file}': {error.text}") from None
                call.complain(f"{options.file}: Cannot open: {error.text}")
                raise UsageError("Error is not recoverable: exiting now", 2) from None

    def _write(self, call: Invocation, writer: Writer) -> None:
        for _ in range(_MEMBERS_PER_STEP):
            writer.add_next(call)
            call.system.work(_WORK_PER_MEMBER)
            if writer.is_done or len(call.out) > _PIECE_BYTES:
                break
        if writer.is_done:
            self._code = writer.code

    def _read(self, call: Invocation, reader: Reader) -> Outcome:
        if not reader.is_packed:
            for _ in range(_MEMBERS_PER_STEP):
                if len(call.out) > _PIECE_BYTES:
                    return AGAIN
                if not reader.work(call):
                    break
                call.system.work(_WORK_PER_MEMBER)
            else:
                return AGAIN
        if self._is_input_done:
            if reader.is_packed:
                reader.unpack()
            elif not reader.work(call):
                if not reader.is_done:
                    reader.finish(call)
                self._code = reader.code
            return AGAIN
        data = call.system.read(self._fd, _PIECE_BYTES)
        if data is None:
            return Waiting(readable=(self._fd,))
        self._is_input_done = not data
        if not reader.is_done:
            reader.take(data)
        return AGAIN
