"""autoscaling/v1 and v2 of the HorizontalPodAutoscaler, into each other.

v1 knows one metric, the utilization of the cpu; everything else travels in annotations.

Models: k8s.io/kubernetes/pkg/apis/autoscaling/v1/conversion.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

import orjson

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.autoscaling.columns import SOURCES

_PREFIX = "autoscaling.alpha.kubernetes.io/"
_METRICS = f"{_PREFIX}metrics"
_CURRENT_METRICS = f"{_PREFIX}current-metrics"
_BEHAVIOR = f"{_PREFIX}behavior"
_CONDITIONS = f"{_PREFIX}conditions"
_TRAVELLING = (
    _METRICS,
    _CURRENT_METRICS,
    _BEHAVIOR,
    _CONDITIONS,
    f"{_PREFIX}scale-down-tolerance",
    f"{_PREFIX}scale-up-tolerance",
)
_BEHAVIOR_SIDES = ("ScaleUp", "ScaleDown")


def to_version(obj: Object, version: str) -> Object:
    """The v2 object as that version shows it."""
    if version != "v1":
        return obj
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    new_spec = _picked(spec, "scaleTargetRef", "minReplicas", "maxReplicas")
    metrics = [metric for metric in spec.get("metrics") or () if not _is_cpu(metric)]
    for metric in spec.get("metrics") or ():
        if _is_cpu(metric):
            percent = metric["resource"]["target"]["averageUtilization"]
            new_spec["targetCPUUtilizationPercentage"] = percent
            break
    fields = ("observedGeneration", "lastScaleTime", "currentReplicas", "desiredReplicas")
    new_status = _picked(status, *fields)
    new_status.setdefault("currentReplicas", 0)
    new_status.setdefault("desiredReplicas", 0)
    for metric in status.get("currentMetrics") or ():
        current = (metric.get("resource") or {}).get("current") or {}
        is_cpu = (metric.get("resource") or {}).get("name") == "cpu"
        if is_cpu and current.get("averageUtilization") is not None:
            new_status["currentCPUUtilizationPercentage"] = current["averageUtilization"]
    travelling = {
        _METRICS: [_metric_to_v1(metric) for metric in metrics],
        _CURRENT_METRICS: [_status_to_v1(one) for one in status.get("currentMetrics") or ()],
        _BEHAVIOR: _behavior_to_internal(spec.get("behavior")),
        _CONDITIONS: status.get("conditions"),
    }
    metadata = _with_annotations(obj["metadata"], travelling)
    return {
        **obj,
        "apiVersion": "autoscaling/v1",
        "metadata": metadata,
        "spec": new_spec,
        "status": new_status,
    }


def from_version(obj: Object, version: str) -> Object:
    """An object of that version as v2."""
    if version != "v1":
        return obj
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    metadata = dict(obj.get("metadata") or {})
    annotations = metadata.get("annotations") or {}
    metrics = [_metric_from_v1(metric) for metric in _read(annotations, _METRICS) or ()]
    percent = spec.get("targetCPUUtilizationPercentage")
    if percent is not None:
        target = {"type": "Utilization", "averageUtilization": percent}
        metrics.append({"type": "Resource", "resource": {"name": "cpu", "target": target}})
    new_spec = _picked(spec, "scaleTargetRef", "minReplicas", "maxReplicas")
    if metrics:
        new_spec["metrics"] = metrics
    behavior = _behavior_from_internal(_read(annotations, _BEHAVIOR))
    if behavior:
        new_spec["behavior"] = behavior
    fields = ("observedGeneration", "lastScaleTime", "currentReplicas", "desiredReplicas")
    new_status = _picked(status, *fields)
    current = [_status_from_v1(metric) for metric in _read(annotations, _CURRENT_METRICS) or ()]
    if current:
        new_status["currentMetrics"] = current
    conditions = _read(annotations, _CONDITIONS)
    if conditions:
        new_status["conditions"] = conditions
    kept = {name: text for name, text in annotations.items() if name not in _TRAVELLING}
    metadata.pop("annotations", None)
    if kept:
        metadata["annotations"] = kept
    converted = {**obj, "apiVersion": "autoscaling/v2", "metadata": metadata, "spec": new_spec}
    return {**converted, "status": new_status}


def _picked(value: Object, *fields: str) -> Object:
    return {field: value[field] for field in fields if value.get(field) is not None}


def _is_cpu(metric: Object) -> bool:
    resource = metric.get("resource") or {}
    target = resource.get("target") or {}
    return resource.get("name") == "cpu" and target.get("averageUtilization") is not None


def _with_annotations(metadata: Object, travelling: dict[str, Any]) -> Object:
    held = metadata.get("annotations") or {}
    annotations = {name: text for name, text in held.items() if name not in _TRAVELLING}
    for name, value in travelling.items():
        if value:
            annotations[name] = orjson.dumps(value).decode()
    if annotations:
        return {**metadata, "annotations": annotations}
    return {name: value for name, value in metadata.items() if name != "annotations"}


def _read(annotations: dict[str, str], name: str) -> Any:
    try:
        return orjson.loads(annotations.get(name) or "null")
    except orjson.JSONDecodeError:
        return None


# --- metrics


def _metric_to_v1(metric: Object) -> Object:
    type_ = metric.get("type", "")
    field = SOURCES.get(type_, "")
    source = metric.get(field) or {}
    return {"type": type_, field: _source_to_v1(field, source, source.get("target") or {})}


def _status_to_v1(metric: Object) -> Object:
    type_ = metric.get("type", "")
    field = SOURCES.get(type_, "")
    source = metric.get(field) or {}
    shown = _source_to_v1(field, source, source.get("current") or {})
    renamed = {
        "targetAverageUtilization": "currentAverageUtilization",
        "targetAverageValue": "currentAverageValue",
        "targetValue": "currentValue",
    }
    return {"type": type_, field: {renamed.get(k, k): v for k, v in shown.items()}}


def _source_to_v1(field: str, source: Object, amounts: Object) -> Object:
    metric = source.get("metric") or {}
    average, value = amounts.get("averageValue"), amounts.get("value")
    shown: dict[str, Any] = {}
    if field in ("resource", "containerResource"):
        shown = {
            "name": source.get("name"),
            "targetAverageUtilization": amounts.get("averageUtilization"),
            "targetAverageValue": average,
            "container": source.get("container"),
        }
    elif field == "pods":
        shown = {
            "metricName": metric.get("name"),
            "targetAverageValue": average,
            "selector": metric.get("selector"),
        }
    elif field == "object":
        shown = {
            "target": source.get("describedObject"),
            "metricName": metric.get("name"),
            "targetValue": "0" if value is None else value,
            "selector": metric.get("selector"),
            "averageValue": average,
        }
    elif field == "external":
        shown = {
            "metricName": metric.get("name"),
            "metricSelector": metric.get("selector"),
            "targetValue": value,
            "targetAverageValue": average,
        }
    return {name: item for name, item in shown.items() if item is not None}


def _metric_from_v1(metric: Object) -> Object:
    return _from_v1(metric, "target")


def _status_from_v1(metric: Object) -> Object:
    return _from_v1(metric, "current")


def _from_v1(metric: Object, side: str) -> Object:
    """`side` is "target" for a specification, "current" for a status."""
    type_ = metric.get("type", "")
    field = SOURCES.get(type_, "")
    shown = metric.get(field) or {}
    amounts = {
        "averageUtilization": shown.get(f"{side}AverageUtilization"),
        "averageValue": shown.get(f"{side}AverageValue", shown.get("averageValue")),
        "value": shown.get(f"{side}Value"),
    }
    amounts = {name: amount for name, amount in amounts.items() if amount is not None}
    if amounts.get("value") == "0" and "averageValue" in amounts:
        del amounts["value"]
    if side == "target":
        types = {"averageUtilization": "Utilization", "averageValue": "AverageValue"}
        first = next(iter(amounts), "value")
        amounts = {"type": types.get(first, "Value"), **amounts}
    source: Object = _picked(shown, "name", "container")
    if "metricName" in shown:
        selector = shown.get("selector", shown.get("metricSelector"))
        source["metric"] = {"name": shown["metricName"]}
        if selector is not None:
            source["metric"]["selector"] = selector
    if field == "object" and "target" in shown:
        source["describedObject"] = shown["target"]
    source[side] = amounts
    return {"type": type_, field: source}


# --- behavior, which travels with Go's field names


def _behavior_to_internal(behavior: Object | None) -> Object | None:
    if behavior is None:
        return None
    shown: Object = {}
    for side in _BEHAVIOR_SIDES:
        rules = behavior.get(side[0].lower() + side[1:])
        shown[side] = None
        if rules is not None:
            shown[side] = {
                "StabilizationWindowSeconds": rules.get("stabilizationWindowSeconds"),
                "SelectPolicy": rules.get("selectPolicy"),
                "Policies": [
                    {
                        "Type": policy.get("type", ""),
                        "Value": policy.get("value", 0),
                        "PeriodSeconds": policy.get("periodSeconds", 0),
                    }
                    for policy in rules.get("policies") or ()
                ],
                "Tolerance": rules.get("tolerance"),
            }
    return shown


def _behavior_from_internal(shown: Any) -> Object | None:
    if not isinstance(shown, dict):
        return None
    return _lowered(shown) or None


def _lowered(value: Any) -> Any:
    if isinstance(value, list):
        return [_lowered(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {k[:1].lower() + k[1:]: _lowered(v) for k, v in value.items() if v is not None}
