"""The status of one container.

Models: convertToAPIContainerStatuses of pkg/kubelet/kubelet_pods.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.kubelet.worker import Attempt, Run

RUNTIME = "containerd"
#: How a container that was never seen to end is reported.
EPOCH = "1970-01-01T00:00:00Z"


def container_status(
    container: Object,
    attempts: list[Attempt],
    waiting: tuple[str, str] | None,
    *,
    default_reason: str,
    is_started: bool,
    is_ready: bool,
) -> Object:
    """The status of a container with those runs (newest first).

    `waiting` is why it is not running although it should; `default_reason` is said of a container
    that has not run yet and has met no problem.
    """
    status: Object = {"name": container["name"]}
    if attempts:
        _set_run(status, container, attempts)
    else:
        status["image"] = container.get("image", "")
        status["imageID"] = ""
        status["lastState"] = {}
        status["restartCount"] = 0
        status["state"] = {"waiting": {"reason": default_reason}}
    if waiting is not None:
        _set_waiting(status, waiting)
    status["ready"] = is_ready
    status["started"] = is_started
    mounts = container.get("volumeMounts")
    if mounts:
        status["volumeMounts"] = [_mount(mount) for mount in mounts]
    return status


def state_of(attempt: Attempt) -> Object:
    """The `state` of a run."""
    if attempt.state == Run.RUNNING:
        return {"running": {"startedAt": rfc3339(attempt.started_ms)}}
    ended: Object = {
        "exitCode": attempt.exit_code,
        "startedAt": rfc3339(attempt.started_ms) if attempt.started_ms else EPOCH,
        "finishedAt": rfc3339(attempt.finished_ms),
        "containerID": f"{RUNTIME}://{attempt.id}",
    }
    if attempt.reason:
        ended["reason"] = attempt.reason
    if attempt.message:
        ended["message"] = attempt.message
    return {"terminated": ended}


def _set_run(status: Object, container: Object, attempts: list[Attempt]) -> None:
    latest = attempts[0]
    status["containerID"] = f"{RUNTIME}://{latest.id}"
    status["image"] = latest.image
    status["imageID"] = latest.image_id
    status["restartCount"] = latest.number
    status["state"] = state_of(latest)
    status["lastState"] = state_of(attempts[1]) if len(attempts) > 1 else {}
    resources = container.get("resources") or {}
    status["resources"] = resources
    if resources.get("requests"):
        status["allocatedResources"] = resources["requests"]
    status["user"] = {
        "linux": {
            "uid": latest.uid,
            "gid": latest.gid,
            "supplementalGroups": list(latest.groups),
        }
    }


def _set_waiting(status: Object, waiting: tuple[str, str]) -> None:
    if "terminated" in status["state"]:
        status["lastState"] = status["state"]
    reason, message = waiting
    state = {"reason": reason}
    if message:
        state["message"] = message
    status["state"] = {"waiting": state}


def _mount(mount: Object) -> Object:
    shown: Object = {"name": mount["name"], "mountPath": mount["mountPath"]}
    if mount.get("readOnly"):
        shown["readOnly"] = True
        mode = mount.get("recursiveReadOnly") or "Disabled"
        shown["recursiveReadOnly"] = "Disabled" if mode == "Disabled" else "Enabled"
    return shown
