"""The StatefulSet kind."""

from cluster_engine.kinds.kind import SCALE, STATUS, Kind

KIND = Kind(
    group="apps",
    version="v1",
    kind="StatefulSet",
    plural="statefulsets",
    singular="statefulset",
    namespaced=True,
    short_names=("sts",),
    categories=("all",),
    subresources=(
        SCALE,
        STATUS,
    ),
    has_generation=True,
)
