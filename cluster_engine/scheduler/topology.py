"""What the labels and images of all nodes say taken together: order, columns, image spread.

Models: pkg/scheduler/backend/cache/node_tree.go and cache.go, imageStates (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cluster_engine.scheduler.counters import BoolRow, IntRow
from cluster_engine.scheduler.nodes import NodeState

HOSTNAME = "kubernetes.io/hostname"
ZONE = "topology.kubernetes.io/zone"
REGION = "topology.kubernetes.io/region"
ZONE_BETA = "failure-domain.beta.kubernetes.io/zone"
REGION_BETA = "failure-domain.beta.kubernetes.io/region"


class ZoneTree:
    """Node names by zone, in order of arrival."""

    def __init__(self) -> None:
        self._zones: dict[tuple[str, str], list[str]] = {}
        self._zone_of: dict[str, tuple[str, str]] = {}

    def put(self, name: str, labels: Mapping[str, str]) -> bool:
        """A node is in the zone its labels name. True when that changes anything."""
        zone = _zone(labels)
        if self._zone_of.get(name) == zone:
            return False
        self.remove(name)
        self._zone_of[name] = zone
        self._zones.setdefault(zone, []).append(name)
        return True

    def remove(self, name: str) -> None:
        """A node is gone."""
        zone = self._zone_of.pop(name, None)
        if zone is None:
            return
        self._zones[zone].remove(name)
        if not self._zones[zone]:
            del self._zones[zone]

    def names(self) -> list[str]:
        """The first node of each zone, then the second of each, and so on."""
        found = []
        depth = max((len(names) for names in self._zones.values()), default=0)
        for position in range(depth):
            found += [names[position] for names in self._zones.values() if position < len(names)]
        return found

    def state(self) -> Any:
        """The order of arrival."""
        return {zone: tuple(names) for zone, names in self._zones.items()}

    def restore(self, state: Any, labels: Mapping[str, Mapping[str, str]]) -> None:
        """Take over an order of arrival; nodes it does not know come last."""
        self._zones.clear()
        self._zone_of.clear()
        known = [name for names in state.values() for name in names if name in labels]
        zones = {zone: [n for n in names if n in labels] for zone, names in state.items()}
        for zone, names in zones.items():
            for name in names:
                if _zone(labels[name]) == zone:
                    self.put(name, labels[name])
        for name in [*known, *labels]:
            self.put(name, labels[name])


def _zone(labels: Mapping[str, str]) -> tuple[str, str]:
    zone = labels.get(ZONE_BETA, labels.get(ZONE, ""))
    return labels.get(REGION_BETA, labels.get(REGION, "")), zone


@dataclass(frozen=True, slots=True)
class Column:
    """One label of all nodes: per row the number of its value, -1 where the label is missing."""

    codes: IntRow
    values: dict[str, int]
    #: Rows that have the label.
    present: BoolRow

    def totals(self, amounts: IntRow, rows: BoolRow | None = None) -> IntRow:
        """The sum of `amounts` per value, over the given rows (all when None)."""
        chosen = self.present if rows is None else self.present & rows
        found = np.bincount(self.codes[chosen], amounts[chosen], len(self.values))
        return found.astype(np.int64)

    def spread(self, per_value: IntRow, missing: int = 0) -> IntRow:
        """A number per value, written to each row that has it."""
        return np.append(per_value, missing)[self.codes]


def column(key: str, nodes: Iterable[NodeState]) -> Column:
    """The column of a label."""
    values: dict[str, int] = {}
    codes = []
    for node in nodes:
        value = node.labels.get(key)
        codes.append(-1 if value is None else values.setdefault(value, len(values)))
    array = np.array(codes, np.int64)
    return Column(array, values, array >= 0)


@dataclass(slots=True)
class ImageState:
    """An image: its size as first reported, and the rows of the nodes that have it."""

    size: int
    rows: list[int] = field(default_factory=list)


def image_states(nodes: Iterable[NodeState]) -> dict[str, ImageState]:
    """All images that the nodes report, by each of their names."""
    found: dict[str, ImageState] = {}
    for row, state in enumerate(nodes):
        status = (state.node or {}).get("status") or {}
        for image in status.get("images") or ():
            for name in image.get("names") or ():
                held = found.get(name)
                if held is None:
                    held = found[name] = ImageState(image.get("sizeBytes") or 0)
                if not held.rows or held.rows[-1] != row:
                    held.rows.append(row)
    return found
