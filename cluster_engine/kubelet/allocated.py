"""What a pod was given, as opposed to what it asks for. Pure functions.

Models: UpdatePodFromAllocation of pkg/kubelet/allocation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubelet.worker import Worker


def effective_spec(spec: Object, worker: Worker) -> Object:
    """The pod spec with the resources that the node has allocated."""
    if worker.resize is None:
        return spec
    groups: Object = {}
    for group in ("initContainers", "containers"):
        if group in spec:
            groups[group] = [
                {**c, "resources": worker.allocated.get(c["name"], c.get("resources") or {})}
                for c in spec[group]
            ]
    return {**spec, **groups}
