"""Problems of a pod: new, changed, changed through a subresource.

Models: ValidatePodCreate, ValidatePodUpdate and their kin in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import INT32_MAX, NEGATIVE, Problems
from cluster_engine.kinds.core.pod.annotations import (
    MIRROR,
    check_agreement,
    check_annotation_changes,
    check_annotations,
)
from cluster_engine.kinds.core.pod.containers import check_image_text
from cluster_engine.kinds.core.pod.gated import with_gated_freedom
from cluster_engine.kinds.core.pod.scheduling import check_only_fewer_gates, check_tolerations
from cluster_engine.kinds.core.pod.spec import check_pod_spec
from cluster_engine.kinds.internal import internal_diff

_NOTHING: Object = {}
_CHANGEABLE = (
    "`spec.containers[*].image`",
    "`spec.initContainers[*].image`",
    "`spec.activeDeadlineSeconds`",
    "`spec.tolerations` (only additions to existing tolerations)",
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
)


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new pod."""
    problems = Problems()
    check_pod(problems, obj)
    spec = obj.get("spec") or _NOTHING
    if spec.get("ephemeralContainers"):
        problems.append(forbidden_field("spec.ephemeralContainers", "cannot be set on create"))
    if spec.get("nodeName") and spec.get("schedulingGates"):
        text = "cannot be set until all schedulingGates have been cleared"
        problems.append(forbidden_field("spec.nodeName", text))
    annotations = obj["metadata"].get("annotations")
    if annotations:
        check_agreement(problems, "spec", annotations, spec)
    return problems.all()


def check_pod(problems: list[FieldError], obj: Object) -> None:
    """What holds for every pod, whichever way it changed."""
    metadata, spec = obj["metadata"], obj.get("spec") or _NOTHING
    annotations = metadata.get("annotations")
    if annotations:
        check_annotations(problems, "metadata.annotations", annotations, spec)
        if MIRROR in annotations and spec.get("resourceClaims"):
            problems.append(forbidden_field("[]", "static pods do not support resource claims"))
    check_pod_spec(problems, "spec", spec, is_pod=True, pod_name=metadata.get("name", ""))
    if not spec.get("serviceAccountName"):
        _check_no_tokens(problems, spec)
    grace_seconds = spec.get("terminationGracePeriodSeconds")
    if grace_seconds is not None and grace_seconds < 0:
        at = "spec.terminationGracePeriodSeconds"
        problems.append(invalid_value(at, grace_seconds, NEGATIVE))
    for name in ("containers", "initContainers"):
        for position, container in enumerate(spec.get(name) or ()):
            check_image_text(problems, f"spec.{name}[{position}]", container)


