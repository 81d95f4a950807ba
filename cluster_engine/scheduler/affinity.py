"""Terms of affinity between pods: which pods a term speaks of, and how near is near.

Models: k8s.io/kube-scheduler/framework/types.go, AffinityTerm (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import NOTHING, Selector, from_label_selector


@dataclass(frozen=True, slots=True)
class AffinityTerm:
    """Pods by namespace (listed, or by the labels of the namespace) and labels, per topology."""

    topology_key: str
    selector: Selector
    namespaces: frozenset[str]
    namespace_selector: Selector = NOTHING
    weight: int = 0

    def matches(
        self, namespace: str, labels: Mapping[str, str], namespace_labels: Mapping[str, str] | None
    ) -> bool:
        """Whether it speaks of a pod with those labels in that namespace."""
        if namespace in self.namespaces or self.namespace_selector.matches(namespace_labels):
            return self.selector.matches(labels)
        return False

    def resolved(self, namespaces: Iterable[Object]) -> AffinityTerm:
        """The term with its namespace selector turned into names, unless it selects all."""
        selector = self.namespace_selector
        if selector.is_nothing or selector.is_everything:
            return self
        names = {
            namespace["metadata"]["name"]
            for namespace in namespaces
            if selector.matches(namespace["metadata"].get("labels"))
        }
        return replace(self, namespaces=self.namespaces | names, namespace_selector=NOTHING)


@dataclass(frozen=True, slots=True)
class PodAffinity:
    """All terms of one pod."""

    required: tuple[AffinityTerm, ...] = ()
    required_anti: tuple[AffinityTerm, ...] = ()
    preferred: tuple[AffinityTerm, ...] = ()
    preferred_anti: tuple[AffinityTerm, ...] = ()

    @property
    def has_required(self) -> bool:
        return bool(self.required or self.required_anti)

    @property
    def has_preferred(self) -> bool:
        return bool(self.preferred or self.preferred_anti)

    def __bool__(self) -> bool:
        return self.has_required or self.has_preferred


def parse_affinity(affinity: Object | None, namespace: str) -> PodAffinity:
    """Of `spec.affinity` of a pod in that namespace."""
    near = (affinity or {}).get("podAffinity") or {}
    far = (affinity or {}).get("podAntiAffinity") or {}
    return PodAffinity(
        _required(near, namespace),
        _required(far, namespace),
        _preferred(near, namespace),
        _preferred(far, namespace),
    )


def matches_all(terms: Iterable[AffinityTerm], namespace: str, labels: Mapping[str, str]) -> bool:
    """Whether all terms (resolved ones, at least one) speak of the pod."""
    found = list(terms)
    return bool(found) and all(term.matches(namespace, labels, None) for term in found)


def matches_any(terms: Iterable[AffinityTerm], namespace: str, labels: Mapping[str, str]) -> bool:
    """Whether one of the terms speaks of the pod."""
    return any(term.matches(namespace, labels, None) for term in terms)


def _required(kind: Mapping[str, Any], namespace: str) -> tuple[AffinityTerm, ...]:
    terms = kind.get("requiredDuringSchedulingIgnoredDuringExecution") or ()
    return tuple(_term(term, namespace, 0) for term in terms)


def _preferred(kind: Mapping[str, Any], namespace: str) -> tuple[AffinityTerm, ...]:
    terms = kind.get("preferredDuringSchedulingIgnoredDuringExecution") or ()
    return tuple(_term(t["podAffinityTerm"], namespace, t.get("weight") or 0) for t in terms)


def _term(term: Object, namespace: str, weight: int) -> AffinityTerm:
    names = frozenset(term.get("namespaces") or ())
    if not names and term.get("namespaceSelector") is None:
        names = frozenset((namespace,))
    return AffinityTerm(
        term.get("topologyKey") or "",
        from_label_selector(term.get("labelSelector")),
        names,
        from_label_selector(term.get("namespaceSelector")),
        weight,
    )
