"""Kubelets and the kernel over a bare store with an API of a few lines."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.errors import already_exists, conflict, not_found
from cluster_engine.apimachinery.objects import with_metadata
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.client.client import Client
from cluster_engine.client.informer import Informers
from cluster_engine.client.recorder import Recorder
from cluster_engine.kubelet.kubelet import Kubelets
from cluster_engine.network.fabric import Fabric
from cluster_engine.runtime.kernel import Kernel
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.limits import Limits
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.changes import Origin
from cluster_engine.store.store import Store
from tests.engine.kubelet.programs import LAYER, PROGRAMS, SIGNAL_BASE, TestCatalogue

START_MS = 1_767_225_600_000


class Door:
    """The typed door of an API server without admission, defaults or validation."""

    def __init__(self, store, clock, randomness):
        self.store = store
        self.clock = clock
        self.randomness = randomness
        self.writes = []

    def read(self, resource, namespace, name):
        record = self.store.get(resource, namespace, name)
        if record is None:
            raise not_found(resource, name)
        return record.object

    def record_event(self, event, origin, manager):
        return self.create("events", event, origin, manager)

    def create(self, resource, obj, origin, manager):
        metadata = obj["metadata"]
        if self.store.get(resource, metadata.get("namespace", ""), metadata["name"]):
            raise already_exists(resource, metadata["name"])
        created = with_metadata(
            obj,
            uid=self.randomness.uid(),
            creationTimestamp=rfc3339(self.clock.now_ms),
            generation=1,
        )
        return self._put(resource, created, origin, None, "create")

    def update(self, resource, obj, origin, manager, subresource=""):
        metadata = obj["metadata"]
        held = self.store.get(resource, metadata.get("namespace", ""), metadata["name"])
        if held is None:
            raise not_found(resource, metadata["name"])
        if metadata.get("resourceVersion") not in (None, str(held.revision)):
            raise conflict(resource, metadata["name"], "outdated")
        if subresource == "status":
            obj = {**held.object, "status": obj["status"]}
        return self._put(resource, obj, origin, held, subresource or "update")

    def delete(
        self,
        resource,
        namespace,
        name,
        origin,
        *,
        uid="",
        resource_version="",
        grace_seconds=None,
        propagation="Background",
    ):
        held = self.store.get(resource, namespace, name)
        if held is None or (uid and held.object["metadata"]["uid"] != uid):
            raise not_found(resource, name)
        obj = held.object
        if resource == "pods" and grace_seconds != 0 and obj["spec"].get("nodeName"):
            grace = 30 if grace_seconds is None else grace_seconds
            deleted = with_metadata(
                obj,
                deletionTimestamp=rfc3339(self.clock.now_ms + grace * 1000),
                deletionGracePeriodSeconds=grace,
            )
            return self._put(resource, deleted, origin, held, "delete")
        self.writes.append(("delete", resource, name))
        return self.store.delete(resource, held, origin, time_ms=self.clock.now_ms).object

    def bind(self, namespace, name, uid, node, origin):
        held = self.store.get("pods", namespace, name)
        bound = {**held.object, "spec": {**held.object["spec"], "nodeName": node}}
        self._put("pods", bound, origin, held, "bind")

    def _put(self, resource, obj, origin, held, verb):
        self.writes.append((verb, resource, obj["metadata"]["name"]))
        now_ms = self.clock.now_ms
        return self.store.put(resource, obj, origin, time_ms=now_ms, expected=held).object


class WatchedKernel(Kernel):
    """The kernel, and a record of what the kubelets asked of it."""

    def __init__(self, *parts):
        super().__init__(*parts)
        #: What was asked to start, and what did.
        self.asked = []
        self.specs = {}
        self.stops = []
        self.removed = []

    def start_container(self, spec):
        self.asked.append(spec)
        super().start_container(spec)
        self.specs[spec.id] = spec

    def stop_container(self, container_id, grace_ms, *signal):
        self.stops.append((self.specs[container_id].name, grace_ms))
        super().stop_container(container_id, grace_ms, *signal)

    def remove_container(self, container_id):
        if container_id in self.specs:
            self.removed.append(container_id)
        super().remove_container(container_id)


@dataclass
class Context:
    clock: Clock
    agenda: Agenda
    randomness: Randomness
    informers: Informers
    client: Client
    recorder: Recorder
    is_instant: bool
    door: Door

    def client_for(self, actor, manager):
        return Client(self.door, actor, manager)

    def recorder_for(self, component, host="", client=None):
        return Recorder(client or self.client, self.clock, component, host)


class World:
    """One node `node-1` unless told otherwise, and whatever the test adds."""

    def __init__(self, *, is_instant=True, nodes=("node-1",), store=None, now_ms=START_MS):
        self.clock = Clock(now_ms)
        self.agenda = Agenda()
        self.randomness = Randomness(1)
        self.store = store or Store(is_freezing=True)
        self.informers = Informers(self.store)
        self.door = Door(self.store, self.clock, self.randomness)
        self.client = Client(self.door, "test", "test")
        self.context = Context(
            self.clock,
            self.agenda,
            self.randomness,
            self.informers,
            self.client,
            Recorder(self.client, self.clock, "test"),
            is_instant,
            self.door,
        )
        self.catalogue = TestCatalogue()
        self.fabric = Fabric(self.informers, self.randomness)
        self.kernel = WatchedKernel(
            self.clock,
            self.agenda,
            self.randomness,
            Limits(),
            self.fabric,
            PROGRAMS,
            lambda name: LAYER,
        )
        self.kubelets = Kubelets(
            self.context, self.kernel, self.fabric, self.catalogue, lambda *_: "token"
        )
        self.components = {part.name: part for part in (self.fabric, self.kernel, self.kubelets)}
        for name in nodes:
            self.add_node(name)
        self.settle()

    def add_node(self, name, **fields):
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "spec": {}}
        self.client.create("nodes", {**node, **fields})

    def settle(self):
        """Run what is due now."""
        self.advance(0)

    def advance(self, seconds):
        """Run what is due in the next so many seconds."""
        until_ms = self.clock.now_ms + int(seconds * 1000)
        for _ in range(100_000):
            due_ms = self.agenda.next_due_ms()
            if due_ms is None or due_ms > until_ms:
                break
            self.clock.move_to(due_ms)
            entry = self.agenda.pop_due(self.clock.now_ms)
            self.components[entry.actor].wake(entry.message)
        self.clock.move_to(until_ms)

    def create(self, obj, resource="pods"):
        created = self.client.create(resource, obj)
        return created

    def pod(self, name="a"):
        return self.client.get("pods", "default", name)

    def status(self, name="a"):
        return self.pod(name)["status"]

    def container(self, name="main", pod="a"):
        status = self.status(pod)
        groups = ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
        for group in groups:
            for found in status.get(group, ()):
                if found["name"] == name:
                    return found
        raise KeyError(name)

    def conditions(self, name="a"):
        return {c["type"]: c for c in self.status(name)["conditions"]}

    def events(self, name="a"):
        """(reason, message) of the events of an object, oldest first."""
        events = self.informers.of("events").list()
        events.sort(key=lambda event: int(event["metadata"]["resourceVersion"]))
        return [
            (event["reason"], event["message"])
            for event in events
            if event["involvedObject"]["name"] == name
        ]

    def container_id(self, container="main", pod="a"):
        """The id of the newest run of a container."""
        return self.container(container, pod)["containerID"].removeprefix("containerd://")

    def exit(self, code, container="main", pod="a"):
        """Let the program of that container end with that code."""
        container_id = self.container_id(container, pod)
        Kernel.stop_container(self.kernel, container_id, 3_600_000, SIGNAL_BASE + code)

    def names_started(self):
        """The containers started so far, in order."""
        return [spec.name for spec in self.kernel.specs.values()]

    def running(self):
        """Ids of containers that run."""
        return [found for found in self.kernel.specs if self.kernel.is_running(found)]

    def has_volume(self, name="v", pod="a"):
        """Whether the kernel has that volume of a pod."""
        uid = self.pod(pod)["metadata"]["uid"]
        return self.kernel.volumes.get(f"{uid}/{name}") is not None

    def change(self, resource, obj):
        """Replace an object as a person would."""
        held = self.store.get(
            resource, obj["metadata"].get("namespace", ""), obj["metadata"]["name"]
        )
        self.door._put(resource, obj, Origin("person"), held, "update")

    def fork(self):
        """A copy of this world, in the same state."""
        twin = World(
            is_instant=self.context.is_instant,
            nodes=(),
            store=self.store.fork(),
            now_ms=self.clock.now_ms,
        )
        for name, part in twin.components.items():
            part.restore(self.components[name].state())
        twin.agenda.restore(self.agenda.state())
        twin.randomness.restore(self.randomness.state())
        twin.kernel.specs = dict(self.kernel.specs)
        return twin


def pod(name="a", node="node-1", **spec):
    """A pod of one container `main`, bound to a node."""
    container = {
        "name": "main",
        "image": "nginx",
        "imagePullPolicy": "IfNotPresent",
        "terminationMessagePath": "/dev/termination-log",
    }
    spec.setdefault("containers", [container])
    for own in (*spec["containers"], *spec.get("initContainers", ())):
        for field_, value in container.items():
            own.setdefault(field_, value)
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"restartPolicy": "Always", "enableServiceLinks": True, "nodeName": node, **spec},
        "status": {"phase": "Pending", "qosClass": "BestEffort"},
    }
