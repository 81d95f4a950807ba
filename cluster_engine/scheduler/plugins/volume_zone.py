"""Only nodes in the zone and region of the pod's volumes, as the labels of the volumes say.

Models: pkg/scheduler/framework/plugins/volumezone/volume_zone.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.events import (
    ADD,
    NODE,
    NODE_LABEL,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    STORAGE_CLASS,
    UPDATE,
)
from cluster_engine.scheduler.framework import Cycle, FilterPlugin, Interest, PreFilterPlugin
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.statuses import SKIP, Status, unresolvable
from cluster_engine.scheduler.topology import REGION, REGION_BETA, ZONE, ZONE_BETA
from cluster_engine.scheduler.volumes import (
    REASON_CLAIM_NOT_FOUND,
    WAIT_FOR_FIRST_CONSUMER,
    claim_class,
)

REASON = "node(s) had no available volume zone"
REASON_NO_CLASS = "PersistentVolumeClaim had no pv name and storageClass name"
REASON_NO_VOLUME = "PersistentVolume had no name"
REASON_NO_CLAIM_NAME = "PersistentVolumeClaim had no name"
REASON_CLASS_NOT_FOUND = 'storageclass.storage.k8s.io "{name}" not found'
REASON_VOLUME_NOT_FOUND = 'persistentvolume "{name}" not found'
_REJECTED = unresolvable(REASON)
_LABELS = {ZONE_BETA: ZONE, REGION_BETA: REGION, ZONE: ZONE, REGION: REGION}

_Topology = tuple[str, frozenset[str]]


def _after_claim(_: object, pod: PodInfo, _old: Object | None, new: Object | None) -> bool:
    if new is None or new["metadata"].get("namespace", "") != pod.namespace:
        return False
    return new["metadata"]["name"] in pod.claims()


def _after_class(_: object, _pod: PodInfo, _old: Object | None, new: Object | None) -> bool:
    return new is not None and new.get("volumeBindingMode") == WAIT_FOR_FIRST_CONSUMER


def _after_volume(_: object, _pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    return old is None or new is None or topologies(old) != topologies(new)


def topologies(volume: Object) -> list[_Topology]:
    """The zone and region labels of a volume, each with the values it allows."""
    labels = volume["metadata"].get("labels") or {}
    found = []
    for key in _LABELS:
        values = [value.strip() for value in labels.get(key, "").split("__")]
        if key in labels and all(values):
            found.append((key, frozenset(values)))
    return found


class VolumeZone(PreFilterPlugin, FilterPlugin):
    name = "VolumeZone"
    events = (
        Interest(STORAGE_CLASS, ADD, _after_class),
        Interest(NODE, ADD | NODE_LABEL),
        Interest(PERSISTENT_VOLUME_CLAIM, ADD | UPDATE, _after_claim),
        Interest(PERSISTENT_VOLUME, ADD | UPDATE, _after_volume),
    )

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        wanted: list[_Topology] = []
        for name in cycle.pod.claims():
            found = self._topologies_of(cycle.pod.namespace, name)
            if isinstance(found, Status):
                return found
            wanted += found
        if not wanted:
            return SKIP
        cycle.notes[self.name] = wanted
        return None

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        if not any(key in node.labels for key in _LABELS):
            return None
        for key, values in cycle.notes[self.name]:
            if node.labels.get(key, node.labels.get(_LABELS[key])) not in values:
                return _REJECTED
        return None

    def _topologies_of(self, namespace: str, claim_name: str) -> list[_Topology] | Status:
        if not claim_name:
            return unresolvable(REASON_NO_CLAIM_NAME)
        claim = self.handle.get("persistentvolumeclaims", namespace, claim_name)
        if claim is None:
            return unresolvable(REASON_CLAIM_NOT_FOUND.format(name=claim_name))
        volume_name = claim["spec"].get("volumeName")
        if not volume_name:
            return self._unbound(claim)
        volume = self.handle.get("persistentvolumes", "", volume_name)
        if volume is None:
            return unresolvable(REASON_VOLUME_NOT_FOUND.format(name=volume_name))
        return topologies(volume)

    def _unbound(self, claim: Object) -> list[_Topology] | Status:
        class_name = claim_class(claim)
        if not class_name:
            return unresolvable(REASON_NO_CLASS)
        storage_class = self.handle.get("storageclasses.storage.k8s.io", "", class_name)
        if storage_class is None:
            return unresolvable(REASON_CLASS_NOT_FOUND.format(name=class_name))
        if storage_class.get("volumeBindingMode") == WAIT_FOR_FIRST_CONSUMER:
            return []
        return unresolvable(REASON_NO_VOLUME)
