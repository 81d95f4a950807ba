"""Problems of the metrics that autoscalers follow.

Models: validateMetricSpec in k8s.io/kubernetes/pkg/apis/autoscaling/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import is_path_segment
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import parse_quantity
from cluster_engine.kinds.autoscaling.references import check_reference
from cluster_engine.kinds.checks import dns_label, wrong
from cluster_engine.kinds.core.resource_names import container_messages

#: The field with the source, by type.
_FIELDS = {
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
}
_ORDER = ("object", "external", "pods", "resource", "containerResource")
_TARGETS = ("Utilization", "Value", "AverageValue")


def check_metric(problems: list[FieldError], path: str, metric: Object, versions: str) -> None:
    """One metric with one source; `versions` is for objects it is about."""
    type_ = metric.get("type", "")
    if not type_:
        problems.append(required(f"{path}.type", "must specify a metric source type"))
    if type_ not in _FIELDS:
        problems.append(not_supported(f"{path}.type", type_, tuple(_FIELDS)))
    given = [field for field in _ORDER if metric.get(field) is not None]
    if given:
        _check_source(problems, f"{path}.{given[0]}", given[0], metric[given[0]], versions)
    wanted = _FIELDS.get(type_)
    if wanted is None:
        problems.append(not_supported(f"{path}.type", type_, tuple(_FIELDS)))
    elif wanted not in given:
        text = "must populate information for the given metric source"
        problems.append(required(f"{path}.{wanted}", text))
    if len(given) > 1:
        text = "must populate the given metric source only"
        problems.extend(
            forbidden_field(f"{path}.{field}", text) for field in given if field != wanted
        )


def _check_source(
    problems: list[FieldError], path: str, field: str, source: Object, versions: str
) -> None:
    target = source.get("target") or {}
    if field == "object":
        reference = source.get("describedObject") or {}
        check_reference(problems, f"{path}.describedObject", reference, versions)
    if field in ("object", "external", "pods"):
        _check_identifier(problems, f"{path}.metric", source.get("metric") or {})
    if field in ("resource", "containerResource"):
        _check_resource(problems, path, field, source)
    _check_target(problems, f"{path}.target", target)
    _check_amounts(problems, f"{path}.target", field, target)


def _check_resource(problems: list[FieldError], path: str, field: str, source: Object) -> None:
    name = source.get("name", "")
    if not name:
        problems.append(required(f"{path}.name", "must specify a resource name"))
    elif field == "containerResource":
        wrong(problems, f"{path}.name", name, container_messages(name))
    if field == "containerResource":
        if not source.get("container"):
            problems.append(required(f"{path}.container", "must specify a container"))
        else:
            dns_label(problems, f"{path}.container", source["container"])


def _check_amounts(problems: list[FieldError], path: str, field: str, target: Object) -> None:
    value, average = target.get("value"), target.get("averageValue")
    utilization = target.get("averageUtilization")
    if field in ("object", "external"):
        if value is None and average is None:
            text = "must set either a target value or averageValue"
            if field == "external":
                text = "must set either a target value for metric or a per-pod target"
            problems.append(required(f"{path}.averageValue", text))
        if field == "external" and value is not None and average is not None:
            text = "may not set both a target value for metric and a per-pod target"
            problems.append(forbidden_field(f"{path}.value", text))
    elif field == "pods":
        if average is None:
            text = "must specify a positive target averageValue"
            problems.append(required(f"{path}.averageValue", text))
    elif utilization is None and average is None:
        text = "must set either a target raw value or a target utilization"
        problems.append(required(f"{path}.averageUtilization", text))
    elif utilization is not None and average is not None:
        text = "may not set both a target raw value and a target utilization"
        problems.append(forbidden_field(f"{path}.averageValue", text))


def _check_target(problems: list[FieldError], path: str, target: Object) -> None:
    type_ = target.get("type", "")
    if not type_:
        problems.append(required(f"{path}.type", "must specify a metric target type"))
    if type_ not in _TARGETS:
        text = "must be either Utilization, Value, or AverageValue"
        problems.append(invalid_value(f"{path}.type", type_, text))
    for field in ("value", "averageValue"):
        written = target.get(field)
        if written is not None and parse_quantity(written).nanos <= 0:
            problems.append(invalid_value(f"{path}.{field}", written, "must be positive"))
    utilization = target.get("averageUtilization")
    if utilization is not None and utilization < 1:
        text = "must be greater than 0"
        problems.append(invalid_value(f"{path}.averageUtilization", utilization, text))


def _check_identifier(problems: list[FieldError], path: str, metric: Object) -> None:
    name = metric.get("name", "")
    if not name:
        problems.append(required(f"{path}.name", "must specify a metric name"))
    else:
        wrong(problems, f"{path}.name", name, is_path_segment(name))
