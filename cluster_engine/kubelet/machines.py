"""The nodes as machines: addresses, reservations, and the pods that live on them.

Owned by the `Kubelets`; the pod workers take and give back through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubelet.tools import Tools
from cluster_engine.kubelet.worker import Worker
from cluster_engine.runtime.container import ContainerSpec


class Machines:
    """What each node has given to its pods."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        #: Workers by pod uid, and by node; `add` and `forget` change them.
        self.workers: dict[str, Worker] = {}
        self._on: dict[str, dict[str, Worker]] = {}
        #: node -> resource -> amount reserved by its pods.
        self._reserved: dict[str, dict[str, int]] = {}
        #: Nodes whose kubelet does not run, and since when.
        self.down: dict[str, int] = {}
        #: Pods of a node that wait for room to be resized.
        self._deferred: dict[str, dict[str, None]] = {}
        #: Whose container, whose command: id -> pod uid.
        self._containers: dict[str, str] = {}
        self._commands: dict[int, str] = {}

    def add(self, worker: Worker) -> None:
        """A pod has come to a node."""
        self.workers[worker.uid] = worker
        self._on.setdefault(worker.node, {})[worker.uid] = worker

    def ip(self, node: str) -> str:
        """The node's address; empty for a node that is not known (any more)."""
        return self._tools.fabric.addresses.node_ip(node) or ""

    def reserved(self, node: str) -> dict[str, int]:
        """What the node's pods have reserved; not to be changed."""
        return self._reserved.get(node, {})

    def reserve(self, node: str, amounts: tuple[tuple[str, int], ...]) -> None:
        """Set amounts aside for a pod."""
        held = self._reserved.setdefault(node, {})
        for name, amount in amounts:
            held[name] = held.get(name, 0) + amount

    def unreserve(self, node: str, amounts: tuple[tuple[str, int], ...]) -> None:
        """A pod needs them no more."""
        held = self._reserved.get(node)
        if held is not None:
            for name, amount in amounts:
                held[name] = held.get(name, 0) - amount

    def defer(self, worker: Worker, *, waits: bool) -> None:
        """Know (or forget) that the pod waits for room on its node."""
        held = self._deferred.setdefault(worker.node, {})
        if waits:
            held[worker.uid] = None
        else:
            held.pop(worker.uid, None)
        if not held:
            del self._deferred[worker.node]

    def deferred(self, node: str) -> list[Worker]:
        """The pods that wait for room on a node."""
        waiting = self._deferred.get(node, {})
        return [self.workers[uid] for uid in waiting if uid in self.workers]

    def take_ip(self, worker: Worker) -> str | None:
        """An address for a pod; None when its node has none left."""
        node = self._tools.nodes.get("", worker.node)
        cidr = (node or {"spec": {}})["spec"].get("podCIDR")
        fabric = self._tools.fabric
        if cidr:
            fabric.addresses.set_pod_cidr(worker.node, cidr)
        return fabric.add_pod(worker.node, worker.namespace, worker.name)

    def give_back_ip(self, worker: Worker) -> None:
        """The pod's sandbox is gone. Its address stays in its status."""
        if worker.ip and worker.ip != self.ip(worker.node):
            self._tools.fabric.remove_pod(worker.node, worker.ip)

    def open_ports(self, worker: Worker, spec: Object) -> None:
        """Lead the pod's host ports to it."""
        if spec.get("hostNetwork"):
            return
        for container in spec["containers"]:
            for port in container.get("ports") or ():
                if port.get("hostPort"):
                    host_ip = port.get("hostIP") or ""
                    node_ip = self.ip(worker.node)
                    if host_ip in ("", "0.0.0.0", node_ip):
                        self._tools.fabric.map_port(
                            node_ip, port["hostPort"], worker.ip, port["containerPort"]
                        )

    def delete_pod(self, worker: Worker) -> None:
        """Let the object of an ended pod go."""
        client = self._tools.client(worker.node)
        try:
            client.delete("pods", worker.namespace, worker.name, uid=worker.uid, grace_seconds=0)
        except ApiError as error:
            if error.code not in (404, 409):
                raise

    def start_container(self, worker: Worker, spec: ContainerSpec) -> None:
        """Run a container of the pod. Raises StartFailure."""
        self._containers[spec.id] = worker.uid
        self._tools.runtime.start_container(spec)

    def remove_container(self, container_id: str) -> None:
        """Forget an ended container."""
        self._containers.pop(container_id, None)
        self._tools.runtime.remove_container(container_id)

    def run_command(self, worker: Worker, container_id: str, command: Sequence[str]) -> int:
        """Run a command in a container of the pod; its id comes back when it has ended.
        Raises StartFailure."""
        command_id = self._tools.runtime.run(container_id, command)
        self._commands[command_id] = worker.uid
        return command_id

    def cancel_command(self, command_id: int) -> None:
        """Kill a command; nothing more is heard of it."""
        if self._commands.pop(command_id, None) is not None:
            self._tools.runtime.cancel(command_id)

    def owner_of_container(self, container_id: str) -> Worker | None:
        """The worker that has the container."""
        return self.workers.get(self._containers.get(container_id, ""))

    def take_command(self, command_id: int) -> Worker | None:
        """The worker whose command has ended; it is forgotten."""
        return self.workers.get(self._commands.pop(command_id, ""))

    def forget(self, worker: Worker) -> None:
        """Nothing of the pod is left."""
        self.workers.pop(worker.uid, None)
        held = self._on.get(worker.node)
        if held is not None:
            held.pop(worker.uid, None)
            if not held:
                del self._on[worker.node]

    def forget_node(self, node: str) -> None:
        """The node is gone."""
        self._reserved.pop(node, None)

    def on(self, node: str) -> list[Worker]:
        """The workers of a node."""
        return list(self._on.get(node, {}).values())

    def state(self) -> Any:
        """Everything, sharing nothing."""
        workers = [worker.copy() for worker in self.workers.values()]
        reserved = {node: dict(held) for node, held in self._reserved.items()}
        return workers, reserved, dict(self._commands), dict(self.down)

    def restore(self, state: Any) -> None:
        """Take over a value made by `state`; it is not used by anyone else."""
        workers, self._reserved, self._commands, self.down = state
        self._containers = {
            attempt.id: worker.uid
            for worker in workers
            for runs in worker.attempts.values()
            for attempt in runs
        }
        self.workers, self._on = {}, {}
        for worker in workers:
            self.add(worker)
        self._deferred = {}
        for worker in workers:
            if worker.resize is not None:
                self.defer(worker, waits=True)
