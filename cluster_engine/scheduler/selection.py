"""Which nodes a pod (or a volume) wants by their labels, and which taints a pod bears.

Parsed once, matched often. Malformed terms match nothing, as upstream's do.

Models: k8s.io/component-helpers/scheduling/corev1 and its nodeaffinity (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import Selector, SelectorError, from_node_expressions

NO_SCHEDULE = "NoSchedule"
NO_EXECUTE = "NoExecute"
PREFER_NO_SCHEDULE = "PreferNoSchedule"
#: The taint of a cordoned node.
UNSCHEDULABLE_TAINT: Object = {"key": "node.kubernetes.io/unschedulable", "effect": NO_SCHEDULE}


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """A condition on a field of the node; only `metadata.name` exists."""

    field: str
    value: str
    is_negated: bool

    def matches(self, node_name: str) -> bool:
        held = node_name if self.field == "metadata.name" else ""
        return (held == self.value) != self.is_negated


@dataclass(frozen=True, slots=True)
class NodeTerm:
    """One node selector term: labels and fields that must all match."""

    labels: Selector | None = None
    fields: tuple[FieldTerm, ...] = ()
    is_broken: bool = False

    def matches(self, labels: Mapping[str, str], node_name: str) -> bool:
        if self.is_broken or (self.labels is not None and not self.labels.matches(labels)):
            return False
        return all(field.matches(node_name) for field in self.fields)


@dataclass(frozen=True, slots=True)
class NodeSelection:
    """What a node must have: all plain labels, and one of the terms (None: no terms asked for)."""

    labels: tuple[tuple[str, str], ...] = ()
    terms: tuple[NodeTerm, ...] | None = None

    @property
    def is_everything(self) -> bool:
        return not self.labels and self.terms is None

    def matches(self, labels: Mapping[str, str], node_name: str) -> bool:
        for key, value in self.labels:
            if labels.get(key) != value:
                return False
        return self.terms is None or any(term.matches(labels, node_name) for term in self.terms)


def parse_selection(node_selector: Mapping[str, str] | None, required: Any) -> NodeSelection:
    """Of `spec.nodeSelector` and the required node affinity of a pod (each may be None)."""
    labels = tuple(sorted((node_selector or {}).items()))
    terms = None if required is None else parse_terms(required.get("nodeSelectorTerms") or ())
    return NodeSelection(labels, terms)


def parse_terms(terms: Iterable[Object]) -> tuple[NodeTerm, ...]:
    """Node selector terms; empty ones select nothing and are left out."""
    return tuple(
        parse_term(term)
        for term in terms
        if term.get("matchExpressions") or term.get("matchFields")
    )


def parse_term(term: Object) -> NodeTerm:
    """One term."""
    labels = None
    if term.get("matchExpressions"):
        try:
            labels = from_node_expressions(term["matchExpressions"])
        except SelectorError:
            return NodeTerm(is_broken=True)
    fields: list[FieldTerm] = []
    for condition in term.get("matchFields") or ():
        values: list[str] = condition.get("values") or []
        if condition.get("operator") not in ("In", "NotIn") or len(values) != 1:
            return NodeTerm(is_broken=True)
        is_negated = condition["operator"] == "NotIn"
        fields.append(FieldTerm(condition["key"], values[0], is_negated))
    return NodeTerm(labels, tuple(fields))


def required_names(required: Any) -> frozenset[str] | None:
    """The node names that required affinity restricts to by field; None when it does not.

    An empty set: the terms contradict each other.
    """
    names: frozenset[str] = frozenset()
    terms: list[Any] = required.get("nodeSelectorTerms") or []
    for term in terms:
        own: frozenset[str] | None = None
        for condition in term.get("matchFields") or ():
            if condition.get("key") == "metadata.name" and condition.get("operator") == "In":
                values = frozenset(condition.get("values") or ())
                own = values if own is None else own & values
        if own is None:
            return None
        names |= own
    return names if terms else None


def tolerates(tolerations: Sequence[Mapping[str, Any]], taint: Mapping[str, Any]) -> bool:
    """Whether one of the tolerations bears the taint."""
    return any(_tolerates(toleration, taint) for toleration in tolerations)


def _tolerates(toleration: Mapping[str, Any], taint: Mapping[str, Any]) -> bool:
    if toleration.get("effect") and toleration["effect"] != taint.get("effect"):
        return False
    if toleration.get("key") and toleration["key"] != taint.get("key"):
        return False
    operator = toleration.get("operator") or "Equal"
    if operator == "Equal":
        return (toleration.get("value") or "") == (taint.get("value") or "")
    return bool(operator == "Exists")


def has_untolerated(
    taints: Iterable[Mapping[str, Any]], tolerations: Sequence[Mapping[str, Any]]
) -> bool:
    """Whether a taint that keeps pods away is not borne."""
    return any(
        taint.get("effect") in (NO_SCHEDULE, NO_EXECUTE) and not tolerates(tolerations, taint)
        for taint in taints
    )


def untolerated_preferences(
    taints: Iterable[Mapping[str, Any]], tolerations: Sequence[Mapping[str, Any]]
) -> int:
    """How many PreferNoSchedule taints are not borne."""
    relevant = [t for t in tolerations if (t.get("effect") or "") in ("", PREFER_NO_SCHEDULE)]
    return sum(
        1
        for taint in taints
        if taint.get("effect") == PREFER_NO_SCHEDULE and not tolerates(relevant, taint)
    )
