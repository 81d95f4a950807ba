"""TaintNodesByCondition: a new node takes no pods before it says that it is ready.

Models: k8s.io/kubernetes/plugin/pkg/admission/nodetaint (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apiserver.admission.plugin import Plugin
from cluster_engine.apiserver.write import CREATE, Write

_NOT_READY = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}


class TaintNodesByCondition(Plugin):
    """Adds the not-ready taint to nodes that are created."""

    NAME = "TaintNodesByCondition"
    OPERATIONS = (CREATE,)
    RESOURCES = ("nodes",)

    def mutate(self, write: Write) -> None:
        taints = (write.object.get("spec") or {}).get("taints") or []
        for taint in taints:
            if taint.get("key") == _NOT_READY["key"] and taint.get("effect") == "NoSchedule":
                return
        write.set_spec(taints=[*taints, _NOT_READY])
