"""The PriorityLevelConfiguration kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="flowcontrol.apiserver.k8s.io",
    version="v1",
    kind="PriorityLevelConfiguration",
    plural="prioritylevelconfigurations",
    singular="prioritylevelconfiguration",
    namespaced=False,
    subresources=(STATUS,),
    has_generation=True,
)
