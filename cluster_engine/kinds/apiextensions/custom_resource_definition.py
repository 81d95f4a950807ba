"""The CustomResourceDefinition kind.

Models: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go and
pkg/registry/customresourcedefinition (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.apiextensions.validation import (
    validate,
    validate_status,
    validate_update,
)
from cluster_engine.kinds.columns import NAME
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

_CREATED = "meta.v1.ObjectMeta.creationTimestamp"
COLUMNS = (NAME, Column("Created At", "date", described_by=_CREATED))

_separate_status = SeparateStatus("apiextensions.k8s.io", "v1", "CustomResourceDefinition")


def default(obj: Object) -> None:
    """Names follow from the kind; versions are not converted."""
    spec = obj.setdefault("spec", {})
    names = spec.setdefault("names", {})
    kind = names.get("kind", "")
    if not names.get("singular"):
        names["singular"] = kind.lower()
    if not names.get("listKind") and kind:
        names["listKind"] = f"{kind}List"
    conversion = spec.get("conversion")
    if conversion is None:
        spec["conversion"] = {"strategy": "None"}
    else:
        service = ((conversion.get("webhook") or {}).get("clientConfig") or {}).get("service")
        if service is not None and service.get("port") is None:
            service["port"] = 443


def prepare(new: Object, old: Object | None) -> None:
    """The status is apart; the storage version joins those that objects may be stored in."""
    _separate_status(new, old)
    status = new.get("status") or {}
    stored = status.get("storedVersions") or []
    for version in (new.get("spec") or {}).get("versions") or ():
        if version.get("storage"):
            if version.get("name") not in stored:
                new["status"] = {**status, "storedVersions": [*stored, version.get("name")]}
            break


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    del now_ms
    return [obj["metadata"]["name"], obj["metadata"].get("creationTimestamp", "")]


KIND = Kind(
    group="apiextensions.k8s.io",
    version="v1",
    kind="CustomResourceDefinition",
    plural="customresourcedefinitions",
    singular="customresourcedefinition",
    namespaced=False,
    short_names=("crd", "crds"),
    categories=("api-extensions",),
    subresources=(STATUS,),
    default=default,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    prepare=prepare,
    prepare_status=only_status,
    is_updated_unconditionally=False,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
