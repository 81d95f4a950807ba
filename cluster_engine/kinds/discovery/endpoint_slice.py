"""The EndpointSlice kind."""

from cluster_engine.kinds.kind import Kind

KIND = Kind(
    group="discovery.k8s.io",
    version="v1",
    kind="EndpointSlice",
    plural="endpointslices",
    singular="endpointslice",
    namespaced=True,
    has_generation=True,
)
