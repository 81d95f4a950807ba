"""Every command of kubectl, in the groups that its help shows."""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.commands import (
    annotate,
    apply,
    attach,
    autoscale,
    create,
    delete,
    describe,
    exec,
    explain,
    expose,
    get,
    label,
    logs,
    rollout,
    run,
    scale,
    taint,
)

GROUPS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    ("Basic Commands (Beginner)", (create.COMMAND, expose.COMMAND, run.COMMAND)),
    ("Basic Commands (Intermediate)", (explain.COMMAND, get.COMMAND, delete.COMMAND)),
    (
        "Troubleshooting and Debugging Commands",
        (describe.COMMAND, logs.COMMAND, attach.COMMAND, exec.COMMAND),
    ),
    ("Deploy Commands", (rollout.COMMAND, scale.COMMAND, autoscale.COMMAND)),
    ("Cluster Management Commands", (taint.COMMAND,)),
    ("Advanced Commands", (apply.COMMAND,)),
    ("Settings Commands", (label.COMMAND, annotate.COMMAND)),
)

ROOT = Command(
    name="kubectl",
    short="kubectl controls the Kubernetes cluster manager",
    children=tuple(command for _, commands in GROUPS for command in commands),
)
