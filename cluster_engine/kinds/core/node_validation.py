"""Problems of nodes.

Models: ValidateNode, ValidateNodeUpdate in k8s.io/kubernetes/pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

import json
import re

from cluster_engine.apimachinery.fields import (
    DUPLICATE,
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import SUBDOMAIN_LENGTH_MAX, is_label_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import is_legacy_cidr, parse_cidr
from cluster_engine.kinds.checks import label_name, positive
from cluster_engine.kinds.core.pod.scheduling import EFFECTS
from cluster_engine.kinds.core.resource_names import check_amount
from cluster_engine.kinds.internal import internal

_NOTHING: Object = {}
_TAINTS = "scheduler.alpha.kubernetes.io/taints"
_AVOID_PODS = "scheduler.alpha.kubernetes.io/preferAvoidPods"
_CIDRS = "spec.podCIDRs"
_FEATURE = re.compile(r"[A-Z][a-zA-Z0-9]*(/[a-zA-Z][a-zA-Z0-9]*)*")
_ONCE = 'node updates may not change podCIDR except from "" to valid'


def validate(obj: Object) -> list[FieldError]:
    """Problems of a node as it registers or as somebody writes it."""
    problems: list[FieldError] = []
    spec, status = obj.get("spec") or _NOTHING, obj.get("status") or _NOTHING
    _check_annotations(problems, obj["metadata"].get("annotations") or _NOTHING)
    if spec.get("taints"):
        check_taints(problems, "metadata.taints", spec["taints"])
    _check_amounts(problems, status)
    swap = (status.get("nodeInfo") or _NOTHING).get("swap")
    if swap is not None:
        positive(problems, "metadata.nodeSwapStatus.capacity", swap.get("capacity"))
    _check_features(problems, status.get("declaredFeatures") or ())
    blocks = spec.get("podCIDRs") or []
    for position, block in enumerate(blocks):
        problems.extend(is_legacy_cidr(f"{_CIDRS}[{position}]", block))
    if len(blocks) > 1:
        parsed = [parse_cidr(block) for block in blocks]
        versions = {one[0].version for one in parsed if one is not None}
        if len(versions) != 2 or len(blocks) > 2:
            text = "may specify no more than one CIDR for each IP family"
            problems.append(invalid_value(_CIDRS, blocks, text))
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change of the node itself."""
    return [*validate(new), *validate_change(new, old)]


def validate_change(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change, also of the status alone."""
    problems: list[FieldError] = []
    spec, status = new.get("spec") or _NOTHING, new.get("status") or _NOTHING
    before = old.get("spec") or _NOTHING
    _check_annotations(problems, new["metadata"].get("annotations") or _NOTHING)
    _check_amounts(problems, status)
    _check_features(problems, status.get("declaredFeatures") or ())
    seen: list[Object] = []
    for position, address in enumerate(status.get("addresses") or ()):
        if address in seen:
            shown = internal("core", "NodeAddress", address)
            problems.append(duplicate(f"status.addresses[{position}]", shown))
        seen.append(address)
    _check_blocks(problems, spec.get("podCIDRs") or [], before.get("podCIDRs") or [])
    _check_provider(problems, spec.get("providerID"), before.get("providerID"))
    if spec.get("taints"):
        check_taints(problems, "metadata.taints", spec["taints"])
    if spec.get("externalID", "") != before.get("externalID", ""):
        problems.append(forbidden_field("spec.externalID", "may not be updated"))
    return problems


def _check_blocks(problems: list[FieldError], new: list[str], old: list[str]) -> None:
    if not old:
        return
    if len(new) != len(old):
        problems.append(forbidden_field(_CIDRS, _ONCE))
        return
    problems.extend(
        forbidden_field(_CIDRS, _ONCE)
        for after, before in zip(new, old, strict=True)
        if after != before
    )


def _check_provider(problems: list[FieldError], new: str | None, old: str | None) -> None:
    if old and new and old != new:
        text = "field cannot be modified once set"
        problems.append(invalid_value("spec.providerID", None, text))
    if old and not new:
        text = "field cannot be cleared once set"
        problems.append(invalid_value("spec.providerID", None, text))


def check_taints(problems: list[FieldError], path: str, taints: list[Object]) -> None:
    """Taints, unique by key and effect."""
    seen = set()
    for position, taint in enumerate(taints):
        at = f"{path}[{position}]"
        key, value, effect = taint.get("key", ""), taint.get("value", ""), taint.get("effect", "")
        label_name(problems, f"{at}.key", key)
        messages = is_label_value(value)
        if messages:
            problems.append(invalid_value(f"{at}.value", value, ";".join(messages)))
        if not effect:
            problems.append(required(f"{at}.effect"))
        elif effect not in EFFECTS:
            problems.append(not_supported(f"{at}.effect", effect, EFFECTS))
        if (key, effect) in seen:
            shown = internal("core", "Taint", taint)
            text = "taints must be unique by key and effect pair"
            problems.append(FieldError(DUPLICATE, at, shown, text))
        seen.add((key, effect))


def _check_annotations(problems: list[FieldError], annotations: Object) -> None:
    path = "metadata.annotations"
    if annotations.get(_TAINTS):
        try:
            taints = json.loads(annotations[_TAINTS])
        except ValueError as problem:
            problems.append(invalid_value(path, _TAINTS, str(problem)))
        else:
            check_taints(problems, f"{path}.{_TAINTS}", taints)
    if annotations.get(_AVOID_PODS):
        _check_avoided(problems, f"{path}.{_AVOID_PODS}", annotations[_AVOID_PODS])


def _check_avoided(problems: list[FieldError], path: str, written: str) -> None:
    try:
        avoided = json.loads(written).get("preferAvoidPods") or ()
    except (ValueError, AttributeError) as problem:
        at = "metadata.annotations.AvoidPods"
        problems.append(invalid_value(at, _AVOID_PODS, str(problem)))
        return
    for position, entry in enumerate(avoided):
        at = f"{path}[{position}]"
        controller = (entry.get("podSignature") or {}).get("podController")
        if controller is None:
            problems.append(required(f"{at}.PodSignature"))
        elif not controller.get("controller"):
            text = "must point to a controller"
            at = f"{at}.PodSignature.PodController.Controller"
            problems.append(invalid_value(at, controller.get("controller"), text))


def _check_amounts(problems: list[FieldError], status: Object) -> None:
    for field in ("capacity", "allocatable"):
        for name, written in (status.get(field) or _NOTHING).items():
            check_amount(problems, f"status.{field}.{name}", name, written)


def _check_features(problems: list[FieldError], features: list[str] | tuple[str, ...]) -> None:
    path, previous = "status.declaredFeatures", None
    for position, feature in enumerate(features):
        at = f"{path}[{position}]"
        if previous == feature:
            problems.append(duplicate(at, feature))
        elif previous is not None and previous > feature:
            text = "list must be sorted alphabetically"
            problems.append(invalid_value(at, feature, text))
        if len(feature) > SUBDOMAIN_LENGTH_MAX:
            text = (
                f'invalid feature name "{feature}": must be no more than {SUBDOMAIN_LENGTH_MAX} '
                "characters"
            )
            problems.append(invalid_value(at, feature, text))
        elif not _FEATURE.fullmatch(feature):
            text = (
                f'invalid feature name "{feature}": must start with an UpperCamelCase segment, '
                "with subsequent segments separated by '/' (e.g., MyFeature or "
                "MyFeature/mySubFeature), and contain only alphanumeric characters and slashes"
            )
            problems.append(invalid_value(at, feature, text))
        previous = feature
