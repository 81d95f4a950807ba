"""Commands that run another command: start it, wait, end as it ended."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import Spawn, System
from cluster_engine.shell.commands.command import STDERR

NOT_EXECUTABLE, NOT_FOUND = 126, 127


class Runner:
    """Runs one child. Subclasses say what in `plan`, and what to do then in `ended`."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self.child = 0

    def step(self, system: System) -> Outcome:
        """Start the child, then wait for it."""
        if not self.child:
            planned = self.plan(system)
            if isinstance(planned, int):
                return Exited(planned)
            code = self.start(system, planned)
            if code:
                return Exited(code)
        ended = system.wait(self.child)
        if ended is None:
            return self.wait(system)
        return self.ended(system, ended.status)

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def plan(self, system: System) -> Spawn | int:
        """What to start, or an exit code at once."""
        raise NotImplementedError

    def wait(self, system: System) -> Outcome:
        """What to wait for while the child runs."""
        del system
        return Waiting(children=(self.child,))

    def ended(self, system: System, status: int) -> Outcome:
        """The child has ended."""
        del system
        return Exited(status)

    def start(self, system: System, spawn: Spawn) -> int:
        """Start the child; an exit code when that fails."""
        try:
            self.child = system.spawn(spawn)
        except Errno as error:
            name = self.arguments[0].rpartition("/")[2]
            wanted = spawn.arguments[0]
            shown = f"'{wanted}'" if name in ("env", "nohup", "timeout") else wanted
            text = f"failed to run command {shown}" if name in ("nohup", "timeout") else shown
            system.write(STDERR, f"{name}: {text}: {error.text}\n".encode())
            return NOT_FOUND if error.name == "ENOENT" else NOT_EXECUTABLE
        return 0
