"""Problems of a change of a running pod's resources.

Models: ValidatePodResize in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, forbidden_field, invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.core.pod.annotations import MIRROR
from cluster_engine.kinds.core.pod.qos import class_of_spec, qos_class
from cluster_engine.kinds.core.pod.validation import check_pod

_NOTHING: Object = {}
_CHANGEABLE = ("cpu", "memory")
_ONLY = "only cpu and memory resources are mutable"
_NOT_REMOVED = "cannot be removed"


def validate_resize(new: Object, old: Object) -> list[FieldError]:
    """Through `resize`, amounts of cpu and memory may change and nothing else."""
    problems: list[FieldError] = []
    check_pod(problems, new)
    if MIRROR in (old["metadata"].get("annotations") or _NOTHING):
        return [forbidden_field("[]", "static pods cannot be resized")]
    spec, before = new.get("spec") or _NOTHING, old.get("spec") or _NOTHING
    if (before.get("os") or _NOTHING).get("name") == "windows":
        return [forbidden_field("[]", "windows pods cannot be resized")]
    if qos_class(old) != class_of_spec(spec):
        held = (new.get("status") or _NOTHING).get("qosClass", "")
        text = "Pod QOS Class may not change as a result of resizing"
        problems.append(invalid_value("spec", held, text))
    if not _is_supported(old.get("status") or _NOTHING):
        text = "Pod running on node without support for resize"
        problems.append(forbidden_field("spec", text))
    kept = dict(spec)
    if _has_amounts(spec) or _has_amounts(before):
        _check_pod_level(problems, kept, before)
    before_order = len(problems)
    for name in ("containers", "initContainers"):
        _check_order(problems, name, spec.get(name) or [], before.get(name) or [])
    if len(problems) > before_order:
        return problems
    _check_containers(problems, kept, before)
    if spec.get("volumes") != before.get("volumes"):
        text = (
            "volumes are immutable on resize when InPlacePodVerticalScalingMemoryBackedVolumes "
            "feature gate is disabled"
        )
        problems.append(forbidden_field("spec.volumes", text))
    if not problems and kept != before:
        problems.append(forbidden_field("spec", _ONLY))
    return problems


def _is_supported(status: Object) -> bool:
    """Whether the node reports the resources of what runs."""
    for one in status.get("containerStatuses") or ():
        if (one.get("state") or _NOTHING).get("running") is not None:
            return one.get("resources") is not None
    return True


def _has_amounts(spec: Object) -> bool:
    resources = spec.get("resources") or _NOTHING
    return bool(resources.get("requests") or resources.get("limits"))


def _check_pod_level(problems: list[FieldError], kept: Object, before: Object) -> None:
    """The pod's own resources; afterwards `kept` has the amounts that may change as they were."""
    new, old = kept.get("resources"), before.get("resources")
    if old is not None and new is None:
        text = f"pod-level resources {_NOT_REMOVED}"
        problems.append(forbidden_field("spec.resources", text))
        return
    for field, shown in (("requests", "requests"), ("limits", "limits")):
        if old is not None and _are_removed((new or _NOTHING).get(field), old.get(field)):
            text = f"pod-level resource {shown} {_NOT_REMOVED}"
            problems.append(forbidden_field(f"spec.resources.{field}", text))
    merged = _with_old_amounts(new or _NOTHING, old or _NOTHING)
    if old is None and not any(merged.values()):
        kept.pop("resources", None)
    else:
        kept["resources"] = merged
    if kept.get("resources") != old:
        problems.append(forbidden_field("spec", f"{_ONLY} at pod-level"))


def _check_order(
    problems: list[FieldError], name: str, new: list[Object], old: list[Object]
) -> None:
    if len(new) != len(old):
        text = f"{name} may not be added or removed on resize"
        problems.append(forbidden_field(f"spec.{name}", text))
        return
    for position, (container, before) in enumerate(zip(new, old, strict=True)):
        if container.get("name") != before.get("name"):
            text = f"{name} may not be renamed or reordered on resize"
            problems.append(forbidden_field(f"spec.{name}[{position}].name", text))


def _check_containers(problems: list[FieldError], kept: Object, before: Object) -> None:
    for name in ("initContainers", "containers"):
        pairs = zip(kept.get(name) or (), before.get(name) or (), strict=True)
        for position, (container, held) in enumerate(pairs):
            at = f"spec.{name}[{position}].resources"
            for field, shown in (("requests", "requests"), ("limits", "limits")):
                amounts = (container.get("resources") or _NOTHING).get(field)
                if _are_removed(amounts, (held.get("resources") or _NOTHING).get(field)):
                    text = f"resource {shown} {_NOT_REMOVED}"
                    problems.append(forbidden_field(f"{at}.{field}", text))
    for name in ("containers", "initContainers"):
        if not kept.get(name):
            continue
        merged = []
        for position, (container, held) in enumerate(zip(kept[name], before[name], strict=True)):
            one = _with_old_resources(container, held)
            merged.append(one)
            if name == "containers":
                if one != held:
                    problems.append(forbidden_field("spec", _ONLY))
            else:
                _check_init(problems, f"spec.{name}[{position}]", (container, one, held))
        kept[name] = merged


def _check_init(
    problems: list[FieldError], path: str, versions: tuple[Object, Object, Object]
) -> None:
    container, one, held = versions
    if one != held:
        text = "only cpu and memory resources for init or sidecar containers are mutable"
        problems.append(forbidden_field(path, text))
    if container != held and container.get("restartPolicy") != "Always":
        for policy in container.get("resizePolicy") or ():
            if policy.get("restartPolicy") == "RestartContainer":
                text = (
                    "non-sidecar init containers with a resize policy of RestartContainer cannot "
                    "be resized"
                )
                problems.append(forbidden_field(path, text))


def _with_old_resources(container: Object, held: Object) -> Object:
    old = held.get("resources") or _NOTHING
    merged = _with_old_amounts(container.get("resources") or _NOTHING, old)
    if "resources" not in container and "resources" not in held:
        return container
    return {**container, "resources": merged}


def _with_old_amounts(resources: Object, old: Object) -> Object:
    merged: dict[str, Any] = {}
    for field in ("limits", "requests"):
        amounts = {k: v for k, v in (resources.get(field) or {}).items() if k not in _CHANGEABLE}
        held = old.get(field) or {}
        amounts.update({name: held[name] for name in _CHANGEABLE if name in held})
        if amounts:
            merged[field] = amounts
    if resources.get("claims"):
        merged["claims"] = resources["claims"]
    return merged


def _are_removed(new: Object | None, old: Object | None) -> bool:
    return any(name not in (new or _NOTHING) for name in old or _NOTHING)
