"""No disk twice where that does harm; a ReadWriteOncePod claim for one pod only.

Models: pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.events import (
    ADD,
    ASSIGNED_POD,
    DELETE,
    NODE,
    PERSISTENT_VOLUME_CLAIM,
)
from cluster_engine.scheduler.framework import (
    Cycle,
    FilterPlugin,
    Interest,
    Movable,
    PreFilterPlugin,
)
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.statuses import SKIP, Status, unresolvable, unschedulable
from cluster_engine.scheduler.volumes import REASON_CLAIM_NOT_FOUND

REASON_DISK = "node(s) had no available disk"
REASON_ONE_POD = (
    "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode "
    "already in-use by another pod"
)
_NO_DISK = unschedulable(REASON_DISK)
_IN_USE = unschedulable(REASON_ONE_POD)
_DISKS = ("gcePersistentDisk", "awsElasticBlockStore", "rbd", "iscsi")


class _Claims(Movable):
    """The pod's ReadWriteOncePod claims, and how many uses of them are in the way."""

    __slots__ = ("names", "uses")

    def __init__(self, names: frozenset[str], uses: int) -> None:
        self.names = names
        self.uses = uses

    def __copy__(self) -> _Claims:
        return _Claims(self.names, self.uses)


def _after_pod_deleted(_: object, pod: PodInfo, old: Object | None, _new: Object | None) -> bool:
    if old is None or old["metadata"].get("namespace", "") != pod.namespace:
        return False
    volumes = old["spec"].get("volumes") or ()
    if any(_conflicts(volume, volumes) for volume in pod.volumes):
        return True
    theirs = {(v.get("persistentVolumeClaim") or {}).get("claimName") for v in volumes}
    return any(name in theirs for name in pod.claims())


def _after_claim_added(_: object, pod: PodInfo, _old: Object | None, new: Object | None) -> bool:
    if new is None or new["metadata"].get("namespace", "") != pod.namespace:
        return False
    return new["metadata"]["name"] in pod.claims()


class VolumeRestrictions(PreFilterPlugin, FilterPlugin):
    name = "VolumeRestrictions"
    has_extensions = True
    events = (
        Interest(ASSIGNED_POD, DELETE, _after_pod_deleted),
        Interest(NODE, ADD),
        Interest(PERSISTENT_VOLUME_CLAIM, ADD, _after_claim_added),
    )

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        pod = cycle.pod
        if not pod.volumes:
            return SKIP
        names = set()
        for name in pod.claims():
            claim = self.handle.get("persistentvolumeclaims", pod.namespace, name)
            if claim is None:
                return unresolvable(REASON_CLAIM_NOT_FOUND.format(name=name))
            if "ReadWriteOncePod" in (claim["spec"].get("accessModes") or ()):
                names.add(name)
        uses = sum(1 for name in names if _is_used(cycle, name))
        has_disk = any(disk in volume for volume in pod.volumes for disk in _DISKS)
        if not has_disk and not uses:
            return SKIP
        cycle.notes[self.name] = _Claims(frozenset(names), uses)
        return None

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        for volume in cycle.pod.volumes:
            if any(_conflicts(volume, other.volumes) for other in node.pods.values()):
                return _NO_DISK
        noted: _Claims = cycle.notes[self.name]
        return _IN_USE if noted.uses > 0 else None

    def add_pod(self, cycle: Cycle, info: PodInfo, node: NodeState) -> None:
        noted: _Claims = cycle.notes[self.name]
        noted.uses += sum(1 for name in info.claims() if name in noted.names)

    def remove_pod(self, cycle: Cycle, info: PodInfo, node: NodeState) -> None:
        noted: _Claims = cycle.notes[self.name]
        noted.uses -= sum(1 for name in info.claims() if name in noted.names)


def _is_used(cycle: Cycle, claim: str) -> bool:
    return any(
        info.namespace == cycle.pod.namespace and claim in info.claims()
        for node in cycle.table.nodes
        for info in node.pods.values()
    )


def _conflicts(volume: Object, others: Iterable[Object]) -> bool:
    """Whether one of the other pod's volumes is the same disk, in a way that does harm."""
    for kind in _DISKS:
        mine = volume.get(kind)
        if mine is None:
            continue
        for other in others:
            theirs = other.get(kind)
            if theirs is not None and _is_same(kind, mine, theirs):
                are_read_only = mine.get("readOnly") and theirs.get("readOnly")
                if kind == "awsElasticBlockStore" or not are_read_only:
                    return True
    return False


def _is_same(kind: str, mine: Object, theirs: Object) -> bool:
    if kind == "gcePersistentDisk":
        return bool(mine.get("pdName") == theirs.get("pdName"))
    if kind == "awsElasticBlockStore":
        return bool(mine.get("volumeID") == theirs.get("volumeID"))
    if kind == "iscsi":
        return bool(mine.get("iqn") == theirs.get("iqn"))
    monitors = set(mine.get("monitors") or ()) & set(theirs.get("monitors") or ())
    pools = (mine.get("pool") or "rbd", theirs.get("pool") or "rbd")
    return bool(monitors) and pools[0] == pools[1] and mine.get("image") == theirs.get("image")
