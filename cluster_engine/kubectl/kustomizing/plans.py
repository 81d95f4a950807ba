"""A kustomization file: which fields it may have, and of what types.

Models: sigs.k8s.io/kustomize/api/types/kustomization.go (api v0.21).
"""

from __future__ import annotations

from typing import Any, TypeAlias

from cluster_engine.apimachinery.manifests import ManifestError, load_value
from cluster_engine.kubectl.errors import KubectlError

#: A type: "string", "bool", "int", "map" (of strings), a list with one type, or a struct.
Type: TypeAlias = "str | list[Any] | dict[str, Any]"

VERSION, COMPONENT_VERSION = "kustomize.config.k8s.io/v1beta1", "kustomize.config.k8s.io/v1alpha1"
COMPONENT = "Component"

_GO_TYPES = {"string": "string", "bool": "bool", "int": "int", "map": "map[string]string"}
_OPTIONS: Type = {
    "labels": "map",
    "annotations": "map",
    "disableNameSuffixHash": "bool",
    "immutable": "bool",
}
_GENERATOR: dict[str, Type] = {
    "namespace": "string",
    "name": "string",
    "behavior": "string",
    "literals": ["string"],
    "files": ["string"],
    "envs": ["string"],
    "env": "string",
    "options": _OPTIONS,
}
_IDENTITY: dict[str, Type] = {
    "group": "string",
    "version": "string",
    "kind": "string",
    "name": "string",
    "namespace": "string",
}
_SELECTOR: Type = {**_IDENTITY, "annotationSelector": "string", "labelSelector": "string"}
_PATCH: Type = {
    "path": "string",
    "patch": "string",
    "target": _SELECTOR,
    "options": {"allowNameChange": "bool", "allowKindChange": "bool"},
}
_IMAGE: Type = {
    "name": "string",
    "newName": "string",
    "tagSuffix": "string",
    "newTag": "string",
    "digest": "string",
}
_FIELD_OPTIONS: Type = {
    "delimiter": "string",
    "index": "int",
    "encoding": "string",
    "create": "bool",
}
_REPLACEMENT: Type = {
    "path": "string",
    "source": {**_IDENTITY, "fieldPath": "string", "options": _FIELD_OPTIONS},
    "sourceValue": "string",
    "targets": [
        {
            "select": _SELECTOR,
            "reject": [_SELECTOR],
            "fieldPaths": ["string"],
            "options": _FIELD_OPTIONS,
        }
    ],
}
_LABEL: Type = {
    "pairs": "map",
    "includeSelectors": "bool",
    "includeTemplates": "bool",
    "includeVolumeClaimTemplates": "bool",
    "fields": [
        {
            "group": "string",
            "version": "string",
            "kind": "string",
            "path": "string",
            "create": "bool",
        }
    ],
}
_FIELDS: dict[str, Type] = {
    "apiVersion": "string",
    "kind": "string",
    "metadata": {"name": "string", "namespace": "string", "labels": "map", "annotations": "map"},
    "openapi": "map",
    "namePrefix": "string",
    "nameSuffix": "string",
    "namespace": "string",
    "commonLabels": "map",
    "labels": [_LABEL],
    "commonAnnotations": "map",
    "patchesStrategicMerge": ["string"],
    "patchesJson6902": [_PATCH],
    "patches": [_PATCH],
    "images": [_IMAGE],
    "imageTags": [_IMAGE],
    "replacements": [_REPLACEMENT],
    "replicas": [{"name": "string", "count": "int"}],
    "vars": ["any"],
    "sortOptions": {
        "order": "string",
        "legacySortOptions": {"orderFirst": ["string"], "orderLast": ["string"]},
    },
    "resources": ["string"],
    "components": ["string"],
    "crds": ["string"],
    "bases": ["string"],
    "configMapGenerator": [_GENERATOR],
    "secretGenerator": [{**_GENERATOR, "type": "string"}],
    "helmGlobals": "any",
    "helmCharts": ["any"],
    "helmChartInflationGenerator": ["any"],
    "generatorOptions": _OPTIONS,
    "configurations": ["string"],
    "generators": ["string"],
    "transformers": ["string"],
    "validators": ["string"],
    "buildMetadata": ["string"],
}
_OLD = (
    ("bases", "resources", ""),
    ("commonLabels", "labels", ""),
    ("imageTags", "images", ""),
    ("patchesJson6902", "patches", ""),
    ("patchesStrategicMerge", "patches", ""),
    ("vars", "replacements", "[EXPERIMENTAL] "),
)


def parse(text: str) -> dict[str, Any]:
    """The fields of a kustomization file. Raises KubectlError."""
    try:
        value, _ = load_value(text)
    except ManifestError as error:
        raise KubectlError(f"invalid Kustomization: {error.upstream_text()}") from None
    if value is None:
        return {}
    found: dict[str, Any] = _checked(value, _FIELDS, "")
    return found


def warnings(plan: dict[str, Any]) -> list[str]:
    """What is said about fields that are not to be used any more."""
    return [
        f"# Warning: '{old}' is deprecated. Please use '{new}' instead. {mark}Run 'kustomize edit "
        "fix' to update your Kustomization automatically."
        for old, new, mark in _OLD
        if plan.get(old) is not None
    ]


def _checked(value: Any, wanted: Type, path: str) -> Any:
    """The value with only fields that are there. Raises KubectlError for what does not fit."""
    if value is None or wanted == "any":
        return value
    if isinstance(wanted, list):
        if not isinstance(value, list):
            raise _misfit(value, path, wanted)
        return [_checked(item, wanted[0], path) for item in value]
    if isinstance(wanted, dict):
        if not isinstance(value, dict):
            raise _misfit(value, path, wanted)
        return {
            key: _checked(held, _field(wanted, key), f"{path}.{key}" if path else key)
            for key, held in value.items()
            if held is not None
        }
    if wanted == "map":
        if not isinstance(value, dict):
            raise _misfit(value, path, wanted)
        return {key: _checked(held, "string", path) for key, held in value.items()}
    is_fit = {
        "string": isinstance(value, str),
        "bool": isinstance(value, bool),
        "int": isinstance(value, int) and not isinstance(value, bool),
    }[wanted]
    if not is_fit:
        raise _misfit(value, path, wanted)
    return value


def _field(wanted: dict[str, Any], key: str) -> Any:
    if key not in wanted:
        raise KubectlError(f'invalid Kustomization: json: unknown field "{key}"')
    return wanted[key]


def _misfit(value: Any, path: str, wanted: Type) -> KubectlError:
    return KubectlError(
        f"invalid Kustomization: json: cannot unmarshal {_kind_of(value)} into Go struct field "
        f"Kustomization.{path} of type {_go_type(wanted)}"
    )


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    kinds = ((str, "string"), (dict, "object"), (list, "array"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "number")


def _go_type(wanted: Type) -> str:
    if isinstance(wanted, list):
        return f"[]{_go_type(wanted[0])}"
    if isinstance(wanted, dict):
        return "types.Kustomization" if wanted is _FIELDS else "types.struct"
    return _GO_TYPES.get(wanted, wanted)
