"""The DeviceTaintRule kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="resource.k8s.io",
    version="v1",
    kind="DeviceTaintRule",
    plural="devicetaintrules",
    singular="devicetaintrule",
    namespaced=False,
    subresources=(STATUS,),
    has_generation=True,
)
