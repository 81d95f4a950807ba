"""What the faults do, each as a pair: break and mend. Names are the catalogue's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.informer import Informers

_SLOWNESS = 10


class Agents(Protocol):
    """The kubelets, as far as faults reach into them."""

    def set_node_down(self, node: str, is_down: bool) -> None: ...

    def power_off(self, node: str) -> None: ...

    def kill_container(self, uid: str, name: str) -> bool: ...

    def set_registry(self, *, is_down: bool = False, slowness: int = 1) -> None: ...


class Network(Protocol):
    """The fabric, as far as faults reach into it."""

    is_dns_down: bool

    def set_reachable(self, node: str, is_reachable: bool) -> None: ...

    def set_cut(self, ip: str, is_cut: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Means:
    """What effects work with."""

    informers: Informers
    agents: Agents
    network: Network

    def pod(self, target: str) -> Object | None:
        """The pod that `namespace/name` says."""
        namespace, _, name = target.partition("/")
        return self.informers.of("pods").get(namespace, name)


#: Break or mend a target; `holds` is whether it is to be broken.
Effect = Callable[[Means, str, bool], None]


def _node_down(means: Means, node: str, holds: bool) -> None:
    means.network.set_reachable(node, not holds)
    means.agents.set_node_down(node, holds)
    if holds:
        means.agents.power_off(node)


def _node_cut(means: Means, node: str, holds: bool) -> None:
    means.network.set_reachable(node, not holds)
    means.agents.set_node_down(node, holds)


def _kubelet_down(means: Means, node: str, holds: bool) -> None:
    means.agents.set_node_down(node, holds)


def _pod_crash(means: Means, target: str, holds: bool) -> None:
    pod = means.pod(target)
    if pod is not None and holds:
        means.agents.kill_container(pod["metadata"]["uid"], pod["spec"]["containers"][0]["name"])


def _pod_cut(means: Means, target: str, holds: bool) -> None:
    pod = means.pod(target)
    ip = (pod or {}).get("status", {}).get("podIP", "")
    if ip:
        means.network.set_cut(ip, holds)


def _dns_down(means: Means, target: str, holds: bool) -> None:
    means.network.is_dns_down = holds


def _registry_down(means: Means, target: str, holds: bool) -> None:
    means.agents.set_registry(is_down=holds)


def _registry_slow(means: Means, target: str, holds: bool) -> None:
    means.agents.set_registry(slowness=_SLOWNESS if holds else 1)


EFFECTS: dict[str, Effect] = {
    "node-down": _node_down,
    "node-cut": _node_cut,
    "kubelet-down": _kubelet_down,
    "pod-crash": _pod_crash,
    "pod-cut": _pod_cut,
    "dns-down": _dns_down,
    "registry-down": _registry_down,
    "registry-slow": _registry_slow,
}
#: Faults that pull at the same strings: of each group one holds at a time.
GROUPS: tuple[frozenset[str], ...] = (
    frozenset(("node-down", "node-cut", "kubelet-down")),
    frozenset(("registry-down", "registry-slow")),
)
