"""The IPAddress kind: an address that is taken, and by whom.

Models: k8s.io/kubernetes/pkg/registry/networking/ipaddress (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, required
from cluster_engine.apimachinery.names import is_path_segment
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import is_ip
from cluster_engine.kinds.checks import Problems, declared, dns_subdomain, sealed, wrong
from cluster_engine.kinds.columns import NAME, age
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("ParentRef", described_by="networking.v1.IPAddressSpec.parentRef"),
)


def validate_name(name: str) -> list[str]:
    """The address in its canonical form."""
    return [problem.detail for problem in is_ip("", name)]


def validate(obj: Object) -> list[FieldError]:
    """It belongs to something."""
    problems = Problems()
    parent = (obj.get("spec") or {}).get("parentRef")
    path = "spec.parentRef"
    if parent is None:
        declared(problems).append(required(path))
        return problems.all()
    if parent.get("group"):
        dns_subdomain(problems, f"{path}.group", parent["group"])
    for field in ("resource", "name", "namespace"):
        text = parent.get(field, "")
        if text:
            wrong(problems, f"{path}.{field}", text, is_path_segment(text))
        elif field != "namespace":
            declared(problems).append(required(f"{path}.{field}"))
    return problems.all()


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """It belongs to the same for ever."""
    problems: list[FieldError] = []
    after, before = ((obj.get("spec") or {}).get("parentRef") for obj in (new, old))
    sealed(problems, "spec.parentRef", after, before)
    return problems


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
    validate=validate,
    validate_update=validate_update,
    validate_name=validate_name,
    columns=COLUMNS,
    cells=cells,
)
