"""The Recreate strategy: all old pods go before the first new one comes.

Models: k8s.io/kubernetes/pkg/controller/deployment/recreate.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.client.informer import Informer
from cluster_engine.controllers import pods
from cluster_engine.controllers.deployment import counts, replicasets
from cluster_engine.controllers.deployment import status as statuses
from cluster_engine.controllers.deployment.rollout import Rollout


def step(rollout: Rollout, pod_informer: Informer) -> None:
    """Take one step and write the status."""
    if not _shrink_old(rollout) and not _has_old_pods(rollout, pod_informer):
        rollout.find_new(is_creating=True)
        assert rollout.new_set is not None
        rollout.scale(rollout.new_set, counts.replicas(rollout.deployment))
        held = rollout.deployment.get("status") or {}
        if statuses.is_complete(rollout.deployment, held):
            rollout.clean_up()
    rollout.write_status(is_rollout=True)


def _shrink_old(rollout: Rollout) -> bool:
    return sum(rollout.scale(item, 0) for item in replicasets.active(rollout.old_sets)) > 0


def _has_old_pods(rollout: Rollout, pod_informer: Informer) -> bool:
    if counts.total_status(rollout.old_sets, "replicas") > 0:
        return True
    return any(
        pod.get("status", {}).get("phase") not in ("Failed", "Succeeded")
        for replica_set in rollout.old_sets
        for pod in pods.owned_by(pod_informer, replica_set)
    )
