"""Where volumes may be made.

Models: validateAllowedTopologies in k8s.io/kubernetes/pkg/apis/storage/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from cluster_engine.apimachinery.fields import FieldError, duplicate, required
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import label_name


def check_topologies(problems: list[FieldError], path: str, terms: Iterable[Object]) -> None:
    """Terms, each different."""
    seen: list[dict[str, set[str]]] = []
    for position, term in enumerate(terms):
        at = f"{path}[{position}].matchLabelExpressions"
        wanted: dict[str, set[str]] = {}
        for place, one in enumerate(term.get("matchLabelExpressions") or ()):
            key = one.get("key", "")
            values = _check_expression(problems, f"{at}[{place}]", one)
            if key in wanted:
                problems.append(duplicate(f"{at}[{place}].key", key))
            wanted[key] = values
        if wanted in seen:
            problems.append(duplicate(at, ""))
        seen.append(wanted)


def _check_expression(problems: list[FieldError], path: str, one: Object) -> set[str]:
    values: set[str] = set()
    if not one.get("values"):
        problems.append(required(f"{path}.values"))
    for position, value in enumerate(one.get("values") or ()):
        if value in values:
            problems.append(duplicate(f"{path}.values[{position}]", value))
        values.add(value)
    label_name(problems, f"{path}.key", one.get("key", ""))
    return values
