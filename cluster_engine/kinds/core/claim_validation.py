"""Problems of claims for storage, also of those inside pods and StatefulSets.

Models: ValidatePersistentVolumeClaimSpec, ValidatePersistentVolumeClaimUpdate in
pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import is_qualified_name
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import Quantity, parse_quantity, value
from cluster_engine.kinds.checks import (
    IMMUTABLE,
    NOT_POSITIVE,
    dns_label,
    dns_subdomain,
    label_selector,
    require,
    unchanged,
)
from cluster_engine.kinds.core.resource_names import check_amount, is_native
from cluster_engine.kinds.internal import internal_diff

ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
VOLUME_MODES = ("Block", "Filesystem")
_RESIZE_STATUSES = (
    "ControllerResizeInProgress",
    "ControllerResizeInfeasible",
    "NodeResizeInProgress",
    "NodeResizeInfeasible",
    "NodeResizePending",
)
_CLASS = "volume.beta.kubernetes.io/storage-class"
_REFERENCE = ("apiGroup", "kind", "name")


def check_claim_spec(problems: list[FieldError], path: str, spec: Object) -> None:
    """The spec of a PersistentVolumeClaim."""
    modes = spec.get("accessModes") or []
    if not modes:
        text = "at least 1 access mode is required"
        problems.append(required(f"{path}.accessModes", text))
    label_selector(problems, f"{path}.selector", spec.get("selector"))
    check_access_modes(problems, f"{path}.accessModes", modes)
    _check_storage(problems, f"{path}.resources[storage]", spec.get("resources") or {})
    if spec.get("storageClassName"):
        dns_subdomain(problems, f"{path}.storageClassName", spec["storageClassName"])
    mode = spec.get("volumeMode")
    if mode is not None and mode not in VOLUME_MODES:
        problems.append(not_supported(f"{path}.volumeMode", mode, VOLUME_MODES))
    _check_sources(problems, path, spec)
    if spec.get("volumeAttributesClassName"):
        name = spec["volumeAttributesClassName"]
        dns_subdomain(problems, f"{path}.volumeAttributesClassName", name)


def check_access_modes(problems: list[FieldError], path: str, modes: list[str]) -> None:
    """Known modes, and the one for a single pod alone."""
    for mode in modes:
        if mode not in ACCESS_MODES:
            problems.append(not_supported(path, mode, ACCESS_MODES))
    known = {mode for mode in modes if mode in ACCESS_MODES}
    if "ReadWriteOncePod" in known and len(known) > 1:
        text = "may not use ReadWriteOncePod with other access modes"
        problems.append(forbidden_field(path, text))


def _check_storage(problems: list[FieldError], path: str, resources: Object) -> None:
    written = (resources.get("requests") or {}).get("storage")
    if written is None:
        problems.append(required(path))
    elif parse_quantity(written).nanos <= 0:
        problems.append(invalid_value(path, written, NOT_POSITIVE))


def _check_sources(problems: list[FieldError], path: str, spec: Object) -> None:
    source, reference = spec.get("dataSource"), spec.get("dataSourceRef")
    for name, one in (("dataSource", source), ("dataSourceRef", reference)):
        if one is not None:
            _check_source(problems, f"{path}.{name}", one)
    if source is None or reference is None:
        return
    # Upstream shows the path where the value belongs, which prints as an empty object.
    if reference.get("namespace"):
        text = "may not be specified when dataSourceRef.namespace is specified"
        problems.append(invalid_value(path, {}, text))
    elif any(source.get(name) != reference.get(name) for name in _REFERENCE):
        problems.append(invalid_value(path, {}, "must match dataSourceRef"))


def _check_source(problems: list[FieldError], path: str, source: Object) -> None:
    require(problems, source, path, "name", "kind")
    group, kind = source.get("apiGroup") or "", source.get("kind", "")
    if not group and kind != "PersistentVolumeClaim":
        text = "must be 'PersistentVolumeClaim' when referencing the default apiGroup"
        problems.append(invalid_value(path, kind, text))
    if group:
        dns_subdomain(problems, f"{path}.apiGroup", group)
    if source.get("namespace"):
        dns_label(problems, f"{path}.namespace", source["namespace"])


def validate(obj: Object) -> list[FieldError]:
    """Problems of a claim."""
    problems: list[FieldError] = []
    check_claim_spec(problems, "spec", obj.get("spec") or {})
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Only a bound claim may grow; nothing else changes but what is settled once."""
    problems = validate(new)
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    kept, held = _comparable(problems, new, old)
    if kept != held:
        difference = internal_diff("core", "PersistentVolumeClaimSpec", held, kept)
        text = (
            "spec is immutable after creation except resources.requests and "
            f"volumeAttributesClassName for bound claims\n{difference}"
        )
        problems.append(forbidden_field("spec", text))
    size, old_size = _storage(spec), _storage(before)
    capacity = ((old.get("status") or {}).get("capacity") or {}).get("storage", "0")
    if size < old_size and size <= parse_quantity(capacity):
        at = "spec.resources.requests.storage"
        problems.append(forbidden_field(at, "field can not be less than status.capacity"))
    unchanged(problems, "volumeMode", spec.get("volumeMode"), before.get("volumeMode"))
    _check_attributes_class(problems, spec, old)
    return problems


