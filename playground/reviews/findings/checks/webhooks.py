"""Admission webhooks: what happens while they are down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playground.reviews.findings.subjects import Spot, Subject
from playground.reviews.findings.values import entries, texts

_GROUP = "admissionregistration.k8s.io"
_KINDS = {
    (_GROUP, "MutatingWebhookConfiguration"),
    (_GROUP, "ValidatingWebhookConfiguration"),
}


def blocks_cluster(subject: Subject) -> Iterator[Spot]:
    """Failing closed, on pods or everything, in every namespace."""
    if subject.kind not in _KINDS:
        return
    for index, webhook in entries(subject.object, "webhooks"):
        is_narrow = webhook.get("namespaceSelector") or webhook.get("objectSelector")
        is_closed = webhook.get("failurePolicy", "Fail") == "Fail"
        rules = [rule for _, rule in entries(webhook, "rules")]
        if is_closed and not is_narrow and any(map(_is_broad, rules)):
            yield subject.spot("webhooks", index, webhook=str(webhook.get("name", "")))


def _is_broad(rule: Any) -> bool:
    resources = {text for _, text in texts(rule, "resources")}
    return bool(resources & {"*", "*/*", "pods", "nodes"})
