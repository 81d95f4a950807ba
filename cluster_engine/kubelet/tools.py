"""What the parts of the kubelets share: the clock, the agenda, clients and recorders per node.

One `Tools` per cluster. It keeps nothing of its own but clients; state is in the workers.
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.client import Client
from cluster_engine.client.reconciler import ComponentContext
from cluster_engine.client.recorder import Recorder
from cluster_engine.kubelet.containers import field_path
from cluster_engine.kubelet.contracts import Catalogue, Runtime
from cluster_engine.kubelet.worker import Worker
from cluster_engine.network.fabric import Fabric

ACTOR = "kubelet"
NORMAL, WARNING = "Normal", "Warning"


class Tools:
    """The hands and eyes of all kubelets."""

    def __init__(
        self, context: ComponentContext, runtime: Runtime, fabric: Fabric, catalogue: Catalogue
    ) -> None:
        self.context = context
        self.clock = context.clock
        self.agenda = context.agenda
        self.runtime = runtime
        self.fabric = fabric
        self.catalogue = catalogue
        self.is_instant = context.is_instant
        self.pods = context.informers.of("pods")
        self.nodes = context.informers.of("nodes")
        self._clients: dict[str, Client] = {}
        self._recorders: dict[str, Recorder] = {}

    @property
    def now_ms(self) -> int:
        """The cluster's time."""
        return self.clock.now_ms

    def client(self, node: str) -> Client:
        """The hand of a node's kubelet."""
        client = self._clients.get(node)
        if client is None:
            client = self.context.client_for(f"system:node:{node}", "kubelet")
            self._clients[node] = client
        return client

    def recorder(self, node: str) -> Recorder:
        """The event recorder of a node's kubelet."""
        recorder = self._recorders.get(node)
        if recorder is None:
            recorder = self.context.recorder_for(ACTOR, node, self.client(node))
            self._recorders[node] = recorder
        return recorder

    def forget_node(self, node: str) -> None:
        """Drop the client and recorder of a node that is gone."""
        self._clients.pop(node, None)
        self._recorders.pop(node, None)

    def event(
        self, pod: Object, type_: str, reason: str, message: str, container: str = ""
    ) -> None:
        """Record an event of a pod, or of one of its containers."""
        path = field_path(pod["spec"], container) if container else ""
        self.recorder(pod["spec"]["nodeName"]).event(pod, type_, reason, message, path)

    def pod_of(self, worker: Worker) -> Object | None:
        """The worker's pod as it is stored; None when it is gone (another may have its name)."""
        pod = self.pods.get(worker.namespace, worker.name)
        if pod is None or pod["metadata"].get("uid") != worker.uid:
            return None
        return pod

    def write_status(self, worker: Worker, pod: Object, status: Object) -> Object:
        """Store a status unless it is the present one; returns the pod as it is then."""
        if pod.get("status") == status:
            return pod
        client = self.client(worker.node)
        try:
            return client.update_status("pods", {**pod, "status": status})
        except ApiError as error:
            if error.code != 404:
                raise
            return pod

    def wake_at(self, worker: Worker, due_ms: int) -> None:
        """Sync the worker at that time; of several such wishes the earliest counts."""
        if worker.ticket:
            if worker.due_ms <= due_ms:
                return
            self.agenda.cancel(worker.ticket)
        worker.due_ms = due_ms
        worker.ticket = self.agenda.schedule(due_ms, ACTOR, ("timer", worker.uid))

    def cancel_wake(self, worker: Worker) -> None:
        """Forget the worker's timer."""
        if worker.ticket:
            self.agenda.cancel(worker.ticket)
            worker.ticket = 0

    def between_ms(self, low_ms: int, high_ms: int) -> int:
        """A seeded duration that real machines would take; none under the instant profile."""
        if self.is_instant:
            return 0
        return self.context.randomness.stream("kubelet").randint(low_ms, high_ms)

    def container_id(self) -> str:
        """A new id of a container: 64 hexadecimal digits."""
        return f"{self.context.randomness.stream('containers').getrandbits(256):064x}"
