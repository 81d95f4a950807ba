"""The CSINode kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="CSINode",
    plural="csinodes",
    singular="csinode",
    namespaced=False,
    subresources=(STATUS,),
)