def _storage(spec: Object) -> Quantity:
    return parse_quantity(((spec.get("resources") or {}).get("requests") or {}).get("storage", "0"))


def _comparable(problems: list[FieldError], new: Object, old: Object) -> tuple[Object, Object]:
    """Both specs, the new one with what may change as it was."""
    kept, held = dict(new.get("spec") or {}), dict(old.get("spec") or {})
    if not held.get("volumeName") and kept.get("volumeName"):
        held["volumeName"] = kept["volumeName"]
    annotations = new["metadata"].get("annotations") or {}
    before = old["metadata"].get("annotations") or {}
    name, old_name = kept.get("storageClassName"), held.get("storageClassName")
    annotation, old_annotation = annotations.get(_CLASS), before.get(_CLASS)
    is_fresh = name is not None and old_name is None
    moved = is_fresh and old_annotation == name and annotation in (None, old_annotation)
    if moved and _CLASS in before:
        del kept["storageClassName"]
    else:
        if (annotation or "") != (old_annotation or ""):
            at = f"metadata.annotations.{_CLASS}"
            problems.append(invalid_value(at, annotation or "", IMMUTABLE))
        if is_fresh and (_CLASS not in before or old_annotation == name):
            del kept["storageClassName"]
    if (new.get("status") or {}).get("phase") == "Bound":
        _keep(kept, held)
    return kept, held


def _keep(kept: Object, held: Object) -> None:
    """What a bound claim may change, as it was."""
    resources = kept.get("resources") or {}
    if resources.get("requests") is not None:
        storage = ((held.get("resources") or {}).get("requests") or {}).get("storage", "0")
        requests = {**resources["requests"], "storage": storage}
        kept["resources"] = {**resources, "requests": requests}
    field = "volumeAttributesClassName"
    kept.pop(field, None)
    if held.get(field) is not None:
        kept[field] = held[field]


def _check_attributes_class(problems: list[FieldError], spec: Object, old: Object) -> None:
    field = "volumeAttributesClassName"
    name = spec.get(field)
    is_changed = name != (old.get("spec") or {}).get(field)
    if not is_changed or (old.get("status") or {}).get("currentVolumeAttributesClassName") is None:
        return
    if not name:
        what = "nil" if name is None else "empty string"
        text = (
            f"update to {what} is forbidden when status.currentVolumeAttributesClassName is not nil"
        )
        problems.append(forbidden_field(f"spec.{field}", text))


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Amounts that make sense."""
    del old
    problems: list[FieldError] = []
    status = new.get("status") or {}
    if not (new.get("spec") or {}).get("accessModes"):
        problems.append(required("Spec.accessModes"))
    for name, written in (status.get("capacity") or {}).items():
        _check_basic(problems, f"status.capacity[{name}]", written)
    for name, word in (status.get("allocatedResourceStatuses") or {}).items():
        path = "status.allocatedResourceStatuses"
        problems.extend(_key_problems(path, name))
        if word not in _RESIZE_STATUSES:
            problems.append(not_supported(path, name, _RESIZE_STATUSES))
    for name, written in (status.get("allocatedResources") or {}).items():
        path = "status.allocatedResources"
        found = _key_problems(path, name)
        problems.extend(found)
        if not found and not _check_basic(problems, f"{path}[{name}]", written):
            check_amount(problems, f"{path}[{name}]", "storage", written)
    return problems


def _check_basic(problems: list[FieldError], path: str, written: str) -> bool:
    """Whether the amount is negative."""
    if value(written) >= 0:
        return False
    text = "must be a valid resource quantity"
    problems.append(invalid_value(path, value(written), text))
    return True


def _key_problems(path: str, name: str) -> list[FieldError]:
    problems = [invalid_value(path, name, message) for message in is_qualified_name(name)]
    if not problems and is_native(name) and name != "storage":
        problems.append(not_supported(path, name, ("storage",)))
    return problems
