"""Horizontal autoscalers and what they scale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.reviews.findings.checks.amounts import requests_of
from playground.reviews.findings.subjects import Pod, Spot, Subject, Text
from playground.reviews.findings.values import at, entries, mapping

_KIND = ("autoscaling", "HorizontalPodAutoscaler")
_CONSTANT = "targetCPUUtilizationPercentage"


def unknown_target(text: Text) -> Iterator[Spot]:
    """Said only when the text has others of that kind: else it may be there already."""
    for autoscaler in text.of(*_KIND):
        kind, name = _target(autoscaler)
        present = [
            one.name
            for one in text.subjects
            if one.kind[1] == kind and one.namespace == autoscaler.namespace
        ]
        if present and name not in present:
            found = {"target": f"{kind} {name}", "present": ", ".join(present)}
            yield autoscaler.spot("spec", "scaleTargetRef", "name", **found)


def without_requests(text: Text) -> Iterator[Spot]:
    for autoscaler in text.of(*_KIND):
        scaled = _scaled(text, autoscaler)
        if scaled is None:
            continue
        subject, pod = scaled
        for path, resource in _utilisations(autoscaler):
            silent = [one.name for one in pod.lasting if not requests_of(one, resource)]
            if silent:
                found = {"containers": ", ".join(silent), "target": subject.title}
                yield autoscaler.spot("spec", *path, resource=resource, **found)


def fights_replicas(text: Text) -> Iterator[Spot]:
    for autoscaler in text.of(*_KIND):
        scaled = _scaled(text, autoscaler)
        if scaled is not None and scaled[0].spec.get("replicas") is not None:
            copies = str(scaled[0].spec["replicas"])
            found = {"replicas": copies, "autoscaler": autoscaler.title}
            yield scaled[0].spot("spec", "replicas", **found)


def _target(autoscaler: Subject) -> tuple[str, str]:
    target = mapping(autoscaler.spec, "scaleTargetRef")
    return str(target.get("kind", "")), str(target.get("name", ""))


def _scaled(text: Text, autoscaler: Subject) -> tuple[Subject, Pod] | None:
    wanted = _target(autoscaler)
    for subject, pod in text.pods_of(autoscaler.namespace):
        if (subject.kind[1], subject.name) == wanted:
            return subject, pod
    return None


def _utilisations(autoscaler: Subject) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Shares of what was requested; cpu at 80 % when nothing is said."""
    if autoscaler.version == "v1":
        yield (_CONSTANT,), "cpu"
        return
    metrics = list(entries(autoscaler.spec, "metrics"))
    if not metrics:
        yield ("metrics",), "cpu"
    for index, metric in metrics:
        if at(metric, "resource", "target", "type") == "Utilization":
            yield ("metrics", index, "resource"), str(at(metric, "resource", "name"))
