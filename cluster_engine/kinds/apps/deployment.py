"""The Deployment kind."""

from cluster_engine.kinds.kind import SCALE, STATUS, Kind

KIND = Kind(
    group="apps",
    version="v1",
    kind="Deployment",
    plural="deployments",
    singular="deployment",
    namespaced=True,
    short_names=("deploy",),
    categories=("all",),
    subresources=(
        SCALE,
        STATUS,
    ),
    has_generation=True,
)
