"""What becomes of pods: created, moved, evicted, deleted, pending, failed. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from playground.reviews.forecast.picture import Object, Picture, owner_of

_EVICTIONS = frozenset(("Evicted", "Preempted", "Preempting", "TaintManagerEviction"))
_EVICTED_STATUS = frozenset(("Evicted", "Preempting", "NodeAffinity", "NodeShutdown", "Terminated"))
#: Reasons a container waits for that do not go away by waiting.
_TROUBLES = frozenset(
    (
        "CrashLoopBackOff",
        "ImagePullBackOff",
        "ErrImagePull",
        "InvalidImageName",
        "ErrImageNeverPull",
        "CreateContainerConfigError",
        "CreateContainerError",
        "RunContainerError",
    )
)


def pods_change(
    before: Picture, after: Picture, evicted: Collection[tuple[str, str]]
) -> dict[str, list[dict[str, Any]]]:
    """The lists of the API's `Effect.pods`. `evicted`: pods that were asked to go."""
    old, new = before.by_uid("pods"), after.by_uid("pods")
    created = [pod for uid, pod in new.items() if uid not in old]
    gone = [pod for uid, pod in old.items() if uid not in new]
    evictions = _evictions(before, after)
    expelled = [
        pod
        for pod in gone
        if pod["metadata"]["uid"] in evictions or _key(pod) in evicted or _is_disrupted(pod)
    ]
    moved = _moves(gone, created)
    places = {one[1]["metadata"]["uid"] for one in moved}
    left = {one[0]["metadata"]["uid"] for one in moved} | {_uid(pod) for pod in expelled}
    failing = [pod for uid, pod in new.items() if _is_failing(pod) and not _was(old, uid)]
    waiting = [
        pod
        for uid, pod in new.items()
        if _is_pending(pod) and not _is_failing(pod) and not (uid in old and _is_pending(old[uid]))
    ]
    return {
        "created": [_body(pod) for pod in created if _uid(pod) not in places],
        "moved": [_body(now, was) for was, now in moved],
        "evicted": [
            {
                **_body(pod),
                "reason": evictions.get(_uid(pod), ("Evicted", ""))[0],
                "message": evictions.get(_uid(pod), ("", "evicted"))[1],
            }
            for pod in expelled
        ]
        + [_body(pod) for uid, pod in new.items() if _is_evicted(pod) and not _was(old, uid)],
        "deleted": [_body(pod) for pod in gone if _uid(pod) not in left],
        "pending": [_body(pod) for pod in waiting],
        "failed": [_body(pod) for pod in failing if not _is_evicted(pod)],
    }


def _evictions(before: Picture, after: Picture) -> dict[str, tuple[str, str]]:
    """Reason and message of each eviction that an event tells of, by the pod's uid."""
    known = before.by_uid("events")
    return {
        event["involvedObject"].get("uid", ""): (event["reason"], event.get("message", ""))
        for uid, event in after.by_uid("events").items()
        if uid not in known
        and event.get("reason") in _EVICTIONS
        and event["involvedObject"].get("kind") == "Pod"
    }


def _moves(gone: list[Object], created: list[Object]) -> list[tuple[Object, Object]]:
    """Pairs of a pod that went and the one that its owner put in its place on another node."""
    places: dict[str, list[Object]] = {}
    for pod in created:
        owner = owner_of(pod)[2]
        if owner and pod["spec"].get("nodeName"):
            places.setdefault(owner, []).append(pod)
    found = []
    for pod in gone:
        candidates = places.get(owner_of(pod)[2], [])
        node = pod["spec"].get("nodeName")
        match = next((one for one in candidates if one["spec"]["nodeName"] != node), None)
        if node and match is not None:
            candidates.remove(match)
            found.append((pod, match))
    return found


def _body(pod: Object, was: Object | None = None) -> dict[str, Any]:
    kind, name, _ = owner_of(pod)
    reason, message = _why(pod)
    return {
        "namespace": pod["metadata"]["namespace"],
        "name": pod["metadata"]["name"],
        "node": pod["spec"].get("nodeName", ""),
        "from": was["spec"].get("nodeName", "") if was is not None else "",
        "owner": f"{kind}/{name}" if kind else "",
        "reason": reason,
        "message": message,
    }


def _why(pod: Object) -> tuple[str, str]:
    """Why a pod is as it is, when that is worth saying."""
    status = pod.get("status") or {}
    for container in _containers(status):
        waiting = (container.get("state") or {}).get("waiting") or {}
        if waiting.get("reason") in _TROUBLES:
            return waiting["reason"], waiting.get("message", "")
    if status.get("reason"):
        return status["reason"], status.get("message", "")
    if status.get("phase") == "Pending":
        for condition in status.get("conditions") or ():
            if condition["type"] == "PodScheduled" and condition["status"] == "False":
                return condition.get("reason", ""), condition.get("message", "")
    return "", ""


def _containers(status: Object) -> list[Object]:
    return [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]


def _is_pending(pod: Object) -> bool:
    return str((pod.get("status") or {}).get("phase", "Pending")) == "Pending"


def _is_failing(pod: Object) -> bool:
    return str((pod.get("status") or {}).get("phase")) == "Failed" or _why(pod)[0] in _TROUBLES


def _is_evicted(pod: Object) -> bool:
    status = pod.get("status") or {}
    return status.get("phase") == "Failed" and status.get("reason") in _EVICTED_STATUS


def _is_disrupted(pod: Object) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(one["type"] == "DisruptionTarget" and one["status"] == "True" for one in conditions)


def _was(old: dict[str, Object], uid: str) -> bool:
    return uid in old and _is_failing(old[uid])


def _uid(pod: Object) -> str:
    return str(pod["metadata"]["uid"])


def _key(pod: Object) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]
