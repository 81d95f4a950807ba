"""The FlowSchema kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="flowcontrol.apiserver.k8s.io",
    version="v1",
    kind="FlowSchema",
    plural="flowschemas",
    singular="flowschema",
    namespaced=False,
    subresources=(STATUS,),
    has_generation=True,
)
