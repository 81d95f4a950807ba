"""The ResourceQuota kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="",
    version="v1",
    kind="ResourceQuota",
    plural="resourcequotas",
    singular="resourcequota",
    namespaced=True,
    short_names=("quota",),
    subresources=(STATUS,),
)
