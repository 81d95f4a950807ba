"""The Job kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="batch",
    version="v1",
    kind="Job",
    plural="jobs",
    singular="job",
    namespaced=True,
    categories=("all",),
    subresources=(STATUS,),
    has_generation=True,
)
