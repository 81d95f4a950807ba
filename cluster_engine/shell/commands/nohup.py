"""nohup: a command that the end of the terminal does not end."""

from __future__ import annotations

from cluster_engine.runtime.system import Spawn, System
from cluster_engine.shell.commands.running import Runner

_SIGHUP = 1


class Nohup(Runner):
    """The program."""

    def plan(self, system: System) -> Spawn | int:
        """The command, ignoring SIGHUP."""
        if len(self.arguments) < 2:
            text = b"nohup: missing operand\nTry 'nohup --help' for more information.\n"
            system.write(2, text)
            return 125
        if system.is_tty(1):
            system.write(2, b"nohup: ignoring input\n")
        return Spawn(self.arguments[1:], ignored=(_SIGHUP,))
