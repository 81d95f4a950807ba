"""The ReplicationController kind."""

from cluster_engine.kinds.kind import SCALE, STATUS, Kind

KIND = Kind(
    group="",
    version="v1",
    kind="ReplicationController",
    plural="replicationcontrollers",
    singular="replicationcontroller",
    namespaced=True,
    short_names=("rc",),
    categories=("all",),
    subresources=(
        SCALE,
        STATUS,
    ),
    has_generation=True,
)
