"""`kubectl options`: the flags that every command takes."""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.help import options_help
from cluster_engine.kubectl.session import Session


def run(session: Session) -> int:
    session.write(options_help())
    return 0


COMMAND = Command(
    name="options",
    short="Print the list of flags inherited by all commands",
    usage="",
    examples="""# Print flags inherited by all commands
kubectl options""",
    run=run,
)
