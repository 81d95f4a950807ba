"""The HorizontalPodAutoscaler kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="autoscaling",
    version="v2",
    kind="HorizontalPodAutoscaler",
    plural="horizontalpodautoscalers",
    singular="horizontalpodautoscaler",
    namespaced=True,
    other_versions=("v1",),
    short_names=("hpa",),
    categories=("all",),
    subresources=(STATUS,),
    has_generation=True,
)
