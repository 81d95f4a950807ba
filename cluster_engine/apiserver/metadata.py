"""The rules of `metadata` that hold for every kind: names, labels, finalizers, what may change.

Models: k8s.io/apimachinery/pkg/api/validation/objectmeta.go (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    child,
    forbidden_field,
    index,
    invalid_value,
    not_supported,
    required,
    too_long,
)
from cluster_engine.apimachinery.names import (
    is_dns1123_label,
    is_dns1123_subdomain,
    is_label_key,
    is_label_value,
    is_qualified_name,
    mask_trailing_dash,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.kind import Kind

_ANNOTATIONS_BYTES_MAX = 256 * 1024
_STANDARD_FINALIZERS = ("kubernetes", "orphan", "foregroundDeletion")
_NAME_SUFFIX_LENGTH = 5
#: Generated names are cut so that the suffix still fits.
GENERATED_PREFIX_LENGTH_MAX = 63 - _NAME_SUFFIX_LENGTH
IMMUTABLE = "field is immutable"


def check_new(kind: Kind, metadata: Object) -> list[FieldError]:
    """Problems of the metadata of an object that is to be created."""
    problems = _check_names(kind, metadata)
    problems.extend(_check_namespace(kind, metadata))
    if (metadata.get("generation") or 0) < 0:
        path = "metadata.generation"
        problems.append(
            invalid_value(path, metadata["generation"], "must be greater than or equal to 0")
        )
    problems.extend(check_common(metadata))
    return problems


def check_common(metadata: Object) -> list[FieldError]:
    """Problems of labels, annotations, owners and finalizers."""
    problems: list[FieldError] = []
    labels = metadata.get("labels")
    if labels:
        problems.extend(check_labels(labels, "metadata.labels"))
    annotations = metadata.get("annotations")
    if annotations:
        problems.extend(_check_annotations(annotations))
    owners = metadata.get("ownerReferences")
    if owners:
        problems.extend(_check_owners(owners))
    finalizers = metadata.get("finalizers")
    if finalizers:
        problems.extend(_check_finalizers(finalizers))
    return problems


def check_change(new: Object, old: Object) -> list[FieldError]:
    """Problems of metadata that replaces `old`."""
    problems: list[FieldError] = []
    if old.get("deletionTimestamp"):
        problems.extend(_check_no_new_finalizers(new, old))
    for field in ("name", "namespace", "uid", "creationTimestamp"):
        if new.get(field) != old.get(field):
            problems.append(invalid_value(f"metadata.{field}", new.get(field, ""), IMMUTABLE))
    for field in ("deletionTimestamp", "deletionGracePeriodSeconds"):
        if new.get(field) != old.get(field):
            problems.append(invalid_value(f"metadata.{field}", new.get(field), IMMUTABLE))
    for field, check in (
        ("labels", lambda labels: check_labels(labels, "metadata.labels")),
        ("annotations", _check_annotations),
        ("ownerReferences", _check_owners),
        ("finalizers", _check_finalizers),
    ):
        value = new.get(field)
        if value and value != old.get(field):
            problems.extend(check(value))
    return problems


def check_labels(labels: dict[str, str], path: str) -> list[FieldError]:
    """Problems of label keys and values."""
    problems: list[FieldError] = []
    for name, value in labels.items():
        problems.extend(invalid_value(path, name, message) for message in is_label_key(name))
        problems.extend(invalid_value(path, value, message) for message in is_label_value(value))
    return problems


def _check_names(kind: Kind, metadata: Object) -> list[FieldError]:
    check = kind.validate_name or is_dns1123_subdomain
    problems: list[FieldError] = []
    prefix = metadata.get("generateName")
    if prefix:
        path = "metadata.generateName"
        problems.extend(
            invalid_value(path, prefix, message) for message in check(mask_trailing_dash(prefix))
        )
    name = metadata.get("name")
    if not name:
        problems.append(required("metadata.name", "name or generateName is required"))
    else:
        problems.extend(invalid_value("metadata.name", name, message) for message in check(name))
    return problems


def _check_namespace(kind: Kind, metadata: Object) -> list[FieldError]:
    namespace = metadata.get("namespace", "")
    if not kind.namespaced:
        if namespace:
            return [forbidden_field("metadata.namespace", "not allowed on this type")]
        return []
    if not namespace:
        return [required("metadata.namespace")]
    messages = is_dns1123_label(namespace)
    return [invalid_value("metadata.namespace", namespace, message) for message in messages]


def _check_annotations(annotations: dict[str, str]) -> list[FieldError]:
    path = "metadata.annotations"
    problems = [
        invalid_value(path, name, message)
        for name in annotations
        for message in is_qualified_name(name.lower())
    ]
    size_bytes = sum(len(k.encode()) + len(v.encode()) for k, v in annotations.items())
    if size_bytes > _ANNOTATIONS_BYTES_MAX:
        problems.append(too_long(path, _ANNOTATIONS_BYTES_MAX))
    return problems


def _check_owners(owners: list[Object]) -> list[FieldError]:
    path = "metadata.ownerReferences"
    problems: list[FieldError] = []
    controller = ""
    for position, owner in enumerate(owners):
        problems.extend(_check_owner(owner, index(path, position)))
        if not owner.get("controller"):
            continue
        name = f"{owner.get('kind', '')}/{owner.get('name', '')}"
        if controller:
            text = (
                "Only one reference can have Controller set to true. "
                f'Found "true" in references for {controller} and {name}'
            )
            problems.append(invalid_value(path, owners, text))
        else:
            controller = name
    return problems


def _check_owner(owner: Object, path: str) -> list[FieldError]:
    problems: list[FieldError] = []
    version = owner.get("apiVersion", "")
    if not version:
        problems.append(required(child(path, "apiVersion"), "must not be empty"))
    elif version.count("/") > 1 or not version.rpartition("/")[2]:
        text = "must be <group>/<version> or <version>"
        problems.append(invalid_value(child(path, "apiVersion"), version, text))
    for field in ("kind", "name", "uid"):
        if not owner.get(field):
            problems.append(required(child(path, field), "must not be empty"))
    if version == "v1" and owner.get("kind") == "Event":
        text = "/v1, Kind=Event is disallowed from being an owner"
        problems.append(invalid_value(path, owner, text))
    return problems


def _check_finalizers(finalizers: list[str]) -> list[FieldError]:
    path = "metadata.finalizers"
    problems: list[FieldError] = []
    for position, finalizer in enumerate(finalizers):
        messages = is_qualified_name(finalizer)
        problems.extend(invalid_value(path, finalizer, message) for message in messages)
        if not messages and "/" not in finalizer and finalizer not in _STANDARD_FINALIZERS:
            text = "name is neither a standard finalizer name nor is it fully qualified"
            problems.append(invalid_value(index(path, position), finalizer, text))
    if "foregroundDeletion" in finalizers and "orphan" in finalizers:
        text = "finalizer orphan and foregroundDeletion cannot be both set"
        problems.append(invalid_value(path, finalizers, text))
    return problems


def _check_no_new_finalizers(new: Object, old: Object) -> list[FieldError]:
    held = old.get("finalizers") or ()
    extra = sorted(set(new.get("finalizers") or ()) - set(held))
    if not extra:
        return []
    shown = ", ".join(f'"{name}"' for name in extra)
    text = (
        "no new finalizers can be added if the object is being deleted, "
        f"found new finalizers []string{{{shown}}}"
    )
    return [forbidden_field("metadata.finalizers", text)]


def check_managed_fields(entries: list[Any]) -> list[FieldError]:
    """Problems of managed fields that a client sends."""
    path = "metadata.managedFields"
    problems: list[FieldError] = []
    for position, entry in enumerate(entries):
        operation = entry.get("operation", "") if isinstance(entry, dict) else ""
        at = child(index(path, position), "operation")
        if not operation:
            problems.append(required(at, "must not be empty"))
        elif operation not in ("Apply", "Update"):
            problems.append(not_supported(at, operation, ("Apply", "Update")))
    return problems
