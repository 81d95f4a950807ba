"""The Pod kind."""

from cluster_engine.kinds.kind import STATUS, Kind, Subresource

KIND = Kind(
    group="",
    version="v1",
    kind="Pod",
    plural="pods",
    singular="pod",
    namespaced=True,
    short_names=("po",),
    categories=("all",),
    subresources=(
        Subresource(
            "attach",
            ("", "v1", "PodAttachOptions"),
            verbs=(
                "create",
                "get",
            ),
        ),
        Subresource("binding", ("", "v1", "Binding"), verbs=("create",)),
        Subresource("ephemeralcontainers"),
        Subresource("eviction", ("policy", "v1", "Eviction"), verbs=("create",)),
        Subresource(
            "exec",
            ("", "v1", "PodExecOptions"),
            verbs=(
                "create",
                "get",
            ),
        ),
        Subresource("log", verbs=("get",)),
        Subresource(
            "portforward",
            ("", "v1", "PodPortForwardOptions"),
            verbs=(
                "create",
                "get",
            ),
        ),
        Subresource(
            "proxy",
            ("", "v1", "PodProxyOptions"),
            verbs=(
                "create",
                "delete",
                "get",
                "patch",
                "update",
            ),
        ),
        Subresource("resize"),
        STATUS,
    ),
    has_generation=True,
)
