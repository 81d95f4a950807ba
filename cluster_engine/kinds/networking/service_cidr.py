"""The ServiceCIDR kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="networking.k8s.io",
    version="v1",
    kind="ServiceCIDR",
    plural="servicecidrs",
    singular="servicecidr",
    namespaced=False,
    subresources=(STATUS,),
)
