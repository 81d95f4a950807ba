"""The HorizontalPodAutoscaler kind: stored as autoscaling/v2, served as v1 too.

Models: k8s.io/kubernetes/pkg/apis/autoscaling/v2/defaults.go,
pkg/registry/autoscaling/horizontalpodautoscaler (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.autoscaling.columns import COLUMNS, cells
from cluster_engine.kinds.autoscaling.conversion import from_version, to_version
from cluster_engine.kinds.autoscaling.validation import (
    validate,
    validate_status,
    validate_update,
)
from cluster_engine.kinds.kind import STATUS, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

_UTILIZATION_PERCENT = 80
_SCALE_UP: dict[str, Any] = {
    "stabilizationWindowSeconds": 0,
    "selectPolicy": "Max",
    "policies": [
        {"type": "Pods", "value": 4, "periodSeconds": 15},
        {"type": "Percent", "value": 100, "periodSeconds": 15},
    ],
}
_SCALE_DOWN: dict[str, Any] = {
    "selectPolicy": "Max",
    "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}],
}


def default(obj: Object) -> None:
    """One replica at least, 80 % of the cpu; behaviour is completed where there is any."""
    spec = obj.setdefault("spec", {})
    if spec.get("minReplicas") is None:
        spec["minReplicas"] = 1
    if not spec.get("metrics"):
        target = {"type": "Utilization", "averageUtilization": _UTILIZATION_PERCENT}
        resource = {"name": "cpu", "target": target}
        spec["metrics"] = [{"type": "Resource", "resource": resource}]
    behavior = spec.get("behavior")
    if behavior is not None:
        behavior["scaleUp"] = _completed(behavior.get("scaleUp"), _SCALE_UP)
        behavior["scaleDown"] = _completed(behavior.get("scaleDown"), _SCALE_DOWN)


def _completed(rules: Object | None, defaults: dict[str, Any]) -> Object:
    given = {name: value for name, value in (rules or {}).items() if value is not None}
    if "policies" not in given:
        given["policies"] = [dict(policy) for policy in defaults["policies"]]
    return {**defaults, **given}


KIND = Kind(
    group="autoscaling",
    version="v2",
    kind="HorizontalPodAutoscaler",
    plural="horizontalpodautoscalers",
    singular="horizontalpodautoscaler",
    namespaced=True,
    short_names=("hpa",),
    categories=("all",),
    other_versions=("v1",),
    subresources=(STATUS,),
    default=default,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    prepare=SeparateStatus("autoscaling", "v2", "HorizontalPodAutoscaler"),
    prepare_status=only_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
    to_version=to_version,
    from_version=from_version,
)
