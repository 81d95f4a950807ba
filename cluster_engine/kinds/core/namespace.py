"""The Namespace kind."""

from cluster_engine.kinds.kind import STATUS, Kind, Subresource

KIND = Kind(
    group="",
    version="v1",
    kind="Namespace",
    plural="namespaces",
    singular="namespace",
    namespaced=False,
    short_names=("ns",),
    verbs=(
        "create",
        "delete",
        "get",
        "list",
        "patch",
        "update",
        "watch",
    ),
    subresources=(
        Subresource("finalize", verbs=("update",)),
        STATUS,
    ),
)
