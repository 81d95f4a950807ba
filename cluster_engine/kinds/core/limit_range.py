"""The LimitRange kind: bounds and defaults for what containers, pods and claims ask for.

Models: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go, pkg/registry/core/limitrange (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.core.limit_range_validation import validate, validate_update
from cluster_engine.kinds.core.pod.defaults import round_up
from cluster_engine.kinds.kind import Kind

_LISTS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")


def default(obj: Object) -> None:
    """For containers, what is not said follows from what is."""
    for item in (obj.get("spec") or {}).get("limits") or ():
        if item.get("type") == "Container":
            _default_container(item)
        for name in _LISTS:
            if item.get(name):
                round_up(item[name])


def _default_container(item: Object) -> None:
    limits: dict[str, Any] = dict(item.get("default") or {})
    requests: dict[str, Any] = dict(item.get("defaultRequest") or {})
    for source, target in (
        (item.get("max"), limits),
        (limits, requests),
        (item.get("min"), requests),
    ):
        for name, amount in (source or {}).items():
            target.setdefault(name, amount)
    if limits and limits != item.get("default"):
        item["default"] = limits
    if requests and requests != item.get("defaultRequest"):
        item["defaultRequest"] = requests


KIND = Kind(
    group="",
    version="v1",
    kind="LimitRange",
    plural="limitranges",
    singular="limitrange",
    namespaced=True,
    short_names=("limits",),
    default=default,
    validate=validate,
    validate_update=validate_update,
    is_created_by_update=True,
)
