"""Selectors against the labels of pods in the same text. Pure; malformed selectors match nothing
and are the cluster's to refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cluster_engine.apimachinery.selectors import (
    NOTHING,
    Selector,
    SelectorError,
    from_label_selector,
    from_map,
)
from playground.reviews.findings.subjects import Pod, Subject
from playground.reviews.findings.values import labels, mapping


def selector_of(subject: Subject) -> Selector:
    """What a Service, a budget or a workload selects; nothing when it has no selector."""
    held = subject.spec.get("selector")
    if not isinstance(held, dict):
        return NOTHING
    if subject.kind in (("", "Service"), ("", "ReplicationController")):
        return from_map(labels(held)) if held else NOTHING
    return label_selector(held)


def label_selector(held: Mapping[str, Any]) -> Selector:
    """Of a LabelSelector as people write it."""
    try:
        return from_label_selector(
            {"matchLabels": labels(held, "matchLabels"), **_expressions(held)}
        )
    except (SelectorError, KeyError, TypeError):
        return NOTHING


def _expressions(held: Mapping[str, Any]) -> dict[str, Any]:
    found = held.get("matchExpressions")
    if not isinstance(found, list):
        return {}
    return {"matchExpressions": [dict(mapping(one)) for one in found]}


def matching(selector: Selector, pods: Iterable[tuple[Subject, Pod]]) -> list[tuple[Subject, Pod]]:
    """The workloads whose pods are selected."""
    return [pair for pair in pods if selector.matches(pair[1].labels)]


def nearest(selector: Selector, pods: Iterable[tuple[Subject, Pod]]) -> str:
    """What the pods carry instead, in words."""
    found = []
    for subject, pod in pods:
        shown = ", ".join(f"{key}={text}" for key, text in sorted(pod.labels.items()))
        found.append(f"{subject.title} has {shown or 'no labels'}")
    return "; ".join(found[:3])
