"""The CronJob kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="batch",
    version="v1",
    kind="CronJob",
    plural="cronjobs",
    singular="cronjob",
    namespaced=True,
    short_names=("cj",),
    categories=("all",),
    subresources=(STATUS,),
    has_generation=True,
)
