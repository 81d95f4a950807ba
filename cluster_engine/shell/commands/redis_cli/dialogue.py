"""The lines that a person types (or a pipe brings), and what they mean to redis-cli itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.runtime.program import AGAIN, Outcome, Waiting
from cluster_engine.shell.commands.command import STDIN, STDOUT, Invocation, decoded
from cluster_engine.shell.commands.redis_cli.replies import split_line
from cluster_engine.shell.interactive.editor import ACCEPT, END, INTERRUPT, Editor

_LINE_BYTES_MAX = 1024 * 1024
_HISTORY_MAX = 500
_REPEATS_MAX = 1000


@dataclass(slots=True)
class Line:
    """What a line asks for: words to send, a text to print, or another server."""

    words: list[bytes] = field(default_factory=list)
    count: int = 1
    text: str = ""
    place: tuple[str, int] | None = None


class Dialogue:
    """Reads lines; knows which database and transaction the prompt shows."""

    def __init__(self, *, is_terminal: bool) -> None:
        self.is_terminal = is_terminal
        self._editor: Editor | None = None
        self._history: list[str] = []
        self._typed = bytearray()
        self._line: str | None = None
        self._is_ended = False
        self._database = "0"
        self._is_in_transaction = False

    @property
    def database(self) -> int:
        """The number of the database that is selected."""
        return int(self._database) if self._database.isdecimal() else 0

    def read(self, call: Invocation, place: str) -> Outcome | None:
        """Read on; None when a line (or the end) has come. `place` is the server, "" without."""
        if self._line is not None or self._is_ended:
            return None
        return self._edit(call, place) if self.is_terminal else self._collect(call)

    def _edit(self, call: Invocation, place: str) -> Outcome:
        system = call.system
        if self._editor is None:
            columns, _ = system.window_size(STDOUT)
            system.set_raw(STDIN, True)
            self._editor = Editor(self._prompt(place), columns, self._history)
            call.out.extend(self._editor.take_screen().encode())
            return AGAIN
        byte = system.read(STDIN, 1)
        if byte is None:
            return Waiting(readable=(STDIN,))
        event = self._editor.feed(byte[0]) if byte else END
        call.out.extend(self._editor.take_screen().encode("utf-8", "surrogateescape"))
        if event in (ACCEPT, INTERRUPT, END):
            if event != ACCEPT:
                self._is_ended = True
                call.say("\r\n" if event == END else "")
            else:
                self._line = self._editor.line
            self._editor = None
            system.set_raw(STDIN, False)
        return AGAIN

    def _prompt(self, place: str) -> str:
        if not place:
            return "not connected> "
        database = f"[{self._database}]" if self._database != "0" else ""
        transaction = "(TX)" if self._is_in_transaction else ""
        return f"{place}{database}{transaction}> "

    def _collect(self, call: Invocation) -> Outcome:
        end = self._typed.find(b"\n")
        if end >= 0:
            self._line = decoded(bytes(self._typed[:end]))
            del self._typed[: end + 1]
            return AGAIN
        data = call.system.read(STDIN, 4096)
        if data is None:
            return Waiting(readable=(STDIN,))
        self._typed += data
        if not data:
            if self._typed:
                self._line = decoded(bytes(self._typed))
                self._typed.clear()
            else:
                self._is_ended = True
        elif len(self._typed) > _LINE_BYTES_MAX:
            self._typed.clear()
        return AGAIN

    def take(self) -> Line | None:
        """The line that has come; None at the end."""
        if self._line is None:
            return None
        line, self._line = self._line, None
        if line.strip() and self.is_terminal and self._history[-1:] != [line]:
            self._history.append(line)
            del self._history[:-_HISTORY_MAX]
        words = split_line(line)
        if words is None:
            return Line(text="Invalid argument(s)\n")
        if not words:
            return Line(count=0)
        name = words[0].decode("utf-8", "replace").lower()
        if name in ("quit", "exit"):
            return None
        if name == "clear":
            return Line(text="\x1b[H\x1b[2J")
        if name in ("help", "?"):
            return Line(text=HELP)
        if name == ":set":
            return Line(count=0)
        if name == "connect" and len(words) == 3 and words[2].isdigit():
            return Line(place=(words[1].decode("utf-8", "replace"), int(words[2])))
        if name.isdecimal() and len(words) > 1:
            return Line(words[1:], min(int(name[:6]), _REPEATS_MAX))
        return Line(words)

    def after(self, name: str, words: list[bytes], *, is_error: bool, is_nil: bool) -> None:
        """A command has been answered: the prompt may change."""
        del is_nil
        if is_error:
            return
        if name == "select" and len(words) > 1 and not self._is_in_transaction:
            self._database = words[1].decode("utf-8", "replace")
        elif name == "multi":
            self._is_in_transaction = True
        elif name in ("exec", "discard"):
            self._is_in_transaction = False

    def reset(self) -> None:
        """The connection is gone, and with it what it knew."""
        self._database, self._is_in_transaction = "0", False


HELP = """\
redis-cli 7.0.15
To get help about Redis commands type:
      "help @<group>" to get a list of commands in <group>
      "help <command>" for help on <command>
      "help <tab>" to get a list of possible help topics
      "quit" to exit

To set redis-cli preferences:
      ":set hints" enable online hints
      ":set nohints" disable online hints
Set your preferences in ~/.redisclirc
"""
