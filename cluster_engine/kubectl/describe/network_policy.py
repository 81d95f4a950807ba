"""Network policies: who may talk to whom.

Models: k8s.io/kubectl/pkg/describe/describe.go describeNetworkPolicy (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import label_selector_text
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.kubectl.describe.page import Page
from cluster_engine.kubectl.describe.source import Source
from cluster_engine.kubectl.describe.words import or_none


@dataclass(frozen=True, slots=True)
class _Direction:
    """The words of one direction."""

    word: str
    rules: str
    peers: str
    title: str
    restricted_by: str


_INGRESS = _Direction("ingress", "ingress", "from", "From", "source")
_EGRESS = _Direction("egress", "egress", "to", "To", "destination")


def describe_network_policy(page: Page, policy: Object, source: Source) -> None:
    metadata, spec = policy["metadata"], policy.get("spec") or {}
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata.get("namespace", ""))
    page.field("Created on", _go_time(metadata.get("creationTimestamp")))
    page.labels(metadata.get("labels"))
    page.annotations(metadata.get("annotations"))
    page.line("Spec:")
    selector = label_selector_text(spec.get("podSelector") or {})
    if selector == "<none>":
        selector += " (Allowing the specific traffic to all pods in this namespace)"
    page.line(f"PodSelector:     {selector}", 1)
    types = spec.get("policyTypes") or []
    for direction, type_ in ((_INGRESS, "Ingress"), (_EGRESS, "Egress")):
        if type_ in types:
            page.line(f"Allowing {direction.word} traffic:", 1)
            _write_rules(page, direction, spec.get(direction.rules) or [])
        else:
            page.line(f"Not affecting {direction.word} traffic", 1)
    page.line(f"Policy Types: {or_none(', '.join(types))}", 1)


def _go_time(stamp: str | None) -> str:
    """A time as Go prints it without a format."""
    if not stamp:
        return "0001-01-01 00:00:00 +0000 UTC"
    moment = datetime.fromtimestamp(parse_rfc3339(stamp) // 1000, UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S +0000 UTC")


def _write_rules(page: Page, direction: _Direction, rules: list[Object]) -> None:
    if not rules:
        page.line(f"<none> (Selected pods are isolated for {direction.word} connectivity)", 2)
    for place, rule in enumerate(rules):
        if place:
            page.line("----------", 2)
        if not rule.get("ports"):
            page.line("To Port: <any> (traffic allowed to all ports)", 2)
        for port in rule.get("ports") or ():
            page.line(_port_text(port), 2)
        if not rule.get(direction.peers):
            page.line(
                f"{direction.title}: <any> (traffic not restricted by {direction.restricted_by})", 2
            )
        for peer in rule.get(direction.peers) or ():
            page.line(f"{direction.title}:", 2)
            _write_peer(page, peer)


def _port_text(port: Object) -> str:
    protocol, number = port.get("protocol", "TCP"), port.get("port", "<nil>")
    if port.get("endPort") is None:
        return f"To Port: {number}/{protocol}"
    return f"To Port Range: {number}-{port['endPort']}/{protocol}"


def _write_peer(page: Page, peer: Object) -> None:
    has_selector = False
    for title, field in (
        ("NamespaceSelector", "namespaceSelector"),
        ("PodSelector", "podSelector"),
    ):
        if peer.get(field) is not None:
            has_selector = True
            page.line(f"{title}: {label_selector_text(peer[field])}", 3)
    block = peer.get("ipBlock")
    if block is not None and not has_selector:
        page.line("IPBlock:", 3)
        page.line(f"CIDR: {block.get('cidr', '')}", 4)
        page.line(f"Except: {', '.join(block.get('except') or ())}", 4)
