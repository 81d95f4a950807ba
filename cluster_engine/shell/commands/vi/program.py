"""vi, the program: takes the terminal, hands keys to the editor, draws."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import Spawn, System
from cluster_engine.shell.commands.command import (
    STDIN,
    Invocation,
    Output,
    UsageError,
    encoded,
)
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.screens.canvas import Canvas
from cluster_engine.shell.commands.screens.keys import Keyboard
from cluster_engine.shell.commands.vi.colon import run_line
from cluster_engine.shell.commands.vi.editor import Editor
from cluster_engine.shell.commands.vi.files import open_file
from cluster_engine.shell.commands.vi.press import press

_WINDOW_CHANGED = 28
_INTERRUPTED = 2
_ENTER, _LEAVE = "\x1b[?1049h", "\x1b[?1049l"
_KEYS_PER_STEP = 200


class Vi:
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._output = Output()
        self._editor: Editor | None = None
        self._canvas = Canvas(STDIN)
        self._keyboard = Keyboard()
        self._keys: list[str] = []
        self._child = 0
        self._is_waiting_for_key = False
        self._code = -1

    def step(self, system: System) -> Outcome:
        """Write out, take keys, draw."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._code >= 0 or self._output.is_broken:
            self._canvas.close(system)
            return Exited(max(self._code, 0))
        if self._editor is None:
            self._start(system)
            return AGAIN
        if self._child:
            return self._await_child(system)
        if self._keys:
            self._take_keys(system, self._editor)
            return AGAIN
        try:
            data = system.read(STDIN)
        except Errno:
            data = b""
        if data is None:
            return Waiting(readable=(STDIN,))
        if not data:
            self._finish(self._editor)
            return AGAIN
        self._keys = self._keyboard.feed(data)
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """A new size of the window is looked at; ^C is a key like others."""
        if number == _WINDOW_CHANGED and self._editor is not None and not self._child:
            if self._canvas.measure(system):
                self._draw(self._editor)
            return True
        return number == _INTERRUPTED

    def _start(self, system: System) -> None:
        call = Invocation(
            system, self._arguments, None, self._output.out, self._output.err, self._is_busybox
        )
        try:
            options, files = parse(call, "RHh", "c")
        except UsageError as error:
            self._code = call.misused(error)
            return
        if not system.is_tty(STDIN):
            call.complain("can't read user input")
            self._code = 1
            return
        editor = Editor(files=files, is_readonly="R" in options)
        if files:
            open_file(editor, system, files[0])
        for line in options.all("c"):
            run_line(editor, system, line)
        self._editor = editor
        self._canvas.open(system)
        self._output.out += _ENTER.encode()
        self._draw(editor)

    def _take_keys(self, system: System, editor: Editor) -> None:
        taken, self._keys = self._keys[:_KEYS_PER_STEP], self._keys[_KEYS_PER_STEP:]
        system.work(20 + len(taken))
        for at, key in enumerate(taken):
            if self._is_waiting_for_key:
                self._is_waiting_for_key = False
                self._output.out += _ENTER.encode()
                self._canvas.forget()
                continue
            press(editor, system, key)
            if editor.is_over:
                self._finish(editor)
                return
            if editor.outside:
                self._keys = taken[at + 1 :] + self._keys
                self._run_outside(system, editor)
                return
        self._draw(editor)

    def _draw(self, editor: Editor) -> None:
        editor.columns, editor.rows = self._canvas.columns, self._canvas.rows
        rows, cursor = editor.drawn()
        self._output.out += encoded(self._canvas.draw(rows, cursor))

    def _finish(self, editor: Editor) -> None:
        bottom = f"\x1b[{self._canvas.rows};1H\x1b[K"
        self._output.out += (bottom + _LEAVE).encode()
        self._code = editor.code

    def _run_outside(self, system: System, editor: Editor) -> None:
        """`:!command`: on the ordinary screen, with the terminal as it was."""
        command, editor.outside = editor.outside, ""
        self._canvas.close(system)
        self._output.out += f"\x1b[{self._canvas.rows};1H\x1b[K{_LEAVE}".encode()
        self._output.drain(system)
        try:
            self._child = system.spawn(Spawn(("sh", "-c", command)))
        except Errno as error:
            editor.alarm(error.text)
            self._canvas.open(system)
            self._draw(editor)

    def _await_child(self, system: System) -> Outcome:
        ended = system.wait(self._child)
        if ended is None or ended.is_stopped:
            return Waiting(children=(self._child,))
        self._child = 0
        self._canvas.open(system)
        self._output.out += b"[Hit return to continue]"
        self._is_waiting_for_key = True
        return AGAIN