def _check_no_tokens(problems: list[FieldError], spec: Object) -> None:
    for position, volume in enumerate(spec.get("volumes") or ()):
        sources = (volume.get("projected") or _NOTHING).get("sources") or ()
        for place, source in enumerate(sources):
            if source.get("serviceAccountToken") is not None:
                at = f"spec.volumes[{position}].projected.sources[{place}].serviceAccountToken"
                text = "must not be specified when serviceAccountName is not set"
                problems.append(forbidden_field(at, text))


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change: little of a pod may change."""
    problems = Problems()
    _check_change(problems, new, old)
    return problems.all()


def _check_change(problems: list[FieldError], new: Object, old: Object) -> None:
    spec, before = new.get("spec") or _NOTHING, old.get("spec") or _NOTHING
    is_same = spec == before
    if not is_same or new["metadata"].get("annotations"):
        check_pod(problems, new)
    _check_metadata(problems, new, old)
    if is_same:
        return
    for name in ("containers", "initContainers"):
        if _check_images(problems, f"spec.{name}", spec.get(name) or [], before.get(name) or []):
            return
    if _check_deadline(problems, spec, before):
        return
    _check_tolerations(problems, spec.get("tolerations") or [], before.get("tolerations") or [])
    gates = spec.get("schedulingGates") or []
    old_gates = before.get("schedulingGates") or []
    check_only_fewer_gates(problems, "spec.schedulingGates", gates, old_gates)
    kept = _without_changeable(spec, before)
    if old_gates:
        kept = with_gated_freedom(problems, kept, before)
    if kept != before:
        text = f"pod updates may not change fields other than {','.join(_CHANGEABLE)}"
        difference = internal_diff("core", "PodSpec", before, kept)
        problems.append(forbidden_field("spec", f"{text}\n{difference}"))


def _check_metadata(problems: list[FieldError], new: Object, old: Object) -> None:
    annotations = new["metadata"].get("annotations") or _NOTHING
    before = old["metadata"].get("annotations") or _NOTHING
    if annotations or before:
        check_annotation_changes(problems, "metadata.annotations", annotations, before)
        spec = new.get("spec") or _NOTHING
        check_annotations(problems, "metadata.annotations", annotations, spec)


def _check_images(
    problems: list[FieldError], path: str, new: list[Object], old: list[Object]
) -> bool:
    """Whether to stop here: containers came or went."""
    if len(new) != len(old):
        text = "pod updates may not add or remove containers"
        problems.append(forbidden_field(path, text))
        return True
    for position, container in enumerate(new):
        if not container.get("image"):
            problems.append(required(f"{path}[{position}].image"))
        check_image_text(problems, f"{path}[{position}]", container)
    return False


def _check_deadline(problems: list[FieldError], spec: Object, before: Object) -> bool:
    """Whether to stop here: the deadline is wrong."""
    new, old = spec.get("activeDeadlineSeconds"), before.get("activeDeadlineSeconds")
    at = "spec.activeDeadlineSeconds"
    if new is not None:
        text = ""
        if not 0 <= new <= INT32_MAX:
            text = f"must be between 0 and {INT32_MAX}, inclusive"
        elif old is not None and old < new:
            text = "must be less than or equal to previous value"
        if text:
            problems.append(invalid_value(at, new, text))
        return bool(text)
    if old is not None:
        text = "must not update from a positive integer to nil value"
        problems.append(invalid_value(at, None, text))
    return False


def _check_tolerations(problems: list[FieldError], new: list[Object], old: list[Object]) -> None:
    def without_seconds(toleration: Object) -> Object:
        return {k: v for k, v in toleration.items() if k != "tolerationSeconds"}

    if new == old:
        return
    kept = [without_seconds(toleration) for toleration in new]
    if any(without_seconds(toleration) not in kept for toleration in old):
        text = "existing toleration can not be modified except its tolerationSeconds"
        problems.append(forbidden_field("spec.tolerations", text))
        return
    check_tolerations(problems, "spec.tolerations", new)


def _without_changeable(spec: Object, before: Object) -> Object:
    """The new spec with what may change as it was."""
    kept = dict(spec)
    for name in ("containers", "initContainers"):
        if spec.get(name):
            kept[name] = [
                {**container, "image": held.get("image", "")}
                for container, held in zip(spec[name], before[name], strict=True)
            ]
    for name in ("activeDeadlineSeconds", "schedulingGates", "tolerations"):
        _put(kept, name, before.get(name))
    grace_seconds = before.get("terminationGracePeriodSeconds")
    if (
        grace_seconds is not None
        and grace_seconds < 0
        and kept.get("terminationGracePeriodSeconds") == 1
    ):
        kept["terminationGracePeriodSeconds"] = grace_seconds
    return kept


def _put(spec: Object, name: str, value: Any) -> None:
    if value is None:
        spec.pop(name, None)
    else:
        spec[name] = value


def validate_ephemeral(new: Object, old: Object) -> list[FieldError]:
    """Through `ephemeralcontainers` they may only come."""
    problems: list[FieldError] = []
    check_pod(problems, new)
    _check_metadata(problems, new, old)
    if MIRROR in (old["metadata"].get("annotations") or _NOTHING):
        return [forbidden_field("[]", "static pods do not support ephemeral containers")]
    path = "spec.ephemeralContainers"
    held = {
        container.get("name", ""): container
        for container in (new.get("spec") or _NOTHING).get("ephemeralContainers") or ()
    }
    for before in (old.get("spec") or _NOTHING).get("ephemeralContainers") or ():
        name = before.get("name", "")
        after = held.get(name)
        if after is None:
            text = f'existing ephemeral containers "{name}" may not be removed\n'
            problems.append(forbidden_field(path, text))
        elif after != before:
            difference = internal_diff("core", "EphemeralContainer", before, after)
            text = f'existing ephemeral containers "{name}" may not be changed\n{difference}'
            problems.append(forbidden_field(path, text))
    return problems
