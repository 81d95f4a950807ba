"""What more may change in a pod that is not scheduled yet because of its gates.

Models: validateNodeSelectorMutation, validateNodeAffinityMutation in pkg/apis/core/validation
(v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.internal import internal, internal_list, sorted_map

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def with_gated_freedom(problems: list[FieldError], spec: Object, before: Object) -> Object:
    """The new spec with node selector and node affinity as they were, if they changed well."""
    kept = dict(spec)
    new, old = spec.get("nodeSelector") or {}, before.get("nodeSelector") or {}
    if new != old:
        if any(new.get(label) != value for label, value in old.items()):
            text = "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
            problems.append(invalid_value("spec.nodeSelector", sorted_map(new), text))
        _put(kept, "nodeSelector", before.get("nodeSelector"))
    affinity, held = spec.get("affinity") or {}, before.get("affinity") or {}
    if affinity.get("nodeAffinity") != held.get("nodeAffinity"):
        _check_affinity(problems, affinity.get("nodeAffinity"), held.get("nodeAffinity"))
        merged = dict(affinity)
        _put(merged, "nodeAffinity", held.get("nodeAffinity"))
        is_absent = not merged and "affinity" not in before
        _put(kept, "affinity", None if is_absent else merged)
    return kept


def _check_affinity(problems: list[FieldError], new: Object | None, old: Object | None) -> None:
    before = ((old or {}).get(_REQUIRED) or {}).get("nodeSelectorTerms") or []
    after = ((new or {}).get(_REQUIRED) or {}).get("nodeSelectorTerms") or []
    path = f"spec.affinity.nodeAffinity.{_REQUIRED}.nodeSelectorTerms"
    if before and len(before) != len(after):
        text = "no additions/deletions to non-empty NodeSelectorTerms list are allowed"
        shown = internal_list("core", "NodeSelectorTerm", after or None)
        problems.append(invalid_value(path, shown, text))
        return
    for position, (term, held) in enumerate(zip(after, before, strict=False)):
        if not _has_only_more(term, held):
            text = "only additions are allowed (no mutations or deletions)"
            shown = internal("core", "NodeSelectorTerm", term)
            problems.append(invalid_value(f"{path}[{position}]", shown, text))


def _has_only_more(term: Object, held: Object) -> bool:
    fields = ("matchExpressions", "matchFields")
    if not any(held.get(field) for field in fields):
        return not any(term.get(field) for field in fields)
    return all(
        (term.get(field) or [])[: len(held.get(field) or [])] == (held.get(field) or [])
        for field in fields
    )


def _put(value: Object, name: str, item: Any) -> None:
    if item is None:
        value.pop(name, None)
    else:
        value[name] = item
