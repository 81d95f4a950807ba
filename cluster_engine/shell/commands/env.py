"""env: the environment, or a command in another one."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome
from cluster_engine.runtime.system import Spawn, System
from cluster_engine.shell.commands.running import Runner


class Env(Runner):
    """The program."""

    def step(self, system: System) -> Outcome:
        """Print the environment when there is nothing to run."""
        if not self.child:
            environment, command = self._split(system)
            if not command:
                text = "".join(f"{name}={value}\n" for name, value in environment.items())
                try:
                    system.write(1, text.encode("utf-8", "surrogateescape"))
                except Errno:
                    return Exited(1)
                return Exited(0)
        return super().step(system)

    def plan(self, system: System) -> Spawn:
        """The command with the changed environment."""
        environment, command = self._split(system)
        return Spawn(command, environment=environment)

    def _split(self, system: System) -> tuple[dict[str, str], list[str]]:
        environment, words = dict(system.environment), self.arguments[1:]
        while words and words[0].startswith("-"):
            word = words.pop(0)
            if word in ("-i", "-", "--ignore-environment"):
                environment = {}
            elif word == "-u" and words:
                environment.pop(words.pop(0), None)
            elif word == "--":
                break
        while words and "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            environment[name] = value
        return environment, words
