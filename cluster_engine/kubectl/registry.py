"""Every command of kubectl, in the groups that its help shows."""

from __future__ import annotations

from cluster_engine.kubectl.command import Command
from cluster_engine.kubectl.commands import (
    annotate,
    api_resources,
    api_versions,
    apply,
    attach,
    auth,
    autoscale,
    cluster_info,
    config,
    cordon,
    create,
    delete,
    describe,
    drain,
    events,
    exec,
    explain,
    expose,
    get,
    label,
    logs,
    patch,
    replace,
    rollout,
    run,
    scale,
    set,
    taint,
    uncordon,
    version,
    wait,
)

GROUPS: tuple[tuple[str, tuple[Command, ...]], ...] = (
    (
        "Basic Commands (Beginner)",
        (create.COMMAND, expose.COMMAND, run.COMMAND, set.COMMAND),
    ),
    (
        "Basic Commands (Intermediate)",
        (explain.COMMAND, get.COMMAND, delete.COMMAND),
    ),
    ("Deploy Commands", (rollout.COMMAND, scale.COMMAND, autoscale.COMMAND)),
    (
        "Cluster Management Commands",
        (cluster_info.COMMAND, cordon.COMMAND, uncordon.COMMAND, drain.COMMAND, taint.COMMAND),
    ),
    (
        "Troubleshooting and Debugging Commands",
        (
            describe.COMMAND,
            logs.COMMAND,
            attach.COMMAND,
            exec.COMMAND,
            auth.COMMAND,
            events.COMMAND,
        ),
    ),
    ("Advanced Commands", (apply.COMMAND, patch.COMMAND, replace.COMMAND, wait.COMMAND)),
    ("Settings Commands", (label.COMMAND, annotate.COMMAND)),
    (
        "Other Commands",
        (api_resources.COMMAND, api_versions.COMMAND, config.COMMAND, version.COMMAND),
    ),
)

ROOT = Command(
    name="kubectl",
    short="kubectl controls the Kubernetes cluster manager",
    children=tuple(command for _, commands in GROUPS for command in commands),
)
