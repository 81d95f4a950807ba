"""Commands that run another command: start it, wait, end as it ended."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import Ended, Spawn, System
from cluster_engine.shell.commands.command import STDERR, Invocation, UsageError, encoded

NOT_EXECUTABLE, NOT_FOUND = 126, 127
#: Those of GNU's that say more than the name.
_WORDY = ("nice", "nohup", "stdbuf", "timeout", "setsid")


class Runner:
    """Runs one child. Subclasses say what in `plan`, and what to do then in `ended`."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self.arguments = arguments
        self.is_busybox = is_busybox
        self.child = 0

    @property
    def name(self) -> str:
        """The name it was called by."""
        return self.arguments[0].rpartition("/")[2]

    def step(self, system: System) -> Outcome:
        """Start the child, then wait for it."""
        if not self.child:
            call = Invocation(system, self.arguments, is_busybox=self.is_busybox)
            try:
                planned = self.plan(call)
            except UsageError as error:
                planned = call.misused(error)
            tell(system, bytes(call.out), bytes(call.err))
            if isinstance(planned, int):
                return Exited(planned)
            code = self.start(system, planned)
            if code:
                return Exited(code)
        ended = system.wait(self.child)
        if ended is None or ended.is_stopped:
            return self.wait(system)
        return self.ended(system, ended)

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def plan(self, call: Invocation) -> Spawn | int:
        """What to start, or an exit code at once. Raises UsageError."""
        raise NotImplementedError

    def wait(self, system: System) -> Outcome:
        """What to wait for while the child runs."""
        del system
        return Waiting(children=(self.child,))

    def ended(self, system: System, ended: Ended) -> Outcome:
        """The child has ended."""
        del system
        return Exited(ended.status)

    def start(self, system: System, spawn: Spawn) -> int:
        """Start the child; an exit code when that fails."""
        try:
            self.child = system.spawn(spawn)
        except Errno as error:
            wanted = spawn.arguments[0]
            if self.is_busybox:
                text = f"can't execute '{wanted}'"
            elif self.name in _WORDY:
                text = f"failed to run command '{wanted}'"
            else:
                text = f"'{wanted}'"
            tell(system, b"", encoded(f"{self.name}: {text}: {error.text}\n"))
            return NOT_FOUND if error.name == "ENOENT" else NOT_EXECUTABLE
        return 0


def tell(system: System, out: bytes, err: bytes) -> None:
    """Write a little, as far as it is taken."""
    for fd, text in ((STDERR, err), (1, out)):
        if text:
            try:
                system.write(fd, text)
            except Errno:
                return
