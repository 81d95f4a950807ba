"""Horizontal pod autoscalers.

Models: k8s.io/kubectl/pkg/describe/describe.go describeHorizontalPodAutoscalerV2 (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.describe.page import UNSET, Page
from cluster_engine.kubectl.describe.source import Source
from cluster_engine.kubectl.describe.words import quantity

_UNKNOWN = "<unknown>"


def describe_autoscaler(page: Page, autoscaler: Object, source: Source) -> None:
    """Any version; it is read as autoscaling/v2."""
    metadata = autoscaler["metadata"]
    path = f"/apis/autoscaling/v2/namespaces/{metadata['namespace']}/horizontalpodautoscalers"
    autoscaler = source.find(f"{path}/{metadata['name']}") or autoscaler
    spec, status = autoscaler["spec"], autoscaler.get("status") or {}
    page.head(autoscaler)
    page.created(autoscaler)
    target = spec["scaleTargetRef"]
    page.field("Reference", f"{target['kind']}/{target['name']}")
    page.field("Metrics", "( current / target )")
    current = status.get("currentMetrics") or []
    for place, metric in enumerate(spec.get("metrics") or ()):
        _write_metric(page, metric, current[place] if place < len(current) else {})
    page.field("Min replicas", spec.get("minReplicas", UNSET))
    page.field("Max replicas", spec.get("maxReplicas", 0))
    behavior = spec.get("behavior")
    if behavior is not None:
        page.line("Behavior:")
        _write_direction(page, "Scale Up", behavior.get("scaleUp"))
        _write_direction(page, "Scale Down", behavior.get("scaleDown"))
    now, wanted = status.get("currentReplicas", 0), status.get("desiredReplicas", 0)
    page.field(f"{target['kind']} pods", f"{now} current / {wanted} desired")
    if status.get("conditions"):
        page.line("Conditions:")
        page.heading("Type", "Status", "Reason", "Message")
    for condition in status.get("conditions") or ():
        cells = (condition.get(name, "") for name in ("type", "status", "reason", "message"))
        page.row(*cells, level=1)
    source.events(page, autoscaler)


def _write_metric(page: Page, metric: Object, current: Object) -> None:
    type_ = metric.get("type", "")
    field = type_[:1].lower() + type_[1:]
    wanted = metric.get(field)
    if wanted is None or field not in _FIELDS:
        page.line(f'<unknown metric type "{type_}">', 1)
        return
    target = wanted.get("target") or {}
    now = (current.get(field) or {}).get("current") or {}
    if field in ("resource", "containerResource"):
        _write_resource(page, field, wanted, target, now)
        return
    name = wanted["metric"]["name"]
    is_average = target.get("averageValue") is not None or target.get("type") == "AverageValue"
    amount = "averageValue" if is_average else "value"
    shown = quantity(now[amount]) if amount in now else _UNKNOWN
    values = f"{shown} / {quantity(target.get(amount))}"
    what = f"(target {'average ' if is_average else ''}value)"
    if field == "pods":
        page.line(f'"{name}" on pods:\t{values}', 1)
    elif field == "external":
        page.line(f'"{name}" {what}:\t{values}', 1)
    else:
        described = wanted["describedObject"]
        page.line(f'"{name}" on {described["kind"]}/{described["name"]} {what}:\t{values}', 1)


_FIELDS = ("external", "pods", "object", "resource", "containerResource")


def _write_resource(page: Page, field: str, wanted: Object, target: Object, now: Object) -> None:
    text = f"resource {wanted.get('name', '')}"
    if field == "containerResource":
        text += f' of container "{wanted.get("container", "")}"'
    text += " on pods"
    if target.get("averageValue") is not None:
        shown = quantity(now["averageValue"]) if "averageValue" in now else _UNKNOWN
        page.line(f"{text}:\t{shown} / {quantity(target['averageValue'])}", 1)
        return
    shown = _UNKNOWN
    if now.get("averageUtilization") is not None:
        shown = f"{now['averageUtilization']}% ({quantity(now.get('averageValue'))})"
    percent = target.get("averageUtilization")
    goal = "<auto>" if percent is None else f"{percent}%"
    page.line(f"{text}  (as a percentage of request):\t{shown} / {goal}", 1)


def _write_direction(page: Page, title: str, rules: Object | None) -> None:
    if rules is None:
        return
    page.line(f"{title}:", 1)
    if rules.get("stabilizationWindowSeconds") is not None:
        page.line(f"Stabilization Window: {rules['stabilizationWindowSeconds']} seconds", 2)
    if rules.get("policies"):
        page.line(f"Select Policy: {rules.get('selectPolicy', 'Max')}", 2)
        page.line("Policies:", 2)
    for policy in rules.get("policies") or ():
        page.row(
            f"- Type: {policy.get('type', '')}",
            f"Value: {policy.get('value', 0)}",
            f"Period: {policy.get('periodSeconds', 0)} seconds",
            level=3,
        )
