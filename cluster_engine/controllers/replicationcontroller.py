"""The ReplicationController controller: a ReplicaSet's work for its older sister.

Models: k8s.io/kubernetes/pkg/controller/replication (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import Selector, from_map
from cluster_engine.controllers.replicaset import ReplicaSetController


class ReplicationControllerController(ReplicaSetController):
    """Reconciles ReplicationControllers with their pods. Their selector is a map of labels."""

    name = "replication-controller"
    resource = "replicationcontrollers"
    kind = "ReplicationController"
    counts_terminating = False

    def _selector(self, replica_set: Object) -> Selector:
        return from_map(replica_set["spec"].get("selector"))
