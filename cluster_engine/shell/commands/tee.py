"""tee: its input to files and to standard output."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Invocation
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.streaming import InputFilter

_LONG = {"append": "a", "ignore-interrupts": "i", "output-error": "p?"}
_SIGINT = 2


class Tee(InputFilter):
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._targets: list[str] = []

    def begin(self, call: Invocation) -> list[str]:
        """Open the files."""
        options, files = parse(call, "aip", "", _LONG)
        if "i" in options:
            call.system.ignore_signals((*call.system.ignored_signals(), _SIGINT))
        self._targets = [path for path in files if path != "-"]
        for path in list(self._targets):
            self._put(call, path, b"", is_appending="a" in options)
        return ["-"]

    def piece(self, call: Invocation, data: bytes) -> None:
        """Pass it on."""
        for path in list(self._targets):
            self._put(call, path, data, is_appending=True)
        call.say(data)

    def _put(self, call: Invocation, path: str, data: bytes, *, is_appending: bool) -> None:
        try:
            call.system.write_file(path, data, append=is_appending)
        except Errno as error:
            call.complain(f"{path}: {error.text}")
            self.code = 1
            self._targets.remove(path)
