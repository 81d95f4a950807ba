"""xargs: its input as arguments of a command."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import Ended, Spawn, System
from cluster_engine.shell.commands.command import (
    STDIN,
    Invocation,
    Output,
    UsageError,
    decoded,
)
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.xargs_words import Splitter

_WORDS_MAX = 5000
_BYTES_MAX = 128 * 1024
_PARALLEL_MAX = 32
_PIECE_BYTES = 4096
_FAILED, _ABORTED, _KILLED, _NOT_EXECUTABLE, _NOT_FOUND = 123, 124, 125, 126, 127
_LONG = {
    "null": "0",
    "arg-file": "a",
    "delimiter": "d",
    "replace": "i?",
    "max-lines": "l?",
    "max-args": "n",
    "max-procs": "P",
    "max-chars": "s",
    "no-run-if-empty": "r",
    "verbose": "t",
    "interactive": "p",
    "exit": "x",
    "eof": "E",
}


class Xargs:
    """The program: words wait until there are enough of them for a command."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._output = Output()
        self._options: Options | None = None
        self._command: list[str] = []
        self._splitter = Splitter()
        self._fd = STDIN
        self._mark = ""
        #: Words (or lines) a command gets, at most; 0 stands for as many as fit.
        self._per_command = 0
        self._words: list[str] = []
        self._is_input_done = False
        self._has_run = False
        self._children: list[int] = []
        self._parallel = 1
        self._code = 0
        self._is_over = False

    def step(self, system: System) -> Outcome:
        """Read, run, wait."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        call = Invocation(
            system, self._arguments, None, self._output.out, self._output.err, self._is_busybox
        )
        try:
            return self._go_on(call)
        except UsageError as error:
            self._code = call.misused(error)
            self._is_over = True
            return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _go_on(self, call: Invocation) -> Outcome:
        if self._options is None and not self._is_over:
            self._begin(call)
            return AGAIN
        outcome = self._reap(call)
        if outcome is not None:
            return outcome
        if self._output.err:
            return AGAIN
        if self._is_over:
            return Waiting(children=(-1,)) if self._children else Exited(self._code)
        batch = self._batch()
        if batch is not None:
            self._start(call, batch)
            return AGAIN
        if self._is_input_done:
            self._is_over = True
            return AGAIN
        return self._read(call)

    def _begin(self, call: Invocation) -> None:
        options, words = parse(call, "0rtpx", "anPsdIEL", _LONG, stops_early=True, optional="ile")
        self._options = options
        self._command = words or ["echo"]
        self._mark = options.get("I", options.get("i", "") or ("{}" if "i" in options else ""))
        lines = options.last("nLl")
        by_line = bool(self._mark) or lines in ("L", "l")
        self._per_command = self._number(call, lines) if lines and not self._mark else 0
        if self._mark:
            self._per_command = 1
        self._parallel = min(options.count("P", 1) or _PARALLEL_MAX, _PARALLEL_MAX)
        delimiter = "\0" if "0" in options else _delimiter(options.get("d", ""))
        self._splitter = Splitter(delimiter, by_line=by_line, keeps_line=bool(self._mark))
        if "a" in options:
            try:
                self._fd = call.system.open(options["a"])
            except Errno as error:
                text = f"Cannot open input file '{options['a']}': {error.text}"
                raise UsageError(call.either(text, f"{options['a']}: {error.text}")) from None

    def _number(self, call: Invocation, letter: str) -> int:
        assert self._options is not None
        text = self._options[letter] or "1"
        if not text.lstrip("-").isdecimal():
            gnu = f'invalid number "{text}" for -{letter} option'
            raise UsageError(call.either(gnu, f"invalid number '{text}'"), has_hint=True)
        if int(text[:9]) < 1:
            raise UsageError(f"value {text} for -{letter} option should be >= 1", has_hint=True)
        return int(text[:9])

    # Input

    def _read(self, call: Invocation) -> Outcome:
        data = call.system.read(self._fd, _PIECE_BYTES)
        if data is None:
            children = (-1,) if self._children else ()
            return Waiting(readable=(self._fd,), children=children)
        if not data:
            self._is_input_done = True
            self._words += self._splitter.finish()
            return AGAIN
        self._words += self._splitter.take(decoded(data))
        end = self._options.get("E") if self._options is not None else None
        if end and end in self._words:
            del self._words[self._words.index(end) :]
            self._is_input_done = True
        return AGAIN

    def _batch(self) -> list[str] | None:
        """The words of the next command, when there are enough of them."""
        assert self._options is not None
        size = self._per_command or _WORDS_MAX
        size = min(size, self._fitting())
        if len(self._words) >= size or (self._is_input_done and self._words):
            batch, self._words = self._words[:size], self._words[size:]
            return batch
        if self._is_input_done and not self._has_run:
            is_needed = not ("r" in self._options or self._mark)
            self._has_run = True
            return [] if is_needed else None
        return None

    def _fitting(self) -> int:
        """How many of the words fit into one command line."""
        total = 0
        for count, word in enumerate(self._words):
            total += len(word) + 1
            if total > _BYTES_MAX:
                return max(count, 1)
        return _WORDS_MAX

    # Commands

    def _start(self, call: Invocation, batch: list[str]) -> None:
        assert self._options is not None
        self._has_run = True
        if self._mark:
            words = [part.replace(self._mark, batch[0]) for part in self._command]
        else:
            words = [*self._command, *(part for word in batch for part in _parts(word))]
        if "t" in self._options:
            call.err.extend((" ".join(words) + "\n").encode("utf-8", "surrogateescape"))
        fds = {0: 0, 1: 1, 2: 2}
        opened = -1
        try:
            if self._fd == STDIN and call.system.exists("/dev/null"):
                opened = fds[0] = call.system.open("/dev/null")
            self._children.append(call.system.spawn(Spawn(words, fds=fds)))
        except Errno as error:
            text = f"{words[0]}: {error.text}"
            call.complain(text)
            self._code = _NOT_FOUND if error.name == "ENOENT" else _NOT_EXECUTABLE
            self._is_over = True
        if opened >= 0:
            call.system.close(opened)

    def _reap(self, call: Invocation) -> Outcome | None:
        """Take ended children; what to wait for when no more may be started."""
        for child in list(self._children):
            ended = call.system.wait(child)
            if ended is not None and not ended.is_stopped:
                self._children.remove(child)
                self._judge(call, ended)
        if len(self._children) >= self._parallel:
            return Waiting(children=(-1,))
        return None

    def _judge(self, call: Invocation, ended: Ended) -> None:
        name = self._command[0]
        if ended.signal:
            call.complain(f"{name}: terminated by signal {ended.signal}")
            self._code, self._is_over = _KILLED, True
        elif ended.code == 255:
            call.complain(f"{name}: exited with status 255; aborting")
            self._code, self._is_over = _ABORTED, True
        elif ended.code:
            self._code = _FAILED


def _delimiter(text: str) -> str:
    names = {"\\n": "\n", "\\t": "\t", "\\0": "\0", "\\\\": "\\", "\\r": "\r"}
    return names.get(text, text[:1])


def _parts(word: str) -> list[str]:
    """The words of a line that was kept together."""
    return word.split("\0") if "\0" in word else [word]
