"""The conditions that the kubelet owns: PodReadyToStartContainers, Initialized, Ready,
ContainersReady, PodScheduled.

Models: pkg/kubelet/status/generate.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.kubelet.containers import is_sidecar
from cluster_engine.kubelet.texts import listed
from cluster_engine.kubelet.worker import PendingResize

OWNED = (
    "PodReadyToStartContainers",
    "Initialized",
    "Ready",
    "ContainersReady",
    "PodScheduled",
)
RESIZE_PENDING = "PodResizePending"
NO_SANDBOX = "no pod sandbox exists"
SANDBOX_NOT_READY = "pod sandbox is not ready"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status of one condition and why."""

    is_true: bool
    reason: str = ""
    message: str = ""


_TRUE = Verdict(True)


def pod_conditions(
    pod: Object,
    statuses: Mapping[str, Object],
    phase: str,
    *,
    sandbox_problem: str,
    resize: PendingResize | None = None,
    now_ms: int,
) -> list[Object]:
    """All conditions of the new status: others' first, then the kubelet's in upstream's order.

    `sandbox_problem` says why containers cannot be started yet, empty when they can.
    """
    old = (pod.get("status") or {}).get("conditions") or []
    spec = pod["spec"]
    containers = containers_ready(spec, statuses, phase)
    sandbox = Verdict(False, "PodSandboxNotReady", sandbox_problem) if sandbox_problem else _TRUE
    verdicts = (
        sandbox,
        initialized(spec, statuses, phase),
        _ready(spec, containers, old),
        containers,
        _TRUE,
    )
    now = rfc3339(now_ms)
    generation = pod["metadata"].get("generation")
    conditions = [
        condition
        for condition in old
        if condition["type"] not in OWNED and condition["type"] != RESIZE_PENDING
    ]
    if resize is not None:
        conditions.append(_pending(resize, now))
    for type_, verdict in zip(OWNED, verdicts, strict=True):
        conditions.append(_condition(type_, verdict, find(old, type_), now, generation))
    return conditions


def containers_ready(spec: Object, statuses: Mapping[str, Object], phase: str) -> Verdict:
    """Whether all containers (and sidecars) are ready."""
    unknown: list[str] = []
    unready: list[str] = []
    for container in (*(spec.get("initContainers") or ()), *spec["containers"]):
        name = container["name"]
        status = statuses.get(name)
        if status is None:
            unknown.append(name)
        elif not status["ready"]:
            unready.append(name)
    init = spec.get("initContainers") or ()
    if init and (unready or unknown):
        plain = {container["name"] for container in init if not is_sidecar(container)}
        unknown = [name for name in unknown if name not in plain]
        unready = [name for name in unready if name not in plain]
    if phase == "Succeeded" and not unknown:
        return Verdict(False, "PodCompleted")
    if phase == "Failed":
        return Verdict(False, "PodFailed")
    message = _names(
        ("containers with unknown status", unknown), ("containers with unready status", unready)
    )
    return Verdict(False, "ContainersNotReady", message) if message else _TRUE


def initialized(spec: Object, statuses: Mapping[str, Object], phase: str) -> Verdict:
    """Whether all init containers have done their part."""
    init = spec.get("initContainers") or ()
    if not init:
        return Verdict(True, "PodCompleted") if phase == "Succeeded" else _TRUE
    unknown = [c["name"] for c in init if c["name"] not in statuses]
    if phase == "Succeeded" and not unknown:
        return Verdict(True, "PodCompleted")
    if any(has_started(statuses.get(container["name"])) for container in spec["containers"]):
        return _TRUE
    incomplete = [
        c["name"] for c in init if c["name"] in statuses and not _is_done(c, statuses[c["name"]])
    ]
    message = _names(
        ("containers with unknown status", unknown),
        ("containers with incomplete status", incomplete),
    )
    return Verdict(False, "ContainersNotInitialized", message) if message else _TRUE


def has_started(status: Object | None) -> bool:
    """Whether a container has ever run, by its status."""
    if status is None:
        return False
    if "terminated" in status["lastState"]:
        return True
    return "waiting" not in status["state"]


def _is_done(container: Object, status: Object) -> bool:
    return bool(status.get("started") if is_sidecar(container) else status["ready"])


def _pending(resize: PendingResize, now: str) -> Object:
    return {
        "type": RESIZE_PENDING,
        "status": "True",
        "lastProbeTime": now,
        "lastTransitionTime": rfc3339(resize.since_ms),
        "observedGeneration": resize.generation,
        "reason": "Deferred",
        "message": resize.message,
    }


def _ready(spec: Object, containers: Verdict, old: list[Object]) -> Verdict:
    if not containers.is_true:
        return containers
    problems = []
    for gate in spec.get("readinessGates") or ():
        type_ = gate["conditionType"]
        condition = find(old, type_)
        if condition is None:
            problems.append(
                f'corresponding condition of pod readiness gate "{type_}" does not exist.'
            )
        elif condition["status"] != "True":
            problems.append(
                f'the status of pod readiness gate "{type_}" is not "True", '
                f"but {condition['status']}"
            )
    return Verdict(False, "ReadinessGatesNotReady", ", ".join(problems)) if problems else _TRUE


def _names(*groups: tuple[str, list[str]]) -> str:
    return ", ".join(f"{title}: {listed(names)}" for title, names in groups if names)


def _condition(
    type_: str, verdict: Verdict, old: Object | None, now: str, generation: int | None
) -> Object:
    status = "True" if verdict.is_true else "False"
    stamp = old.get("lastTransitionTime") if old and old["status"] == status else None
    return _shared(type_, status, verdict.reason, verdict.message, stamp or now, generation)


@lru_cache(maxsize=512)
def _shared(
    type_: str, status: str, reason: str, message: str, stamp: str, generation: int | None
) -> Object:
    """Pods that come up together have the same conditions: one object serves them all."""
    condition: Object = {
        "type": type_,
        "status": status,
        "lastProbeTime": None,
        "lastTransitionTime": stamp,
    }
    if generation:
        condition["observedGeneration"] = generation
    if reason:
        condition["reason"] = reason
    if message:
        condition["message"] = message
    return condition
