"""Labels of nodes that are on their way out.

Models: k8s.io/kubernetes/pkg/api/node (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.names import is_label_value
from cluster_engine.apimachinery.objects import Object

DEPRECATED_LABELS = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": (
        'deprecated since v1.17; use "topology.kubernetes.io/region" instead'
    ),
    "failure-domain.beta.kubernetes.io/zone": (
        'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'
    ),
    "beta.kubernetes.io/instance-type": (
        'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'
    ),
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": (
        "deprecated since v1.22; use Taints and Tolerations instead"
    ),
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}


def term_warnings(path: str, term: Object, *, with_values: bool = False) -> list[str]:
    """Of a term that selects nodes."""
    warnings = []
    for position, expression in enumerate(term.get("matchExpressions") or ()):
        at, key = f"{path}.matchExpressions[{position}]", expression.get("key", "")
        if key in DEPRECATED_LABELS:
            warnings.append(f"{at}.key: {key} is {DEPRECATED_LABELS[key]}")
        if with_values:
            for place, value in enumerate(expression.get("values") or ()):
                warnings += [
                    f"{at}.values[{place}]: {value} is invalid, {message}"
                    for message in is_label_value(value)
                ]
    return warnings


def selector_warnings(path: str, selector: Object | None) -> list[str]:
    """Of a label selector for nodes."""
    if not selector:
        return []
    warnings = []
    for position, expression in enumerate(selector.get("matchExpressions") or ()):
        key = expression.get("key", "")
        if key in DEPRECATED_LABELS:
            at = f"{path}.matchExpressions[{position}].key"
            warnings.append(f"{at}: {key} is {DEPRECATED_LABELS[key]}")
    for key in selector.get("matchLabels") or ():
        if key in DEPRECATED_LABELS:
            warnings.append(f"{path}.matchLabels.{key}: {DEPRECATED_LABELS[key]}")
    return warnings
