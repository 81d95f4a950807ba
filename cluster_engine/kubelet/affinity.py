"""Whether a node fits a pod's node selector and required node affinity. Pure functions.

Models: k8s.io/component-helpers/scheduling/corev1/nodeaffinity (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import from_node_expressions


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
    expressions = term.get("matchExpressions") or []
    by_field = term.get("matchFields") or []
    if not expressions and not by_field:
        return False
    return from_node_expressions(expressions).matches(labels) and from_node_expressions(
        by_field
    ).matches(fields)
