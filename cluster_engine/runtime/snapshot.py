"""The kernel's state as a value: what it consists of, and how it comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cluster_engine.runtime.copying import Finder, from_bytes, to_bytes
from cluster_engine.runtime.filesystem.layer import DEVICES, Layer
from cluster_engine.runtime.filesystem.volume import Volume
from cluster_engine.runtime.mounting import PROC
from cluster_engine.runtime.volumes import NODE_LAYER

if TYPE_CHECKING:
    from cluster_engine.runtime.kernel import Kernel


class Snapshots:
    """Makes and takes over states of one kernel."""

    def __init__(self, kernel: Kernel, find_layer: Callable[[str], Layer]) -> None:
        self._kernel = kernel
        own = {held.name: held for held in (DEVICES, NODE_LAYER)}
        self._finder = Finder(
            lambda name: own.get(name) or find_layer(name),
            self._volume,
            kernel.volumes.quota,
        )

    def read(self, data: bytes) -> Any:
        """A pod or volume from its bytes."""
        return from_bytes(data, self._finder)

    def state(self) -> Any:
        """See simulation.component."""
        kernel = self._kernel
        return {
            "sandboxes": kernel.sandboxes.state(),
            "volumes": kernel.volumes.state(to_bytes),
            "queue": kernel.queue.state(),
            "pods": dict(kernel.pods),
            "ends": dict(kernel.ends),
            "boot_ms": kernel.boot_ms,
            "next_session": kernel.clients.next_session,
            "commands": dict(kernel.clients.commands),
        }

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        kernel = self._kernel
        kernel.clients.forget_all()
        kernel.volumes.restore(state["volumes"], self.read)
        kernel.sandboxes.restore(state["sandboxes"])
        kernel.queue.restore(state["queue"])
        kernel.pods = dict(state["pods"])
        kernel.ends = dict(state["ends"])
        kernel.boot_ms = state["boot_ms"]
        kernel.clients.next_session = state["next_session"]
        kernel.clients.commands = dict(state["commands"])

    def _volume(self, name: str) -> Volume:
        return PROC if name == PROC.id else self._kernel.volumes.by_id(name)
