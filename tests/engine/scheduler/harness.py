"""A scheduler on a real store behind a plain door: objects in, places out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.errors import already_exists, conflict, not_found
from cluster_engine.apimachinery.objects import Object, clone, with_metadata
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.client.client import Client
from cluster_engine.client.informer import Informers
from cluster_engine.client.recorder import Recorder
from cluster_engine.scheduler.scheduler import Scheduler
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.changes import DELETED, Change, Origin
from cluster_engine.store.store import Store

START_MS = 1_767_225_600_000
_PLURALS = {
    "Node": "nodes",
    "Namespace": "namespaces",
    "Pod": "pods",
    "Service": "services",
    "PersistentVolume": "persistentvolumes",
    "PersistentVolumeClaim": "persistentvolumeclaims",
    "StorageClass": "storageclasses.storage.k8s.io",
    "PriorityClass": "priorityclasses.scheduling.k8s.io",
    "RuntimeClass": "runtimeclasses.node.k8s.io",
    "PodDisruptionBudget": "poddisruptionbudgets.policy",
    "ReplicaSet": "replicasets.apps",
    "CSIDriver": "csidrivers.storage.k8s.io",
    "CSINode": "csinodes.storage.k8s.io",
    "CSIStorageCapacity": "csistoragecapacities.storage.k8s.io",
    "ResourceClaim": "resourceclaims.resource.k8s.io",
    "DeviceClass": "deviceclasses.resource.k8s.io",
}
_CLUSTER_SCOPED = ("Node", "Namespace", "PersistentVolume", "StorageClass", "PriorityClass")
_CLUSTER_SCOPED += ("RuntimeClass", "CSIDriver", "CSINode", "DeviceClass")


class Door:
    """What the API server does for these tests: stores, binds, deletes with grace."""

    def __init__(self, store: Store, clock: Clock, randomness: Randomness) -> None:
        self.store = store
        self._clock = clock
        self._randomness = randomness

    def read(self, resource: str, namespace: str, name: str) -> Object:
        record = self.store.get(resource, namespace, name)
        if record is None:
            raise not_found(resource, name)
        return record.object

    def record_event(self, event: Object, origin: Origin, manager: str) -> Object:
        return self.create("events", event, origin, manager)

    def create(self, resource: str, obj: Object, origin: Origin, manager: str) -> Object:
        metadata = obj["metadata"]
        if self.store.get(resource, metadata.get("namespace", ""), metadata["name"]) is not None:
            raise already_exists(resource, metadata["name"])
        created = with_metadata(
            obj,
            uid=metadata.get("uid") or self._randomness.uid(),
            creationTimestamp=rfc3339(self._clock.now_ms),
            generation=1,
        )
        return self._put(resource, created, origin, None)

    def update(
        self, resource: str, obj: Object, origin: Origin, manager: str, subresource: str = ""
    ) -> Object:
        metadata = obj["metadata"]
        held = self.store.get(resource, metadata.get("namespace", ""), metadata["name"])
        if held is None:
            raise not_found(resource, metadata["name"])
        version = metadata.get("resourceVersion")
        if version and version != held.object["metadata"]["resourceVersion"]:
            raise conflict(resource, metadata["name"], "the object has been modified")
        if subresource == "status":
            obj = {**held.object, "status": obj.get("status")}
        return self._put(resource, obj, origin, held)

    def delete(
        self,
        resource: str,
        namespace: str,
        name: str,
        origin: Origin,
        *,
        uid: str = "",
        resource_version: str = "",
        grace_seconds: int | None = None,
        propagation: str = "Background",
    ) -> Object:
        held = self.store.get(resource, namespace, name)
        if held is None:
            raise not_found(resource, name)
        pod = held.object
        grace = pod.get("spec", {}).get("terminationGracePeriodSeconds", 30)
        if resource == "pods" and pod["spec"].get("nodeName") and grace and grace_seconds != 0:
            doomed = with_metadata(pod, deletionTimestamp=rfc3339(self._clock.now_ms))
            return self._put(resource, doomed, origin, held)
        return self.store.delete(resource, held, origin, time_ms=self._clock.now_ms).object

    def bind(self, namespace: str, name: str, uid: str, node: str, origin: Origin) -> None:
        held = self.store.get("pods", namespace, name)
        if held is None:
            raise not_found("pods", name)
        pod = held.object
        status = {**pod.get("status", {})}
        status.pop("nominatedNodeName", None)
        conditions = [c for c in status.get("conditions") or () if c["type"] != "PodScheduled"]
        status["conditions"] = [*conditions, {"type": "PodScheduled", "status": "True"}]
        bound = {**pod, "spec": {**pod["spec"], "nodeName": node}, "status": status}
        self._put("pods", bound, origin, held)

    def _put(self, resource: str, obj: Object, origin: Origin, held: Any) -> Object:
        return self.store.put(
            resource, obj, origin, time_ms=self._clock.now_ms, expected=held
        ).object


@dataclass
class Context:
    """A ComponentContext."""

    clock: Clock
    agenda: Agenda
    randomness: Randomness
    informers: Informers
    client: Client
    recorder: Recorder
    is_instant: bool = True


class Bench:
    """A store with a scheduler, and hands to put objects in and look at what comes out."""

    def __init__(
        self,
        *,
        seed: int = 1,
        is_instant: bool = True,
        is_freezing: bool = True,
        store: Store | None = None,
    ) -> None:
        self.clock = Clock(START_MS)
        self.agenda = Agenda()
        self.randomness = Randomness(seed)
        self.store = store or Store(is_freezing=is_freezing)
        self.door = Door(self.store, self.clock, self.randomness)
        self.informers = Informers(self.store)
        client = Client(self.door, "system:kube-scheduler", "kube-scheduler")
        recorder = Recorder(client, self.clock, "default-scheduler")
        self.context = Context(
            self.clock,
            self.agenda,
            self.randomness,
            self.informers,
            client,
            recorder,
            is_instant,
        )
        self.scheduler = Scheduler(self.context)
        self._binder = Binder(self)
        self._origin = Origin("test")
        self.client = Client(self.door, "test", "test")

    def create(self, *objects: Object) -> None:
        """Store objects with the defaults that matter here."""
        for obj in objects:
            private = clone(obj)
            kind = private["kind"]
            if kind not in _CLUSTER_SCOPED:
                private["metadata"].setdefault("namespace", "default")
            _default(private, self.informers)
            self.client.create(_PLURALS[kind], private)

    def update(self, kind: str, name: str, namespace: str = "", **fields: Any) -> None:
        """Replace top-level fields of an object."""
        held = self.door.read(_PLURALS[kind], namespace, name)
        self.client.update(_PLURALS[kind], {**held, **fields})

    def delete(self, name: str, namespace: str = "default", grace_seconds: int | None = 0) -> None:
        """Delete a pod, at once unless told otherwise."""
        self.client.delete("pods", namespace, name, grace_seconds=grace_seconds)

    def settle(self, until_ms: int | None = None, wakes_max: int = 10_000) -> None:
        """Run what is due now, or until a moment."""
        end_ms = self.clock.now_ms if until_ms is None else until_ms
        for _ in range(wakes_max):
            entry = self.agenda.pop_due(end_ms)
            if entry is None:
                self.clock.move_to(end_ms)
                return
            self.clock.move_to(entry.due_ms)
            self.scheduler.wake(entry.message)
        raise AssertionError("the scheduler does not come to rest")

    def pod(self, name: str, namespace: str = "default") -> Object:
        """A pod as stored."""
        return self.door.read("pods", namespace, name)

    def place(self, name: str, namespace: str = "default") -> str | None:
        """The node of a pod."""
        node: str | None = self.pod(name, namespace)["spec"].get("nodeName")
        return node

    def condition(self, name: str, namespace: str = "default") -> Object:
        """The PodScheduled condition of a pod."""
        conditions = (self.pod(name, namespace).get("status") or {}).get("conditions") or ()
        return next((c for c in conditions if c["type"] == "PodScheduled"), {})

    def attempts(self, name: str, namespace: str = "default") -> list[Object]:
        """The explanation of a pod."""
        found: list[Object] = self.scheduler.explanation(namespace, name)["attempts"]
        return found

    def events(self, reason: str = "") -> list[Object]:
        """Events with that reason, or all."""
        return [
            record.object
            for record in self.store.records("events")
            if not reason or record.object["reason"] == reason
        ]


class Binder:
    """Binds claims and volumes to each other once one names the other, as the controller does."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        bench.informers.of("persistentvolumes").add_handler(self._note)
        bench.informers.of("persistentvolumeclaims").add_handler(self._note)
        self._is_busy = False

    def _note(self, change: Change) -> None:
        if self._is_busy or change.type == DELETED:
            return
        self._is_busy = True
        if change.resource == "persistentvolumes":
            reference = change.object["spec"].get("claimRef")
            if reference and reference.get("uid"):
                self._bind(change.name, reference["namespace"], reference["name"])
        elif change.object["spec"].get("volumeName"):
            self._bind(change.object["spec"]["volumeName"], change.namespace, change.name)
        self._is_busy = False

    def _bind(self, volume_name: str, namespace: str, claim_name: str) -> None:
        bench = self._bench
        if bench.store.get("persistentvolumes", "", volume_name) is None:
            return
        volume = bench.door.read("persistentvolumes", "", volume_name)
        claim = bench.door.read("persistentvolumeclaims", namespace, claim_name)
        annotations = claim["metadata"].get("annotations") or {}
        if "pv.kubernetes.io/bind-completed" in annotations:
            return
        marked = {**annotations, "pv.kubernetes.io/bind-completed": "yes"}
        bound = with_metadata(claim, annotations=marked)
        bound = {**bound, "spec": {**claim["spec"], "volumeName": volume_name}}
        bench.client.update("persistentvolumeclaims", {**bound, "status": {"phase": "Bound"}})
        if not volume["spec"].get("claimRef"):
            metadata = claim["metadata"]
            reference = {
                "name": claim_name,
                "namespace": namespace,
                "uid": metadata["uid"],
            }
            spec = {**volume["spec"], "claimRef": reference}
            bench.client.update(
                "persistentvolumes", {**volume, "spec": spec, "status": {"phase": "Bound"}}
            )


