"""sed: edits lines as they pass; with -i, files in place."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Invocation, UsageError, decoded
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.sed.editor import Editor
from cluster_engine.shell.commands.sed.parsing import parse_script
from cluster_engine.shell.commands.streaming import LineFilter

_LONG = {
    "quiet": "n",
    "silent": "n",
    "regexp-extended": "E",
    "expression": "e",
    "file": "f",
    "in-place": "i?",
    "separate": "s",
    "null-data": "z",
    "unbuffered": "u",
    "posix": "posix",
    "sandbox": "sandbox",
}


class Sed(LineFilter):
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._editor: Editor | None = None
        self._is_in_place = False
        self._suffix = ""
        self._is_separate = False
        self._is_busy = False
        self._begun: list[str] = []
        self._is_skipped = False
        #: The file to write back when the editor is done with it.
        self._edited = ""

    def begin(self, call: Invocation) -> list[str]:
        """Read options and script."""
        options, operands = parse(call, "nErszu", "efl", _LONG, optional="i")
        pieces = []
        for letter, value in options.given:
            if letter == "e":
                pieces.append(value)
            elif letter == "f":
                pieces.append(decoded(self._script_file(call, value)).removesuffix("\n"))
        if not pieces:
            if not operands:
                raise UsageError("", 1, has_hint=True)
            pieces = [operands.pop(0)]
        script = "\n".join(pieces)
        is_quiet = "n" in options or script.startswith("#n\n")
        is_extended = "E" in options or "r" in options
        self.separator = "\0" if "z" in options else "\n"
        program = parse_script(script, is_extended=is_extended, is_busybox=call.is_busybox)
        self._is_in_place = "i" in options
        self._suffix = options.get("i", "")
        self._is_separate = self._is_in_place or "s" in options
        self._editor = Editor(program, is_quiet, self.separator)
        if not self._is_in_place:
            self._editor.out = call.out
        return operands or ["-"]

    def _script_file(self, call: Invocation, name: str) -> bytes:
        try:
            return call.system.read_file(name)
        except Errno as error:
            raise UsageError(f"couldn't open file {name}: {error.text}") from None

    @property
    def _edits(self) -> Editor:
        assert self._editor is not None
        return self._editor

    def opened(self, call: Invocation, name: str) -> None:
        """Another file."""
        self._edits.name = name
        if self._is_in_place and name != "-" and call.system.stat(name).kind != "file":
            call.complain(f"couldn't edit {name}: not a regular file")
            self.code = 4
            self.skips_file = self._is_skipped = True
        if self._is_separate:
            self._edits.next_file(is_separate=True)

    def unreadable(self, call: Invocation, name: str, error: Errno) -> None:
        """GNU's and BusyBox' ways of saying so."""
        if error.name == "EISDIR":
            text = f"read error on {name}: {error.text}"
        else:
            text = f"can't read {name}: {error.text}"
        call.complain(call.either(text, f"{name}: {error.text}"))
        code = 1 if call.is_busybox else 4 if error.name == "EISDIR" else 2
        self.code = self.code or code

    def line(self, call: Invocation, text: str, is_ended: bool) -> None:
        """One more line for the editor."""
        self._edits.waiting.append((text, is_ended))
        self._run(call)

    def work_left(self, call: Invocation) -> bool:
        """The editor first, then the file it has edited, then the lines that have been read."""
        if self._is_busy:
            self._run(call)
            return True
        if self._edited:
            self._write_back(call, self._edited)
            self._edited = ""
            return True
        return super().work_left(call)

    def ended(self, call: Invocation, name: str) -> None:
        """The end of a file that is edited for itself."""
        if self._is_separate and not self._is_skipped:
            self._edits.is_at_end = True
            self._run(call)
            self._edited = name if self._is_in_place else ""
        self._is_skipped = False

    def ending(self, call: Invocation) -> None:
        """The end of all input."""
        if not self._is_separate:
            self._edits.is_at_end = True
            self._run(call)

    def finish(self, call: Invocation) -> None:
        """What `q` said."""
        self.code = self._edits.code or self.code

    def meter(self) -> int:
        """What the editor has done."""
        return self._editor.work if self._editor is not None else 0

    def _run(self, call: Invocation) -> None:
        editor = self._edits
        if not self._is_in_place:
            editor.out = call.out
        self._is_busy = editor.run(call)
        for path, content in editor.take_written().items():
            is_new = path not in self._begun
            self._begun.append(path)
            call.system.write_file(path, bytes(content), append=not is_new)
        if editor.has_quit:
            self._is_busy = False
            self.skips_file = True
            self.is_done = not self._is_in_place

    def _write_back(self, call: Invocation, name: str) -> None:
        editor = self._edits
        try:
            if self._suffix:
                backup = self._suffix if "*" in self._suffix else f"*{self._suffix}"
                call.system.write_file(backup.replace("*", name), call.system.read_file(name))
            call.system.write_file(name, bytes(editor.out))
        except Errno as error:
            call.complain(f"couldn't open file {name}: {error.text}")
            self.code = 4
        editor.out = bytearray()
        self.is_done = editor.has_quit
