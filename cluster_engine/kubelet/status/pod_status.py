"""The status of a pod from its worker: one pure function, the only writer of pod statuses uses it.

Models: generateAPIPodStatus of pkg/kubelet/kubelet_pods.go and the merge of
pkg/kubelet/status/status_manager.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import cpu_milli
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.kubelet.allocated import effective_spec
from cluster_engine.kubelet.containers import has_regular_run, is_sidecar, should_start
from cluster_engine.kubelet.resources import are_all_limited, pod_total, qos_class, resources_of
from cluster_engine.kubelet.status.conditions import (
    NO_SANDBOX,
    SANDBOX_NOT_READY,
    has_started,
    pod_conditions,
)
from cluster_engine.kubelet.status.container_status import container_status
from cluster_engine.kubelet.status.phase import TERMINAL, phase_of
from cluster_engine.kubelet.worker import Attempt, Run, Stage, Worker

_MIN_SHARES = 2
_LOST = {
    "exitCode": 137,
    "reason": "ContainerStatusUnknown",
    "message": "The container could not be located when the pod was terminated",
    "startedAt": None,
    "finishedAt": None,
}
#: Status fields of others, carried over as they are.
_KEPT = (
    "nominatedNodeName",
    "resourceClaimStatuses",
    "extendedResourceClaimStatus",
    "nodeAllocatableResourceClaimStatuses",
    "volumeHealth",
    "resize",
)


def pod_status(
    pod: Object, worker: Worker, node_ip: str, now_ms: int, *, is_terminal: bool = False
) -> Object:
    """The status the pod should have now. With `is_terminal` nothing will be started any more."""
    spec = effective_spec(pod["spec"], worker)
    old: Object = pod.get("status") or {}
    deleted = "deletionTimestamp" in pod["metadata"]
    init = spec.get("initContainers")
    waiting_word = "PodInitializing" if init else "ContainerCreating"
    statuses: dict[str, Object] = {}
    for container in spec["containers"]:
        statuses[container["name"]] = _regular(
            container, worker, spec, waiting_word, deleted or is_terminal
        )
    for container in init or ():
        statuses[container["name"]] = _init(
            container, worker, spec, waiting_word, deleted or is_terminal
        )
    phase = _phase(spec, old, worker, statuses, is_terminal)
    status: Object = {"phase": phase}
    _set_reason(status, old, worker, phase)
    status["qosClass"] = qos_class(pod)
    generation = pod["metadata"].get("generation")
    if generation:
        status["observedGeneration"] = generation
    status["startTime"] = old.get("startTime") or rfc3339(now_ms)
    _set_addresses(status, spec, worker, node_ip)
    _set_resources(status, spec, old)
    status["conditions"] = pod_conditions(
        pod,
        statuses,
        phase,
        sandbox_problem=_sandbox_problem(worker),
        resize=worker.resize,
        now_ms=now_ms,
    )
    by_name = (
        sorted(spec["containers"], key=_name) if len(spec["containers"]) > 1 else spec["containers"]
    )
    status["containerStatuses"] = [statuses[container["name"]] for container in by_name]
    if init:
        status["initContainerStatuses"] = [statuses[container["name"]] for container in init]
    ephemeral = spec.get("ephemeralContainers")
    if ephemeral:
        found = [_ephemeral(container, worker, waiting_word) for container in ephemeral]
        status["ephemeralContainerStatuses"] = sorted(found, key=_name)
    for field in _KEPT:
        if field in old:
            status[field] = old[field]
    return status


def final_status(pod: Object, worker: Worker, node_ip: str, now_ms: int) -> Object:
    """The last status of a deleted pod: in a terminal phase, no container left in doubt.

    Models: TerminatePod of pkg/kubelet/status/status_manager.go.
    """
    status = pod_status(pod, worker, node_ip, now_ms, is_terminal=True)
    init = status.get("initContainerStatuses") or []
    if not init or any(has_started(found) for found in status["containerStatuses"]):
        status["containerStatuses"] = [_lost(found) for found in status["containerStatuses"]]
    if init:
        started = [at for at, found in enumerate(init) if has_started(found)]
        end = (started[-1] if started else 0) + 1
        status["initContainerStatuses"] = [*map(_lost, init[:end]), *init[end:]]
    return status


def _lost(status: Object) -> Object:
    """A container that never ran is reported as one that could not be found."""
    if "waiting" not in status["state"]:
        return status
    return {**status, "state": {"terminated": _LOST}}


def is_container_started(container: Object, worker: Worker, latest: Attempt | None) -> bool:
    """Whether a running container is past its startup probe."""
    if latest is None or latest.state != Run.RUNNING:
        return False
    if not container.get("startupProbe"):
        return True
    probe = worker.probes.get((container["name"], "startup"))
    return probe is not None and probe.container_id == latest.id and probe.result is True


def is_container_ready(container: Object, worker: Worker, latest: Attempt | None) -> bool:
    """Whether a running container is started and past its readiness probe."""
    if latest is None or not is_container_started(container, worker, latest):
        return False
    if not container.get("readinessProbe"):
        return True
    probe = worker.probes.get((container["name"], "readiness"))
    return probe is not None and probe.container_id == latest.id and probe.result is True


def _regular(
    container: Object, worker: Worker, spec: Object, waiting_word: str, is_over: bool
) -> Object:
    name = container["name"]
    attempts = worker.shown(name)
    latest = attempts[0] if attempts else None
    waiting = worker.waiting.get(name)
    if waiting is not None and (is_over or not should_start(container, spec, latest)):
        waiting = None
    return container_status(
        container,
        attempts,
        waiting,
        default_reason=waiting_word,
        is_started=is_container_started(container, worker, latest),
        is_ready=is_container_ready(container, worker, latest),
    )


def _init(
    container: Object, worker: Worker, spec: Object, waiting_word: str, is_over: bool
) -> Object:
    status = _regular(container, worker, spec, waiting_word, is_over)
    if not is_sidecar(container):
        ended = status["state"].get("terminated")
        status["ready"] = ended is not None and ended["exitCode"] == 0
    return status


def _ephemeral(container: Object, worker: Worker, waiting_word: str) -> Object:
    name = container["name"]
    status = container_status(
        container,
        worker.attempts.get(name) or [],
        worker.waiting.get(name),
        default_reason=waiting_word,
        is_started=False,
        is_ready=False,
    )
    del status["started"]
    return status


def _phase(
    spec: Object, old: Object, worker: Worker, statuses: dict[str, Object], is_terminal: bool
) -> str:
    before = old.get("phase") or ""
    if before in TERMINAL:
        return str(before)
    if worker.ending is not None:
        phase = "Failed"
    else:
        phase = phase_of(
            spec,
            statuses,
            is_terminal=is_terminal,
            has_initialized=has_regular_run(spec, worker),
        )
        if is_terminal and phase not in TERMINAL:
            phase = "Failed"
    if phase in TERMINAL and worker.running():
        return before or "Pending"
    return phase


def _set_reason(status: Object, old: Object, worker: Worker, phase: str) -> None:
    reason, message = "", ""
    if worker.ending is not None and phase == "Failed":
        reason, message = worker.ending
    elif phase == old.get("phase"):
        reason, message = old.get("reason") or "", old.get("message") or ""
    if reason:
        status["reason"] = reason
    if message:
        status["message"] = message


def _set_addresses(status: Object, spec: Object, worker: Worker, node_ip: str) -> None:
    if node_ip:
        status["hostIP"] = node_ip
        status["hostIPs"] = [{"ip": node_ip}]
    ip = node_ip if spec.get("hostNetwork") and worker.stage != Stage.NEW else worker.ip
    if ip:
        status["podIP"] = ip
        status["podIPs"] = [{"ip": ip}]


def _set_resources(status: Object, spec: Object, old: Object) -> None:
    requests = pod_total(spec, "requests")
    if requests:
        status["allocatedResources"] = requests
    limits = pod_total(spec, "limits")
    shown: Object = {}
    if old.get("phase") == "Running":
        own = dict(resources_of(spec, "requests"))
        if cpu_milli(requests.get("cpu", "0")) > _MIN_SHARES:
            own["cpu"] = requests["cpu"]
        if "memory" in requests:
            own["memory"] = requests["memory"]
        requests = own
        limits = {n: v for n, v in limits.items() if are_all_limited(spec, n)}
    if limits:
        shown["limits"] = limits
    if requests:
        shown["requests"] = requests
    status["resources"] = shown


def _sandbox_problem(worker: Worker) -> str:
    if worker.has_sandbox:
        return ""
    if worker.stage in (Stage.STOPPING, Stage.FINISHED) and worker.attempts:
        return SANDBOX_NOT_READY
    return NO_SANDBOX


def _name(holder: Any) -> str:
    name: str = holder["name"]
    return name
