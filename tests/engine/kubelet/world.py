"""Kubelets over a bare store: an API of a few lines, a runtime that does what the test says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cluster_engine.apimachinery.errors import already_exists, conflict, not_found
from cluster_engine.apimachinery.objects import with_metadata
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.client.client import Client
from cluster_engine.client.informer import Informers
from cluster_engine.client.recorder import Recorder
from cluster_engine.images.image import PullFailure
from cluster_engine.kubelet.kubelet import Kubelets
from cluster_engine.network.fabric import Fabric
from cluster_engine.runtime.container import ExecResult, StartFailure
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.changes import Origin
from cluster_engine.store.store import Store

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


@dataclass
class FakeImage:
    reference: str
    size_bytes: int = 50_000_000
    entrypoint: tuple = ("/entrypoint.sh",)
    command: tuple = ("serve",)
    environment: dict = field(default_factory=lambda: {"IMAGE": "yes"})
    working_dir: str = "/srv"
    user: str = ""
    pull_seconds: float = 2.0

    @property
    def digest(self):
        return self.reference.rpartition(":")[0] + "@sha256:" + "0" * 64


class FakeCatalogue:
    def __init__(self):
        self.user = ""

    def find(self, reference):
        name = reference if "/" in reference else f"docker.io/library/{reference}"
        if ":" not in name.rpartition("/")[2]:
            name += ":latest"
        if "nosuch" in name:
            return PullFailure("ErrImagePull", f"failed to resolve reference {name}: not found")
        return FakeImage(name, user=self.user)


class FakeRuntime:
    """Containers as records; tests end them with `world.exit`."""

    def __init__(self):
        self.listener = None
        self.specs = {}
        self.running = set()
        self.stops = []
        self.removed = []
        self.volumes = {}
        self.commands = {}
        self.logs = {}
        self.messages = {}
        self.refusal = ""
        #: Whether containers end as soon as they are asked to.
        self.is_obedient = True

    def start_container(self, spec):
        if self.refusal:
            raise StartFailure(self.refusal)
        self.specs[spec.id] = spec
        self.running.add(spec.id)
        self.logs[spec.id] = []

    def stop_container(self, container_id, grace_ms):
        self.stops.append((self.specs[container_id].name, grace_ms))
        if self.is_obedient or grace_ms == 0:
            self.end(container_id, 0)

    def end(self, container_id, code, reason=""):
        if container_id in self.running:
            self.running.discard(container_id)
            self.listener.container_exited(container_id, code, reason)

    def remove_container(self, container_id):
        self.removed.append(container_id)

    def exec(self, container_id, command, **options):
        return ("exec", container_id, tuple(command), options)

    def attach(self, container_id, **options):
        return ("attach", container_id, options)

    def run(self, container_id, command):
        if list(command) == ["nothing"]:
            raise StartFailure("there is no such command")
        number = len(self.commands) + 1
        self.commands[number] = (container_id, tuple(command))
        return number

    def cancel(self, command_id):
        self.commands[command_id] = None

    def log(self, container_id):
        return self.logs[container_id]

    def log_after(self, container_id, number):
        return self.logs[container_id][number:], len(self.logs[container_id])

    def termination_message(self, container_id):
        return self.messages.get(container_id, b"")

    def add_empty_directory(self, volume_id, *, mode, gid, bytes_max, is_memory):
        self.volumes.setdefault(volume_id, ("empty", mode, gid, bytes_max, is_memory))

    def add_projection(self, volume_id, files):
        self.volumes[volume_id] = ("projection", files)

    def add_host_directory(self, volume_id, node, path, type_):
        if path == "/nowhere":
            raise StartFailure(f"hostPath type check failed: {path} is not a directory")
        self.volumes[volume_id] = ("host", node, path, type_)

    def remove_volume(self, volume_id):
        del self.volumes[volume_id]


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

    def __init__(self, *, is_instant=True, nodes=("node-1",), is_freezing=True):
        self.clock = Clock(START_MS)
        self.agenda = Agenda()
        self.randomness = Randomness(1)
        self.store = Store(is_freezing=is_freezing)
        self.informers = Informers(self.store)
        self.door = Door(self.store, self.clock, self.randomness)
        client = Client(self.door, "test", "test")
        recorder = Recorder(client, self.clock, "test")
        self.context = Context(
            self.clock,
            self.agenda,
            self.randomness,
            self.informers,
            client,
            recorder,
            is_instant,
            self.door,
        )
        self.client = client
        self.runtime = FakeRuntime()
        self.catalogue = FakeCatalogue()
        self.fabric = Fabric(self.informers, self.randomness)
        self.kubelets = Kubelets(
            self.context, self.runtime, self.fabric, self.catalogue, lambda *_: "token"
        )
        self.runtime.listener = self.kubelets
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
            assert entry.actor == "kubelet"
            self.kubelets.wake(entry.message)
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

    def exit(self, code, container="main", reason="", pod="a"):
        """End the running container of that name."""
        worker = self.kubelets._machines.workers[self.pod(pod)["metadata"]["uid"]]
        self.runtime.end(worker.latest(container).id, code, reason)

    def finish_command(self, number, code, output=b""):
        self.kubelets.command_finished(number, ExecResult(code, output))

    def change(self, resource, obj):
        """Replace an object as a person would."""
        held = self.store.get(
            resource, obj["metadata"].get("namespace", ""), obj["metadata"]["name"]
        )
        self.door._put(resource, obj, Origin("person"), held, "update")

    def fork(self):
        """A copy of this world, in the same state."""
        twin = World(nodes=())
        twin.clock.move_to(self.clock.now_ms)
        twin.context.is_instant = self.context.is_instant
        twin.store = self.store.fork()
        twin.informers = Informers(twin.store)
        twin.door.store = twin.store
        twin.context = replace(twin.context, informers=twin.informers)
        twin.runtime.__dict__.update(
            {k: v.copy() if hasattr(v, "copy") else v for k, v in self.runtime.__dict__.items()}
        )
        twin.fabric = Fabric(twin.informers, twin.randomness)
        twin.kubelets = Kubelets(
            twin.context, twin.runtime, twin.fabric, twin.catalogue, lambda *_: "token"
        )
        twin.runtime.listener = twin.kubelets
        twin.fabric.restore(self.fabric.state())
        twin.kubelets.restore(self.kubelets.state())
        twin.agenda.restore(self.agenda.state())
        twin.randomness.restore(self.randomness.state())
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
