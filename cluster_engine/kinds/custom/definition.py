"""Reading a CustomResourceDefinition into the types it defines.

Models: k8s.io/apiextensions-apiserver/pkg/apihelpers and the parts of
pkg/apiserver/customresource_handler.go that set up a version (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.custom.types import CustomTypes, CustomVersion, ScalePaths
from cluster_engine.kinds.versions import version_priority


def types_of(definition: Object) -> CustomTypes:
    """The types of an established definition."""
    spec = definition["spec"]
    names = accepted_names(definition)
    versions = {
        version["name"]: _version(version, spec, names["kind"])
        for version in spec.get("versions") or ()
    }
    return CustomTypes(
        group=spec["group"],
        kind=names["kind"],
        list_kind=names.get("listKind") or f"{names['kind']}List",
        stored=storage_version(definition),
        versions=versions,
    )


def storage_version(definition: Object) -> str:
    """The version in which objects are stored."""
    versions = definition["spec"].get("versions") or ()
    return next((version["name"] for version in versions if version.get("storage")), "")


def accepted_names(definition: Object) -> Mapping[str, Any]:
    """The names that nobody else has."""
    names: Mapping[str, Any] = (definition.get("status") or {}).get("acceptedNames") or {}
    return names


def _version(version: Object, spec: Object, kind: str) -> CustomVersion:
    parts = version.get("subresources") or {}
    return CustomVersion(
        name=version["name"],
        schema=(version.get("schema") or {}).get("openAPIV3Schema") or {},
        is_served=bool(version.get("served")),
        has_status=parts.get("status") is not None,
        scale=_scale(parts.get("scale")),
        columns=tuple(version.get("additionalPrinterColumns") or ()),
        selectable=tuple(
            item["jsonPath"].removeprefix(".") for item in version.get("selectableFields") or ()
        ),
        deprecation=_deprecation(version, spec, kind),
    )


def _scale(scale: Object | None) -> ScalePaths | None:
    if scale is None:
        return None
    selector = scale.get("labelSelectorPath")
    return ScalePaths(
        _steps(scale.get("specReplicasPath", "")),
        _steps(scale.get("statusReplicasPath", "")),
        _steps(selector) if selector else None,
    )


def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.removeprefix(".").split("."))


def _deprecation(version: Object, spec: Object, kind: str) -> str:
    if not version.get("deprecated"):
        return ""
    if version.get("deprecationWarning") is not None:
        return str(version["deprecationWarning"])
    group, name = spec["group"], version["name"]
    newer = sorted(
        (
            other["name"]
            for other in spec["versions"]
            if other.get("served")
            and not other.get("deprecated")
            and version_priority(other["name"]) < version_priority(name)
        ),
        key=version_priority,
    )
    ending = f"; use {group}/{newer[0]} {kind}" if newer else ""
    return f"{group}/{name} {kind} is deprecated{ending}"
