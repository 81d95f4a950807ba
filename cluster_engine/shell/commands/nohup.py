"""nohup, nice and setsid: a command in other circumstances."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import O_APPEND, O_CREAT, O_WRONLY, Spawn
from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.running import Runner

_SIGHUP = 1
_FILE = "nohup.out"


class Nohup(Runner):
    """A command that the end of the terminal does not end."""

    def plan(self, call: Invocation) -> Spawn | int:
        """The command, ignoring SIGHUP; a terminal's output goes to a file."""
        if len(self.arguments) < 2:
            raise UsageError("missing operand", 125, has_hint=True)
        system = call.system
        fds = {fd: fd for fd in system.descriptors() if fd <= 2}
        notes = ["ignoring input"] if system.is_tty(0) else []
        if system.is_tty(1):
            try:
                fds[1] = system.open(_FILE, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            except Errno as error:
                call.complain(f"failed to open '{_FILE}': {error.text}")
                return 127
            notes.append(f"appending output to {call.either(repr(_FILE), _FILE)}")
            if system.is_tty(2):
                fds[2] = fds[1]
        elif system.is_tty(2) and notes:
            notes.append("redirecting stderr to stdout")
            fds[2] = 1
        if notes:
            call.complain(" and ".join(notes))
        return Spawn(self.arguments[1:], fds=fds, ignored=(_SIGHUP,))


class Nice(Runner):
    """A command with another priority, which changes nothing here."""

    def plan(self, call: Invocation) -> Spawn | int:
        """Print 0, or run the command."""
        options, words = parse(call, "", "n", {"adjustment": "n"}, code=125, stops_early=True)
        if not words:
            call.line(options.get("n", "0"))
            return 0
        return Spawn(words)


class Setsid(Runner):
    """A command in a session of its own."""

    def plan(self, call: Invocation) -> Spawn | int:
        """Leave the terminal, then run the command."""
        _, words = parse(call, "cfw", "", {"wait": "w", "fork": "f"}, stops_early=True)
        if not words:
            raise UsageError("no command specified", has_hint=True)
        call.system.set_session()
        return Spawn(words)
