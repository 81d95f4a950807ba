"""Files that volumes make of keys and fields.

Models: validateKeyToPath, validateDownwardAPIVolumeFile in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import FieldError, invalid_value, required
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import require
from cluster_engine.kinds.core.paths import not_reserved
from cluster_engine.kinds.core.pod.environment import (
    check_field_reference,
    check_resource_reference,
)

FIELDS_IN_VOLUMES = (
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
)
MODE = "must be a number between 0 and 0777 (octal), both inclusive"
_MODE_MAX = 0o777


def check_mode(problems: list[FieldError], path: str, mode: int | None) -> None:
    """File permission bits."""
    if mode is not None and not 0 <= mode <= _MODE_MAX:
        problems.append(invalid_value(path, mode, MODE))


def check_key_to_path(problems: list[FieldError], path: str, item: Object) -> None:
    """A key of a Secret or ConfigMap and the file it becomes."""
    require(problems, item, path, "key", "path")
    not_reserved(problems, f"{path}.path", item.get("path", ""))
    check_mode(problems, f"{path}.mode", item.get("mode"))


def check_downward_file(problems: list[FieldError], path: str, item: Object) -> None:
    """A file with a field or an amount of the pod itself."""
    require(problems, item, path, "path")
    not_reserved(problems, f"{path}.path", item.get("path", ""))
    field, resource = item.get("fieldRef"), item.get("resourceFieldRef")
    if field is not None:
        check_field_reference(problems, f"{path}.fieldRef", field, FIELDS_IN_VOLUMES)
        if resource is not None:
            text = "fieldRef and resourceFieldRef can not be specified simultaneously"
            problems.append(invalid_value(path, "resource", text))
    elif resource is not None:
        at = f"{path}.resourceFieldRef"
        check_resource_reference(problems, at, resource, is_in_volume=True)
    else:
        text = "one of fieldRef and resourceFieldRef is required"
        problems.append(required(path, text))
    check_mode(problems, f"{path}.mode", item.get("mode"))
