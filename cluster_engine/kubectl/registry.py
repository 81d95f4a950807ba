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
    certificate,
    cluster_info,
    completion,
    config,
    cordon,
    cp,
    create,
    debug,
    delete,
    describe,
    diff,
    drain,
    edit,
    events,
    exec,
    explain,
    expose,
    get,
    kustomize,
    label,
    logs,
    options,
    patch,
    plugin,
    port_forward,
    proxy,
    replace,
    rollout,
    run,
    scale,
    set,
    taint,
    top,
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
        (explain.COMMAND, get.COMMAND, edit.COMMAND, delete.COMMAND),
    ),
    ("Deploy Commands", (rollout.COMMAND, scale.COMMAND, autoscale.COMMAND)),
    (
        "Cluster Management Commands",
        (
            certificate.COMMAND,
            cluster_info.COMMAND,
            top.COMMAND,
            cordon.COMMAND,
            uncordon.COMMAND,
            drain.COMMAND,
            taint.COMMAND,
        ),
    ),
    (
        "Troubleshooting and Debugging Commands",
        (
            describe.COMMAND,
            logs.COMMAND,
            attach.COMMAND,
            exec.COMMAND,
            port_forward.COMMAND,
            proxy.COMMAND,
            cp.COMMAND,
            auth.COMMAND,
            debug.COMMAND,
            events.COMMAND,
        ),
    ),
    (
        "Advanced Commands",
        (
            diff.COMMAND,
            apply.COMMAND,
            patch.COMMAND,
            replace.COMMAND,
            wait.COMMAND,
            kustomize.COMMAND,
        ),
    ),
    ("Settings Commands", (label.COMMAND, annotate.COMMAND, completion.COMMAND)),
    (
        "Other Commands",
        (
            api_resources.COMMAND,
            api_versions.COMMAND,
            config.COMMAND,
            plugin.COMMAND,
            version.COMMAND,
        ),
    ),
)
_UNLISTED = (options.COMMAND,)

ROOT = Command(
    name="kubectl",
    short="kubectl controls the Kubernetes cluster manager",
    children=(*(command for _, commands in GROUPS for command in commands), *_UNLISTED),
)
