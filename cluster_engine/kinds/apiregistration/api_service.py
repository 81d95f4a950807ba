"""The APIService kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="apiregistration.k8s.io",
    version="v1",
    kind="APIService",
    plural="apiservices",
    singular="apiservice",
    namespaced=False,
    categories=("api-extensions",),
    subresources=(STATUS,),
)
