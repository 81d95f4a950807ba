"""Whether a node fits a pod's node selector and required node affinity. Pure functions.

Models: k8s.io/component-helpers/scheduling/corev1/nodeaffinity (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object


def matches_node(spec: Object, node: Object) -> bool:
    """Whether the node has the labels the pod insists on."""
    labels: dict[str, str] = node["metadata"].get("labels") or {}
    for key, wanted in (spec.get("nodeSelector") or {}).items():
        if labels.get(key) != wanted:
            return False
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    if required is None:
        return True
    name = {"metadata.name": node["metadata"]["name"]}
    return any(
        _matches_term(term, labels, name) for term in required.get("nodeSelectorTerms") or ()
    )


def _matches_term(term: Object, labels: dict[str, str], fields: dict[str, str]) -> bool:
    expressions = term.get("matchExpressions") or ()
    by_field = term.get("matchFields") or ()
    if not expressions and not by_field:
        return False
    return all(_matches(expression, labels) for expression in expressions) and all(
        _matches(expression, fields) for expression in by_field
    )


def _matches(expression: Object, labels: dict[str, str]) -> bool:
    operator, values = expression["operator"], expression.get("values") or []
    present = labels.get(expression["key"])
    if operator == "In":
        return present in values
    if operator == "NotIn":
        return present not in values
    if operator == "Exists":
        return present is not None
    if operator == "DoesNotExist":
        return present is None
    if present is None or not present.lstrip("-").isdecimal() or len(values) != 1:
        return False
    if not values[0].lstrip("-").isdecimal():
        return False
    return int(present) > int(values[0]) if operator == "Gt" else int(present) < int(values[0])
