"""The DaemonSet kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="apps",
    version="v1",
    kind="DaemonSet",
    plural="daemonsets",
    singular="daemonset",
    namespaced=True,
    short_names=("ds",),
    categories=("all",),
    subresources=(STATUS,),
    has_generation=True,
)
