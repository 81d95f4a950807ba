"""The status of a deployment, computed from its replica sets; nothing here writes.

Models: k8s.io/kubernetes/pkg/controller/deployment/{sync,progress}.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import parse_rfc3339, rfc3339
from cluster_engine.controllers.deployment import counts

NEW_SET_AVAILABLE = "NewReplicaSetAvailable"
TIMED_OUT = "ProgressDeadlineExceeded"
PAUSED = "DeploymentPaused"


def condition(type_: str, status: str, reason: str, message: str, now_ms: int) -> Object:
    """A new deployment condition."""
    now = rfc3339(now_ms)
    return {
        "type": type_,
        "status": status,
        "lastUpdateTime": now,
        "lastTransitionTime": now,
        "reason": reason,
        "message": message,
    }


def set_condition(conditions: list[Object], new: Object) -> list[Object]:
    """With `new` in place of its type, unless status and reason are the same already."""
    held = find(conditions, new["type"])
    if held is not None and (held["status"], held.get("reason")) == (new["status"], new["reason"]):
        return conditions
    if held is not None and held["status"] == new["status"]:
        new = {**new, "lastTransitionTime": held["lastTransitionTime"]}
    return [*without(conditions, new["type"]), new]


def without(conditions: list[Object], type_: str) -> list[Object]:
    """The other conditions."""
    return [item for item in conditions if item["type"] != type_]


def basic_status(
    deployment: Object, all_sets: list[Object], new_set: Object | None, now_ms: int
) -> Object:
    """Counters and the Available condition."""
    wanted = counts.replicas(deployment)
    available = counts.total_status(all_sets, "availableReplicas")
    held = deployment.get("status") or {}
    numbers = {
        "observedGeneration": deployment["metadata"].get("generation", 0),
        "replicas": counts.total_status(all_sets, "replicas"),
        "updatedReplicas": counts.status_count(new_set, "replicas") if new_set else 0,
        "readyReplicas": counts.total_status(all_sets, "readyReplicas"),
        "availableReplicas": available,
        "unavailableReplicas": max(counts.total_replicas(all_sets) - available, 0),
    }
    status: Object = {field: count for field, count in numbers.items() if count}
    status["terminatingReplicas"] = counts.total_status(all_sets, "terminatingReplicas")
    if "collisionCount" in held:
        status["collisionCount"] = held["collisionCount"]
    if available >= wanted - counts.max_unavailable(deployment):
        mark = condition(
            "Available",
            "True",
            "MinimumReplicasAvailable",
            "Deployment has minimum availability.",
            now_ms,
        )
    else:
        mark = condition(
            "Available",
            "False",
            "MinimumReplicasUnavailable",
            "Deployment does not have minimum availability.",
            now_ms,
        )
    status["conditions"] = set_condition(held.get("conditions") or [], mark)
    return status


def is_complete(deployment: Object, status: Object) -> bool:
    """Whether the rollout has reached everything the spec asks for."""
    wanted = counts.replicas(deployment)
    if status.get("observedGeneration", 0) < deployment["metadata"].get("generation", 0):
        return False
    fields = ("updatedReplicas", "replicas", "availableReplicas")
    return all(status.get(field, 0) == wanted for field in fields)


def rollout_status(
    deployment: Object, all_sets: list[Object], new_set: Object | None, now_ms: int
) -> Object:
    """Counters and all conditions during a rollout."""
    status = basic_status(deployment, all_sets, new_set, now_ms)
    conditions: list[Object] = status["conditions"]
    if not counts.has_deadline(deployment):
        conditions = without(conditions, "Progressing")
    else:
        conditions = _progress(deployment, status, conditions, new_set, now_ms)
    failure = _replica_failure(all_sets, new_set)
    if failure is not None:
        conditions = set_condition(conditions, failure)
    else:
        conditions = without(conditions, "ReplicaFailure")
    status["conditions"] = conditions
    return status


def _progress(
    deployment: Object,
    status: Object,
    conditions: list[Object],
    new_set: Object | None,
    now_ms: int,
) -> list[Object]:
    held = find((deployment.get("status") or {}).get("conditions") or [], "Progressing")
    is_over = status.get("replicas", 0) == status.get("updatedReplicas", 0)
    if is_over and held is not None and held.get("reason") == NEW_SET_AVAILABLE:
        return conditions
    subject = f'Deployment "{deployment["metadata"]["name"]}"'
    if new_set is not None:
        subject = f'ReplicaSet "{new_set["metadata"]["name"]}"'
    if is_complete(deployment, status):
        message = f"{subject} has successfully progressed."
        done = condition("Progressing", "True", NEW_SET_AVAILABLE, message, now_ms)
        return set_condition(conditions, done)
    if _has_progressed(deployment, status):
        message = f"{subject} is progressing."
        moving = condition("Progressing", "True", "ReplicaSetUpdated", message, now_ms)
        if held is not None and held["status"] == "True":
            moving["lastTransitionTime"] = held["lastTransitionTime"]
        return [*without(conditions, "Progressing"), moving]
    if has_timed_out(deployment, conditions, now_ms):
        message = f"{subject} has timed out progressing."
        late = condition("Progressing", "False", TIMED_OUT, message, now_ms)
        return set_condition(conditions, late)
    return conditions


def _has_progressed(deployment: Object, status: Object) -> bool:
    before = deployment.get("status") or {}
    old_before = before.get("replicas", 0) - before.get("updatedReplicas", 0)
    old_now = status.get("replicas", 0) - status.get("updatedReplicas", 0)
    fields = ("updatedReplicas", "readyReplicas", "availableReplicas")
    has_grown = any(status.get(field, 0) > before.get(field, 0) for field in fields)
    return has_grown or bool(old_now < old_before)


def has_timed_out(deployment: Object, conditions: list[Object], now_ms: int) -> bool:
    """Whether the deadline for progress has passed."""
    held = find(conditions, "Progressing")
    if held is None or held.get("reason") == NEW_SET_AVAILABLE:
        return False
    if held.get("reason") == TIMED_OUT:
        return True
    deadline_ms: int = deployment["spec"]["progressDeadlineSeconds"] * 1000
    return parse_rfc3339(held["lastUpdateTime"]) + deadline_ms < now_ms


def check_after_ms(deployment: Object, status: Object, now_ms: int) -> int | None:
    """In how many ms to look again whether a rollout is stuck; None when it cannot be."""
    held = find(status.get("conditions") or [], "Progressing")
    if not counts.has_deadline(deployment) or held is None:
        return None
    if is_complete(deployment, status) or held.get("reason") in (TIMED_OUT, NEW_SET_AVAILABLE):
        return None
    deadline_ms: int = deployment["spec"]["progressDeadlineSeconds"] * 1000
    return max(parse_rfc3339(held["lastUpdateTime"]) + deadline_ms - now_ms, 0) + 1000


def _replica_failure(all_sets: list[Object], new_set: Object | None) -> Object | None:
    for replica_set in ([new_set] if new_set else []) + all_sets:
        held = find((replica_set.get("status") or {}).get("conditions") or [], "ReplicaFailure")
        if held is not None:
            return {**held, "lastUpdateTime": held["lastTransitionTime"]}
    return None
