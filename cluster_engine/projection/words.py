"""The state of a pod in one word and one sentence.

The word is what the picture draws; the sentence is what people read. Follows the same order of
precedence as `kubectl get pods`. Models: k8s.io/kubernetes/pkg/printers/internalversion printPod
(v1.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object

_STARTING = ("ContainerCreating", "PodInitializing")
_PULLING_TROUBLE = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull")


@dataclass(frozen=True, slots=True)
class PodState:
    """`state` is one of the scene's words; `reason` is Kubernetes' own, or empty."""

    state: str
    text: str
    reason: str = ""


def pod_state(pod: Object, pulling: str) -> PodState:
    """The state of a pod; `pulling` is the image that its node pulls now, if any."""
    status = pod.get("status", {})
    phase = status.get("phase", "Pending")
    if "deletionTimestamp" in pod["metadata"]:
        return PodState("terminating", "is terminating", "Terminating")
    if phase == "Succeeded":
        return PodState("succeeded", "has finished", "Completed")
    if phase == "Failed":
        return _failed(status)
    if not pod["spec"].get("nodeName"):
        return _waiting(status)
    trouble = _trouble(status)
    if trouble is not None:
        return trouble
    if phase == "Pending":
        if pulling:
            return PodState("pulling", f"is pulling image {pulling}", "ContainerCreating")
        return PodState("creating", "is being created on its node", "ContainerCreating")
    ready, total = ready_count(pod)
    if ready < total:
        return PodState("notready", f"is running, {ready} of {total} containers ready", "Running")
    return PodState("running", "is running", "Running")


def ready_count(pod: Object) -> tuple[int, int]:
    """Ready containers and all containers (restartable init containers count)."""
    sidecars = [
        item["name"]
        for item in pod["spec"].get("initContainers") or ()
        if item.get("restartPolicy") == "Always"
    ]
    status = pod.get("status", {})
    ready = sum(1 for item in status.get("containerStatuses") or () if item.get("ready"))
    ready += sum(
        1
        for item in status.get("initContainerStatuses") or ()
        if item.get("ready") and item["name"] in sidecars
    )
    return ready, len(pod["spec"]["containers"]) + len(sidecars)


def restart_count(pod: Object) -> int:
    """Restarts over all containers."""
    status = pod.get("status", {})
    statuses = [*(status.get("initContainerStatuses") or ())]
    statuses += status.get("containerStatuses") or ()
    return sum(item.get("restartCount", 0) for item in statuses)


def _failed(status: Object) -> PodState:
    reason = status.get("reason") or "Error"
    for item in status.get("containerStatuses") or ():
        ended = item.get("state", {}).get("terminated")
        if ended and ended.get("exitCode"):
            reason = status.get("reason") or ended.get("reason") or reason
            text = f"has failed: {item['name']} ended with exit code {ended['exitCode']}"
            return PodState("failed", text, reason)
    return PodState("failed", f"has failed: {status.get('message') or reason}", reason)


def _waiting(status: Object) -> PodState:
    condition = find(status.get("conditions") or [], "PodScheduled")
    if condition is None or condition["status"] != "False":
        return PodState("waiting", "is waiting for the scheduler", "Pending")
    reason = condition.get("reason", "Pending")
    if reason == "SchedulingGated":
        return PodState("waiting", "is held back by its scheduling gates", reason)
    return PodState("waiting", f"is waiting: {condition.get('message', reason)}", reason)


def _trouble(status: Object) -> PodState | None:
    statuses = [*(status.get("initContainerStatuses") or ())]
    statuses += status.get("containerStatuses") or ()
    for item in statuses:
        state = item.get("state", {})
        waiting = state.get("waiting")
        if waiting and waiting.get("reason") and waiting["reason"] not in _STARTING:
            reason = waiting["reason"]
            if reason in _PULLING_TROUBLE:
                return PodState("failing", f"cannot pull image {item.get('image', '')}", reason)
            if reason == "CrashLoopBackOff":
                text = f"keeps crashing: {item['name']} waits before its next restart"
                return PodState("failing", text, reason)
            return PodState("failing", waiting.get("message") or reason, reason)
        ended = state.get("terminated")
        if ended and item in (status.get("containerStatuses") or ()):
            reason = ended.get("reason") or "Error"
            if ended.get("exitCode"):
                text = f"has stopped: {item['name']} ended with exit code {ended['exitCode']}"
                return PodState("failing", text, reason)
    return None
