"""The Node kind."""

from cluster_engine.kinds.kind import STATUS, Kind, Subresource

KIND = Kind(
    group="",
    version="v1",
    kind="Node",
    plural="nodes",
    singular="node",
    namespaced=False,
    short_names=("no",),
    subresources=(
        Subresource(
            "proxy",
            ("", "v1", "NodeProxyOptions"),
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
