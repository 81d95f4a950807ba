"""The Service kind."""

from cluster_engine.kinds.kind import STATUS, Kind, Subresource

KIND = Kind(
    group="",
    version="v1",
    kind="Service",
    plural="services",
    singular="service",
    namespaced=True,
    short_names=("svc",),
    categories=("all",),
    subresources=(
        Subresource(
            "proxy",
            ("", "v1", "ServiceProxyOptions"),
            verbs=(
                "create",
                "delete",
                "get",
                "patch",
                "update",
            ),
        ),
        STATUS,
    ),
)
