"""What is to be done about a pod's containers: a pure function of spec and runs.

Models: computePodActions and computeInitContainerActions of pkg/kubelet/kuberuntime (v1.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubelet.containers import (
    has_regular_run,
    is_sidecar,
    restarts_after,
    should_start,
)
from cluster_engine.kubelet.worker import Attempt, Run, Worker


@dataclass(frozen=True, slots=True)
class Kill:
    """A running container to be ended, and why."""

    attempt: Attempt
    message: str
    probe: Object | None = None


@dataclass(slots=True)
class Actions:
    """Ends the pod, or kills some containers and starts others (in that order)."""

    ends_pod: bool = False
    kills: list[Kill] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)


def compute_actions(pod: Object, worker: Worker) -> Actions:
    """What brings the pod nearer to its spec now."""
    spec = pod["spec"]
    actions = Actions()
    for container in spec.get("ephemeralContainers") or ():
        if not worker.attempts.get(container["name"]):
            actions.starts.append(container["name"])
    if not _plan_init(spec, worker, actions) or actions.ends_pod:
        return actions
    kept = 0
    starts: list[str] = []
    for container in spec["containers"]:
        name = container["name"]
        latest = worker.latest(name)
        if latest is None or latest.state != Run.RUNNING:
            if should_start(container, spec, latest):
                starts.append(name)
            continue
        kill = _reason_to_kill(container, worker, latest, "Container")
        if kill is None:
            kept += 1
            continue
        is_restarted = "definition changed" in kill.message or _restarts_on_failure(container, spec)
        if is_restarted:
            starts.append(name)
            kill = Kill(kill.attempt, f"{kill.message}, will be restarted", kill.probe)
        actions.kills.append(kill)
    if not kept and not starts:
        actions.ends_pod = True
        actions.starts.clear()
    actions.starts.extend(starts)
    return actions


def _plan_init(spec: Object, worker: Worker, actions: Actions) -> bool:
    """Plan the init containers; True when they are done."""
    init = spec.get("initContainers") or ()
    if not init:
        return True
    is_initialized = has_regular_run(spec, worker)
    starts: list[str] = []
    for container in init:
        name = container["name"]
        latest = worker.latest(name)
        if is_sidecar(container):
            is_up = _plan_sidecar(container, worker, latest, starts, actions)
            if is_up or is_initialized:
                continue
            break
        if is_initialized:
            continue
        if latest is None:
            starts.append(name)
            break
        if latest.state == Run.RUNNING:
            break
        if latest.exit_code == 0 and latest.reason != "OOMKilled":
            continue
        if not restarts_after(container, spec, latest.exit_code or 1):
            actions.ends_pod = True
            return False
        starts.append(name)
        break
    else:
        is_initialized = True
    actions.starts.extend(starts)
    return is_initialized


def _plan_sidecar(
    container: Object,
    worker: Worker,
    latest: Attempt | None,
    starts: list[str],
    actions: Actions,
) -> bool:
    """Plan one sidecar; True when it runs and is started."""
    name = container["name"]
    if latest is None or latest.state != Run.RUNNING:
        starts.append(name)
        return False
    kill = _reason_to_kill(container, worker, latest, "Init container")
    if kill is not None:
        actions.kills.append(kill)
        starts.append(name)
        return False
    if not container.get("startupProbe"):
        return True
    probe = worker.probes.get((name, "startup"))
    return probe is not None and probe.container_id == latest.id and probe.result is True


def _reason_to_kill(container: Object, worker: Worker, latest: Attempt, title: str) -> Kill | None:
    name = container["name"]
    if latest.image_spec != container.get("image", ""):
        return Kill(latest, f"{title} {name} definition changed")
    for kind in ("liveness", "startup"):
        probe = worker.probes.get((name, kind))
        if probe is not None and probe.container_id == latest.id and probe.result is False:
            spec = container.get(f"{kind}Probe")
            return Kill(latest, f"{title} {name} failed {kind} probe", spec)
    return None


def _restarts_on_failure(container: Object, spec: Object) -> bool:
    policy = container.get("restartPolicy") or spec.get("restartPolicy") or "Always"
    return bool(policy != "Never")
