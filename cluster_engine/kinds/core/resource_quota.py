"""The ResourceQuota kind: what a namespace may use in total.

Models: k8s.io/kubernetes/pkg/registry/core/resourcequota (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import parse_quantity
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.pod.defaults import round_up
from cluster_engine.kinds.core.resource_quota_validation import (
    validate,
    validate_status,
    validate_update,
)
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column(
        "Request",
        meaning=("Request represents a minimum amount of cpu/memory that a container may consume."),
    ),
    Column(
        "Limit",
        meaning=(
            "Limits control the maximum amount of cpu/memory that a container may use "
            "independent of contention on the node."
        ),
    ),
    AGE,
)

_COMPARED = ("cpu", "memory", "ephemeral-storage")


def default(obj: Object) -> None:
    """Amounts are not finer than a thousandth."""
    for amounts in (
        (obj.get("spec") or {}).get("hard"),
        (obj.get("status") or {}).get("hard"),
        (obj.get("status") or {}).get("used"),
    ):
        if amounts:
            round_up(amounts)


def warn(new: Object, old: Object | None) -> list[str]:
    """Of requests that may exceed their limits."""
    if old is not None:
        return []
    hard = (new.get("spec") or {}).get("hard") or {}
    warnings = []
    for name in _COMPARED:
        asked = f"requests.{name}"
        if asked not in hard and name != "ephemeral-storage":
            asked = name
        limit = f"limits.{name}"
        if asked not in hard or limit not in hard:
            continue
        if parse_quantity(hard[asked]) > parse_quantity(hard[limit]):
            warnings.append(
                f"ResourceQuota {asked} ({hard[asked]}) should be less than {limit} ({hard[limit]})"
            )
    return warnings


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    status = obj.get("status") or {}
    hard, used = status.get("hard") or {}, status.get("used") or {}
    texts = {name: f"{name}: {used.get(name, '0')}/{hard[name]}" for name in sorted(hard)}
    limits = [text for name, text in texts.items() if name.startswith("limits.")]
    requests = [text for name, text in texts.items() if not name.startswith("limits.")]
    return [
        obj["metadata"]["name"],
        ", ".join(requests),
        ", ".join(limits),
        age(obj, now_ms),
    ]


KIND = Kind(
    group="",
    version="v1",
    kind="ResourceQuota",
    plural="resourcequotas",
    singular="resourcequota",
    namespaced=True,
    short_names=("quota",),
    subresources=(STATUS,),
    default=default,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    prepare=SeparateStatus("", "v1", "ResourceQuota"),
    prepare_status=only_status,
    warn=warn,
    columns=COLUMNS,
    cells=cells,
)
