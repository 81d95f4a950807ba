"""The kernel's state as a value: what it consists of, and how it comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cluster_engine.runtime.copying import Finder, from_bytes, to_bytes
from cluster_engine.runtime.filesystem.layer import DEVICES, Layer
from cluster_engine.runtime.filesystem.volume import Volume
from cluster_engine.runtime.handles import StreamHandle
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
        for pod_id in kernel.api_pods:
            if self._handles(pod_id):
                # Its streams go on whether or not the pod has changed since its last copy.
                kernel.sandboxes.forget_copy(pod_id)
        return {
            "sandboxes": kernel.sandboxes.state(),
            "volumes": kernel.volumes.state(to_bytes),
            "queue": kernel.queue.state(),
            "pods": dict(kernel.pods),
            "ends": dict(kernel.ends),
            "boot_ms": kernel.boot_ms,
            "next_session": kernel.clients.next_session,
            "commands": dict(kernel.clients.commands),
            "kept": dict(kernel.clients.kept),
            "api_pods": list(kernel.api_pods),
        }

    def reconnect(self) -> None:
        """Give programs that talk to the API server their streams again. The rest of the cluster
        must have been restored."""
        for pod_id in self._kernel.api_pods:
            for handle in self._handles(pod_id):
                if handle.recipe is not None:
                    handle.connect(self._kernel.revive(handle.recipe), self._kernel)

    def _handles(self, pod_id: str) -> list[StreamHandle]:
        """The open API streams of a pod's processes, each once."""
        found: dict[int, StreamHandle] = {}
        sandbox = self._kernel.sandboxes.get(pod_id)
        for pids in sandbox.pids.values() if sandbox is not None else ():
            for process in pids.processes.values():
                for handle in process.fds.values():
                    if isinstance(handle, StreamHandle):
                        found.setdefault(id(handle), handle)
        return list(found.values())

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
        kernel.clients.kept = dict(state["kept"])
        kernel.api_pods = dict.fromkeys(state["api_pods"])

    def _volume(self, name: str) -> Volume:
        return PROC if name == PROC.id else self._kernel.volumes.by_id(name)
