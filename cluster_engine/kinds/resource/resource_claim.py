"""The ResourceClaim kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="resource.k8s.io",
    version="v1",
    kind="ResourceClaim",
    plural="resourceclaims",
    singular="resourceclaim",
    namespaced=True,
    subresources=(STATUS,),
)
