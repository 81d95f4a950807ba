"""PodTopologyLabels: pods carry the zone and region of their node.

Pods that are bound get the labels from `subresources/binding.py`.

Models: k8s.io/kubernetes/plugin/pkg/admission/podtopologylabels (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import with_metadata
from cluster_engine.apiserver.admission.plugin import Plugin
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.write import CREATE, Write

LABELS = ("topology.kubernetes.io/zone", "topology.kubernetes.io/region")


class PodTopologyLabels(Plugin):
    """Labels pods that are created on a certain node."""

    NAME = "PodTopologyLabels"
    OPERATIONS = (CREATE,)
    RESOURCES = ("pods",)

    def mutate(self, write: Write) -> None:
        node = (write.object.get("spec") or {}).get("nodeName")
        found = topology_labels(self.core, node) if node else {}
        if found:
            held = (write.object.get("metadata") or {}).get("labels") or {}
            write.object = with_metadata(write.object, labels={**held, **found})


def topology_labels(core: Core, node: str) -> dict[str, str]:
    """The labels that pods on the node get from it."""
    record = core.store.get("nodes", "", node)
    if record is None:
        return {}
    held = record.object["metadata"].get("labels") or {}
    return {name: held[name] for name in LABELS if name in held}
