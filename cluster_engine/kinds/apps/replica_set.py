"""The ReplicaSet kind."""

from cluster_engine.kinds.kind import SCALE, STATUS, Kind

KIND = Kind(
    group="apps",
    version="v1",
    kind="ReplicaSet",
    plural="replicasets",
    singular="replicaset",
    namespaced=True,
    short_names=("rs",),
    categories=("all",),
    subresources=(
        SCALE,
        STATUS,
    ),
    has_generation=True,
)
