"""The ServiceAccount kind."""

from cluster_engine.kinds.kind import Kind, Subresource

KIND = Kind(
    group="",
    version="v1",
    kind="ServiceAccount",
    plural="serviceaccounts",
    singular="serviceaccount",
    namespaced=True,
    short_names=("sa",),
    subresources=(
        Subresource("token", ("authentication.k8s.io", "v1", "TokenRequest"), verbs=("create",)),
    ),
)
