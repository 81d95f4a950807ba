"""What a claim for storage may ask for, also inside pods and StatefulSets.

Models: ValidatePersistentVolumeClaimSpec in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import parse_quantity
from cluster_engine.kinds.checks import (
    NOT_POSITIVE,
    dns_label,
    dns_subdomain,
    label_selector,
    require,
)

ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
VOLUME_MODES = ("Block", "Filesystem")
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
