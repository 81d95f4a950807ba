"""The Ingress kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="networking.k8s.io",
    version="v1",
    kind="Ingress",
    plural="ingresses",
    singular="ingress",
    namespaced=True,
    short_names=("ing",),
    subresources=(STATUS,),
    has_generation=True,
)
