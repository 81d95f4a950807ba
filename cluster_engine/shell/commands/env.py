"""env: the environment, or a command in another one."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import Spawn
from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.running import Runner

_LONG = {
    "ignore-environment": "i",
    "unset": "u",
    "chdir": "C",
    "null": "0",
    "split-string": "S",
}


class Env(Runner):
    """The program."""

    def plan(self, call: Invocation) -> Spawn | int:
        """Print the environment when there is nothing to run, else run it in a changed one."""
        words = call.arguments
        call.arguments = ["-i" if word == "-" else word for word in words[:2]] + words[2:]
        options, operands = parse(call, "i0v", "uCS", _LONG, code=125, stops_early=True)
        environment = {} if "i" in options else dict(call.system.environment)
        for name in options.all("u"):
            environment.pop(name, None)
        operands = options.get("S", "").split() + operands
        while operands and "=" in operands[0]:
            name, _, value = operands.pop(0).partition("=")
            environment[name] = value
        if not operands:
            end = "\0" if "0" in options else "\n"
            call.say("".join(f"{name}={value}{end}" for name, value in environment.items()))
            return 0
        folder = options.get("C")
        if folder is not None:
            try:
                call.system.chdir(folder)
            except Errno as error:
                text = f"cannot change directory to '{folder}': {error.text}"
                raise UsageError(text, 125) from None
        return Spawn(operands, environment=environment)
