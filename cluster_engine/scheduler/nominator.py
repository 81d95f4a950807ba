"""Pods that are meant for a node but not on it yet: its victims are still leaving.

Models: pkg/scheduler/backend/queue/nominator.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.table import NodeTable


class Nominator:
    """Which pod is meant for which node; what the scheduler last said counts before the API."""

    def __init__(self) -> None:
        self._nodes: dict[str, str] = {}
        self._by_node: dict[str, dict[str, PodInfo]] = {}

    def put(self, info: PodInfo, node: str | None = None) -> None:
        """The pod is meant for `node`, or for the one its status names when None."""
        self.remove(info.uid)
        name = info.nominated_node if node is None else node
        if name and not info.spec.get("nodeName"):
            self._nodes[info.uid] = name
            self._by_node.setdefault(name, {})[info.uid] = info

    def update(self, old_nominated: str, info: PodInfo) -> None:
        """The pod has changed. An update made before the nomination was known does not undo it."""
        held = self._nodes.get(info.uid)
        is_older = held is not None and not old_nominated and not info.nominated_node
        self.put(info, held if is_older else None)

    def remove(self, uid: str) -> None:
        """The pod is on a node, or gone."""
        name = self._nodes.pop(uid, None)
        if name is None:
            return
        held = self._by_node[name]
        del held[uid]
        if not held:
            del self._by_node[name]

    def on(self, node_name: str) -> list[PodInfo]:
        """Pods meant for that node, in order of nomination."""
        return list(self._by_node.get(node_name, {}).values())

    def rows(self, table: NodeTable) -> list[int]:
        """Rows of nodes that some pod is meant for, in order."""
        nodes = (table.node(name) for name in self._by_node)
        return sorted(node.index for node in nodes if node is not None)

    def state(self) -> Any:
        """Node by uid, in order of nomination."""
        return [(uid, name) for name, held in self._by_node.items() for uid in held]

    def restore(self, state: Any, pods: dict[str, PodInfo]) -> None:
        """Take over a state; `pods` are those that wait, by uid."""
        self._nodes.clear()
        self._by_node.clear()
        for uid, name in state:
            if uid in pods:
                self.put(pods[uid], name)
