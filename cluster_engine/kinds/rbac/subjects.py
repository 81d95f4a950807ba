"""Subjects of role bindings: who they are, how they are shown.

Models: k8s.io/kubernetes/pkg/apis/rbac (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import age

GROUP = "rbac.authorization.k8s.io"


def default_binding(obj: Object) -> None:
    """Roles, users and groups are of the RBAC group."""
    role = obj.get("roleRef")
    if role is not None and not role.get("apiGroup"):
        role["apiGroup"] = GROUP
    for subject in obj.get("subjects") or ():
        if not subject.get("apiGroup") and subject.get("kind") in ("User", "Group"):
            subject["apiGroup"] = GROUP


def binding_cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row of a binding."""
    role = obj.get("roleRef") or {}
    shown: dict[str, list[str]] = {"User": [], "Group": [], "ServiceAccount": []}
    for subject in obj.get("subjects") or ():
        kind, name = subject.get("kind", ""), subject.get("name", "")
        if kind == "ServiceAccount":
            name = f"{subject.get('namespace', '')}/{name}"
        if kind in shown:
            shown[kind].append(name)
    return [
        obj["metadata"]["name"],
        f"{role.get('kind', '')}/{role.get('name', '')}",
        age(obj, now_ms),
        *(", ".join(names) for names in shown.values()),
    ]
