"""The rolling update: grow the new set, then shrink the old ones, within the fenceposts.

Models: k8s.io/kubernetes/pkg/controller/deployment/rolling.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.controllers.deployment import counts, replicasets
from cluster_engine.controllers.deployment import status as statuses
from cluster_engine.controllers.deployment.rollout import Rollout


def step(rollout: Rollout) -> None:
    """Take one step: up if possible, else down, and write the status."""
    rollout.find_new(is_creating=True)
    if not _grow_new(rollout) and not _shrink_old(rollout):
        held = rollout.deployment.get("status") or {}
        if statuses.is_complete(rollout.deployment, held):
            rollout.clean_up()
    rollout.write_status(is_rollout=True)


def _grow_new(rollout: Rollout) -> bool:
    new_set, wanted = rollout.new_set, counts.replicas(rollout.deployment)
    assert new_set is not None
    current = counts.replicas(new_set)
    if current == wanted:
        return False
    if current > wanted:
        return rollout.scale(new_set, wanted)
    size = counts.new_set_replicas(rollout.deployment, rollout.all_sets, new_set)
    return rollout.scale(new_set, size)


def _shrink_old(rollout: Rollout) -> bool:
    if counts.total_replicas(rollout.old_sets) == 0:
        return False
    new_set, deployment = rollout.new_set, rollout.deployment
    assert new_set is not None
    minimum = counts.replicas(deployment) - counts.max_unavailable(deployment)
    starting = counts.replicas(new_set) - counts.status_count(new_set, "availableReplicas")
    room = counts.total_replicas(rollout.all_sets) - minimum - starting
    if room <= 0:
        return False
    cleaned = _drop_unhealthy(rollout, room)
    return _drop_available(rollout, minimum) + cleaned > 0


def _drop_unhealthy(rollout: Rollout, room: int) -> int:
    """Old pods that do not serve go first: that makes nothing less available."""
    dropped = 0
    for replica_set in sorted(replicasets.active(rollout.old_sets), key=replicasets.by_age):
        size = counts.replicas(replica_set)
        unhealthy = size - counts.status_count(replica_set, "availableReplicas")
        count = min(room - dropped, unhealthy)
        if count > 0:
            rollout.scale(replica_set, size - count)
            dropped += count
    return dropped


def _drop_available(rollout: Rollout, minimum: int) -> int:
    room = counts.total_status(rollout.all_sets, "availableReplicas") - minimum
    dropped = 0
    for replica_set in sorted(replicasets.active(rollout.old_sets), key=replicasets.by_age):
        size = counts.replicas(replica_set)
        count = min(size, room - dropped)
        if count > 0:
            rollout.scale(replica_set, size - count)
            dropped += count
    return dropped
