"""Taints of devices and what tolerates them.

Models: validateDeviceTaint and validateDeviceToleration in
k8s.io/kubernetes/pkg/apis/resource/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import FieldError, invalid_value, not_supported, required
from cluster_engine.apimachinery.names import is_label_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import declared, label_name, one_of, wrong

_EFFECTS = ("NoExecute", "NoSchedule", "None")
_OPERATORS = ("Equal", "Exists")


def check_taint(
    problems: list[FieldError], path: str, taint: Object, old: Object | None = None
) -> None:
    """One taint. An effect that was accepted before still is."""
    label_name(problems, f"{path}.key", taint.get("key", ""))
    value = taint.get("value")
    if value:
        wrong(problems, f"{path}.value", value, is_label_value(value))
    effect = taint.get("effect", "")
    if old is None or old.get("effect", "") != effect:
        one_of(declared(problems), f"{path}.effect", effect, _EFFECTS, is_required=True)


def check_toleration(problems: list[FieldError], path: str, toleration: Object) -> None:
    """What a request puts up with."""
    key, value = toleration.get("key", ""), toleration.get("value", "")
    found = declared(problems)
    if key:
        label_name(found, f"{path}.key", key)
    operator = toleration.get("operator", "")
    if operator == "Exists":
        if value:
            text = "must be empty for operator `Exists`"
            problems.append(invalid_value(f"{path}.value", value, text))
    elif operator == "Equal":
        wrong(problems, f"{path}.value", value, is_label_value(value))
    elif not operator:
        found.append(required(f"{path}.operator"))
    else:
        found.append(not_supported(f"{path}.operator", operator, _OPERATORS))
    effect = toleration.get("effect")
    if effect and effect not in _EFFECTS:
        found.append(not_supported(f"{path}.effect", effect, _EFFECTS))
