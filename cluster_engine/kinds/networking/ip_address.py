"""The IPAddress kind: an address that is taken, and by whom.

Models: k8s.io/kubernetes/pkg/registry/networking/ipaddress (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import NAME, age
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("ParentRef", described_by="networking.v1.IPAddressSpec.parentRef"),
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row; upstream has a cell more than columns."""
    parent = (obj.get("spec") or {}).get("parentRef")
    shown = "<none>"
    if parent is not None:
        resource, group = parent.get("resource", ""), parent.get("group", "")
        parts = [f"{resource}.{group}".lower() if group else resource.lower()]
        if parent.get("namespace"):
            parts.append(parent["namespace"])
        shown = "/".join([*parts, parent.get("name", "")])
    return [obj["metadata"]["name"], shown, age(obj, now_ms)]


KIND = Kind(
    group="networking.k8s.io",
    version="v1",
    kind="IPAddress",
    plural="ipaddresses",
    singular="ipaddress",
    namespaced=False,
    short_names=("ip",),
    columns=COLUMNS,
    cells=cells,
)