def _default(obj: Object, informers: Informers) -> None:
    if obj["kind"] == "Pod":
        _default_pod(obj, informers)
    elif obj["kind"] == "StorageClass":
        obj.setdefault("volumeBindingMode", "Immediate")
    elif obj["kind"] == "PersistentVolume":
        obj.setdefault("status", {"phase": "Available"})
    elif obj["kind"] == "PodDisruptionBudget":
        obj.setdefault("status", {"disruptionsAllowed": 0})
    elif obj["kind"] == "Namespace":
        labels = obj["metadata"].setdefault("labels", {})
        labels.setdefault("kubernetes.io/metadata.name", obj["metadata"]["name"])


def _default_pod(pod: Object, informers: Informers) -> None:
    spec = pod["spec"]
    pod.setdefault("status", {"phase": "Pending"})
    spec.setdefault("priority", 0)
    if spec.get("priorityClassName"):
        classes = informers.of("priorityclasses.scheduling.k8s.io")
        found = classes.get("", spec["priorityClassName"])
        if found is not None:
            spec["priority"] = found["value"]
            if found.get("preemptionPolicy"):
                spec["preemptionPolicy"] = found["preemptionPolicy"]
    if spec.get("runtimeClassName"):
        found = informers.of("runtimeclasses.node.k8s.io").get("", spec["runtimeClassName"])
        if found is not None and found.get("overhead"):
            spec["overhead"] = found["overhead"]["podFixed"]
    for container in (*spec["containers"], *(spec.get("initContainers") or ())):
        resources = container.get("resources") or {}
        if resources.get("limits"):
            container["resources"]["requests"] = {
                **resources["limits"],
                **(resources.get("requests") or {}),
            }
