"""Scaling a deployment outside a plain rollout: proportionally over its replica sets.

Models: k8s.io/kubernetes/pkg/controller/deployment/sync.go scale (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.controllers.deployment import counts, replicasets
from cluster_engine.controllers.deployment.rollout import Rollout


def is_scaling_event(rollout: Rollout) -> bool:
    """Whether an active set was last sized for another `spec.replicas`."""
    wanted = str(counts.replicas(rollout.deployment))
    for replica_set in replicasets.active(rollout.all_sets):
        desired = (replica_set["metadata"].get("annotations") or {}).get(counts.DESIRED)
        if desired is not None and desired != wanted:
            return True
    return False


def scale(rollout: Rollout) -> None:
    """Bring the sets to the deployment's size."""
    deployment = rollout.deployment
    wanted = counts.replicas(deployment)
    only = replicasets.active_or_latest(rollout.new_set, rollout.old_sets)
    if only is not None:
        rollout.scale(only, wanted)
        return
    if not rollout.all_sets:
        return  # paused before its first rollout
    if counts.is_saturated(deployment, rollout.new_set):
        for replica_set in replicasets.active(rollout.old_sets):
            rollout.scale(replica_set, 0)
        return
    if (deployment["spec"].get("strategy") or {}).get("type") == "RollingUpdate":
        _scale_proportionally(rollout)


def _scale_proportionally(rollout: Rollout) -> None:
    deployment = rollout.deployment
    wanted = counts.replicas(deployment)
    allowed = wanted + counts.fenceposts(deployment)[0] if wanted > 0 else 0
    active = replicasets.active(rollout.all_sets)
    to_add = allowed - counts.total_replicas(active)
    active = _largest_first(active, is_growing=to_add > 0)
    sizes: list[int] = []
    added = 0
    for replica_set in active:
        share = counts.proportion(replica_set, deployment, to_add, added) if to_add else 0
        sizes.append(counts.replicas(replica_set) + share)
        added += share
    if to_add:
        sizes[0] = max(sizes[0] + to_add - added, 0)
    for replica_set, size in zip(active, sizes, strict=True):
        rollout.scale(replica_set, size, is_forced=True)


def _largest_first(replica_sets: list[Object], *, is_growing: bool) -> list[Object]:
    """By size; of equal ones the newer first when growing, the older when shrinking."""
    ordered = sorted(replica_sets, key=replicasets.by_age, reverse=is_growing)
    return sorted(ordered, key=counts.replicas, reverse=True)
