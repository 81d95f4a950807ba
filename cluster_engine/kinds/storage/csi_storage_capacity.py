"""The CSIStorageCapacity kind.

Models: k8s.io/kubernetes/pkg/registry/storage/csistoragecapacity (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import parse_quantity
from cluster_engine.kinds.checks import (
    IMMUTABLE,
    NEGATIVE,
    dns_subdomain,
    label_selector,
    unchanged,
)
from cluster_engine.kinds.columns import NAME
from cluster_engine.kinds.core.node_labels import selector_warnings
from cluster_engine.kinds.internal import LABEL_SELECTOR, published
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("StorageClassName", described_by="storage.v1.CSIStorageCapacity.storageClassName"),
    Column("Capacity", described_by="storage.v1.CSIStorageCapacity.capacity"),
)


def validate(obj: Object) -> list[FieldError]:
    """A class, nodes and an amount."""
    problems: list[FieldError] = []
    label_selector(problems, "nodeTopology", obj.get("nodeTopology"))
    dns_subdomain(problems, "storageClassName", obj.get("storageClassName", ""))
    capacity = obj.get("capacity")
    if capacity is not None and parse_quantity(capacity).nanos < 0:
        problems.append(invalid_value("capacity", capacity, NEGATIVE))
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Only the amounts change."""
    problems = validate(new)
    topology = new.get("nodeTopology")
    if topology != old.get("nodeTopology"):
        shown = published(LABEL_SELECTOR, topology)
        problems.append(invalid_value("nodeTopology", shown, IMMUTABLE))
    name, before = new.get("storageClassName", ""), old.get("storageClassName", "")
    unchanged(problems, "storageClassName", name, before)
    return problems


def warn(new: Object, old: Object | None) -> list[str]:
    """Of labels of nodes on their way out."""
    del old
    return selector_warnings("nodeTopology", new.get("nodeTopology"))


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    del now_ms
    capacity = obj.get("capacity")
    return [
        obj["metadata"]["name"],
        obj.get("storageClassName", ""),
        "<unset>" if capacity is None else capacity,
    ]


KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="CSIStorageCapacity",
    plural="csistoragecapacities",
    singular="csistoragecapacity",
    namespaced=True,
    is_updated_unconditionally=False,
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    columns=COLUMNS,
    cells=cells,
)
