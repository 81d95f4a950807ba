"""The RuntimeClass kind.

Models: k8s.io/kubernetes/pkg/registry/node/runtimeclass (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, duplicate, required
from cluster_engine.apimachinery.names import is_dns1123_label
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import Problems, declared, labels, sealed, wrong
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.node_labels import DEPRECATED_LABELS
from cluster_engine.kinds.core.pod.defaults import round_up
from cluster_engine.kinds.core.pod.resources import check_requirements
from cluster_engine.kinds.core.pod.scheduling import check_tolerations
from cluster_engine.kinds.internal import internal
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Handler", described_by="meta.v1.ObjectMeta.handler"),
    AGE,
)

_TOLERATION_KEY = ("key", "operator", "value", "effect")


def default(obj: Object) -> None:
    """Amounts are not finer than a thousandth."""
    amounts = (obj.get("overhead") or {}).get("podFixed")
    if amounts:
        round_up(amounts)


def validate(obj: Object) -> list[FieldError]:
    """A handler, what it costs, and where it is."""
    problems = Problems()
    handler = obj.get("handler", "")
    if not handler:
        declared(problems).append(required("handler"))
    else:
        wrong(declared(problems), "handler", handler, is_dns1123_label(handler))
    overhead, scheduling = obj.get("overhead"), obj.get("scheduling")
    if overhead is not None:
        check_requirements(problems, "overhead", {"limits": overhead.get("podFixed") or {}})
    if scheduling is not None:
        labels(problems, "scheduling.nodeSelector", scheduling.get("nodeSelector"))
        _check_tolerations(problems, "scheduling.tolerations", scheduling.get("tolerations") or [])
    return problems.all()


def _check_tolerations(problems: list[FieldError], path: str, tolerations: list[Object]) -> None:
    check_tolerations(problems, path, tolerations)
    seen = set()
    for position, toleration in enumerate(tolerations):
        key = tuple(toleration.get(field, "") for field in _TOLERATION_KEY)
        if key in seen:
            shown = internal("core", "Toleration", toleration)
            problems.append(duplicate(f"{path}[{position}]", shown))
        seen.add(key)


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """The handler stays."""
    problems: list[FieldError] = []
    sealed(problems, "handler", new.get("handler"), old.get("handler"))
    return problems


def warn(new: Object, old: Object | None) -> list[str]:
    """Of labels of nodes on their way out."""
    del old
    selector = (new.get("scheduling") or {}).get("nodeSelector") or {}
    return [
        f"scheduling.nodeSelector: {DEPRECATED_LABELS[key]}"
        for key in selector
        if key in DEPRECATED_LABELS
    ]


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    return [obj["metadata"]["name"], obj.get("handler", ""), age(obj, now_ms)]


KIND = Kind(
    group="node.k8s.io",
    version="v1",
    kind="RuntimeClass",
    plural="runtimeclasses",
    singular="runtimeclass",
    namespaced=False,
    default=default,
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    is_created_by_update=True,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
