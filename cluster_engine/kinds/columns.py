"""Pieces of table rows that many kinds share: ages, labels, selectors, container names.

Models: k8s.io/kubernetes/pkg/printers/internalversion/printers.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import SelectorError, from_label_selector
from cluster_engine.apimachinery.time import human_duration, parse_rfc3339
from cluster_engine.kinds.kind import Column

NAME = Column("Name", format="name", described_by="meta.v1.ObjectMeta.name")
AGE = Column("Age", described_by="meta.v1.ObjectMeta.creationTimestamp")
CONTAINERS = Column("Containers", priority=1, meaning="Names of each container in the template.")
IMAGES = Column(
    "Images", priority=1, meaning="Images referenced by each container in the template."
)


def name_and_age(obj: Object, now_ms: int) -> list[Any]:
    """The cells of kinds that show nothing else."""
    return [obj["metadata"]["name"], age(obj, now_ms)]


def age(obj: Object, now_ms: int) -> str:
    """How long ago the object was created."""
    return since(obj["metadata"].get("creationTimestamp"), now_ms)


def since(stamp: str | None, now_ms: int) -> str:
    """How long ago that was; "<unknown>" for no time."""
    if not stamp:
        return "<unknown>"
    return human_duration((now_ms - parse_rfc3339(stamp)) // 1000)


def labels_text(labels: Mapping[str, str] | None) -> str:
    """ "a=b,c=d"; "<none>" for no labels."""
    return ",".join(f"{name}={value}" for name, value in sorted((labels or {}).items())) or "<none>"


def selector_text(selector: Object | None, none: str = "<none>") -> str:
    """A label selector as it is typed; "<error>" when it is malformed."""
    try:
        return str(from_label_selector(selector)) or none
    except SelectorError:
        return "<error>"


def container_cells(spec: Object | None) -> list[str]:
    """Names and images of a pod spec's containers."""
    containers = (spec or {}).get("containers") or ()
    names = ",".join(container.get("name", "") for container in containers)
    return [names, ",".join(container.get("image", "") for container in containers)]


def list_with_more(items: Sequence[str], limit: int, count: int, empty: str) -> str:
    """The first items, and how many more there are."""
    shown = ",".join(items[:limit])
    if count > limit:
        return f"{shown} + {count - limit} more..."
    return shown or empty


def int_or_string_text(value: int | str | None, none: str) -> str:
    """A count or percentage as text."""
    return none if value is None else str(value)
