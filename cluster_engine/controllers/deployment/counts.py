"""Pure arithmetic on a deployment and its replica sets.

Models: k8s.io/kubernetes/pkg/controller/deployment/util (v1.37.2).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from cluster_engine.apimachinery.objects import Object

DESIRED = "deployment.kubernetes.io/desired-replicas"
MAXIMUM = "deployment.kubernetes.io/max-replicas"
REVISION = "deployment.kubernetes.io/revision"
REVISION_HISTORY = "deployment.kubernetes.io/revision-history"
NO_DEADLINE_SECONDS = 2**31 - 1


def replicas(obj: Object) -> int:
    """`spec.replicas` of a deployment or replica set."""
    count: int = obj["spec"].get("replicas", 1)
    return count


def status_count(replica_set: Object, field: str) -> int:
    """A counter of the status, 0 when absent."""
    count: int = replica_set.get("status", {}).get(field, 0)
    return count


def total_replicas(replica_sets: Iterable[Object]) -> int:
    """Pods asked for by all sets."""
    return sum(replicas(item) for item in replica_sets)


def total_status(replica_sets: Iterable[Object], field: str) -> int:
    """A status counter over all sets."""
    return sum(status_count(item, field) for item in replica_sets)


def scaled_value(value: int | str, total: int, *, is_rounded_up: bool) -> int:
    """An int-or-percent of `total`."""
    if isinstance(value, int):
        return value
    share = int(value.rstrip("%")) * total
    return math.ceil(share / 100) if is_rounded_up else share // 100


def fenceposts(deployment: Object) -> tuple[int, int]:
    """`(max surge, max unavailable)` in pods; both 0 for Recreate."""
    strategy = deployment["spec"].get("strategy") or {}
    if strategy.get("type") != "RollingUpdate":
        return 0, 0
    rolling = strategy.get("rollingUpdate") or {}
    total = replicas(deployment)
    surge = scaled_value(rolling.get("maxSurge", "25%"), total, is_rounded_up=True)
    unavailable = scaled_value(rolling.get("maxUnavailable", "25%"), total, is_rounded_up=False)
    return surge, unavailable if surge or unavailable else 1


def max_unavailable(deployment: Object) -> int:
    """How many pods may be unavailable during a rollout."""
    total = replicas(deployment)
    return 0 if total == 0 else min(fenceposts(deployment)[1], total)


def new_set_replicas(deployment: Object, all_sets: list[Object], new_set: Object) -> int:
    """What the new replica set should ask for now."""
    wanted = replicas(deployment)
    if (deployment["spec"].get("strategy") or {}).get("type") == "Recreate":
        return wanted
    room = wanted + fenceposts(deployment)[0] - total_replicas(all_sets)
    current = replicas(new_set)
    return current if room <= 0 else current + min(room, wanted - current)


def is_saturated(deployment: Object, replica_set: Object | None) -> bool:
    """Whether one set alone is, and is known to be, what the deployment wants."""
    if replica_set is None:
        return False
    wanted = replicas(deployment)
    annotation = (replica_set["metadata"].get("annotations") or {}).get(DESIRED)
    return (
        replicas(replica_set) == wanted
        and annotation == str(wanted)
        and status_count(replica_set, "availableReplicas") == wanted
    )


def proportion(replica_set: Object, deployment: Object, to_add: int, added: int) -> int:
    """The share of `to_add` that falls to one set while scaling in the middle of a rollout."""
    size = replicas(replica_set)
    if size == 0 or to_add in (0, added):
        return 0
    share = _fraction(replica_set, deployment)
    allowed = to_add - added
    return min(share, allowed) if to_add > 0 else max(share, allowed)


def _fraction(replica_set: Object, deployment: Object) -> int:
    size, wanted = replicas(replica_set), replicas(deployment)
    if wanted == 0:
        return -size
    maximum_now = wanted + fenceposts(deployment)[0]
    annotation = (replica_set["metadata"].get("annotations") or {}).get(MAXIMUM)
    maximum_before = int(annotation) if annotation else status_count(deployment, "replicas")
    if maximum_before == 0:
        return 0
    exact = size * maximum_now / maximum_before
    return math.floor(exact + 0.5) - size


def has_deadline(deployment: Object) -> bool:
    """Whether lack of progress is to be reported."""
    seconds = deployment["spec"].get("progressDeadlineSeconds")
    return seconds is not None and seconds != NO_DEADLINE_SECONDS


def revision_of(obj: Object) -> int:
    """The revision annotation as a number, 0 when absent."""
    text = (obj["metadata"].get("annotations") or {}).get(REVISION, "")
    return int(text) if text.isdigit() else 0
