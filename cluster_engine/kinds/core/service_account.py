"""The ServiceAccount kind.

Models: k8s.io/kubernetes/pkg/registry/core/serviceaccount (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, name_and_age
from cluster_engine.kinds.kind import Kind, Subresource

_ENFORCE = "kubernetes.io/enforce-mountable-secrets"


def prepare(new: Object, old: Object | None) -> None:
    """References to secrets keep their name alone."""
    del old
    secrets = new.get("secrets")
    if secrets:
        new["secrets"] = [{"name": one["name"]} if one.get("name") else {} for one in secrets]


def warn(new: Object, old: Object | None) -> list[str]:
    """Of an annotation on its way out."""
    if old is not None and _ENFORCE in (old["metadata"].get("annotations") or {}):
        return []
    if _ENFORCE not in (new["metadata"].get("annotations") or {}):
        return []
    return [
        f"metadata.annotations[{_ENFORCE}]: deprecated in v1.32+; prefer separate namespaces to "
        "isolate access to mounted secrets"
    ]


KIND = Kind(
    group="",
    version="v1",
    kind="ServiceAccount",
    plural="serviceaccounts",
    singular="serviceaccount",
    namespaced=True,
    short_names=("sa",),
    subresources=(
        Subresource("token", ("authentication.k8s.io", "v1", "TokenRequest"), ("create",)),
    ),
    prepare=prepare,
    warn=warn,
    columns=(NAME, AGE),
    cells=name_and_age,
)
