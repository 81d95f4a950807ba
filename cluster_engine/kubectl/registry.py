"""Every command of kubectl, in the groups that its help shows."""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.commands import apply, attach, create, delete, describe, exec, get, logs

GROUPS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    ("Basic Commands (Beginner)", (create.COMMAND,)),
    ("Basic Commands (Intermediate)", (get.COMMAND, delete.COMMAND)),
    (
        "Troubleshooting and Debugging Commands",
        (describe.COMMAND, logs.COMMAND, attach.COMMAND, exec.COMMAND),
    ),
    ("Advanced Commands", (apply.COMMAND,)),
)

ROOT = Command(
    name="kubectl",
    short="kubectl controls the Kubernetes cluster manager",
    children=tuple(command for _, commands in GROUPS for command in commands),
)
