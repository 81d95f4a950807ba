"""Only nodes from which the pod's volumes can be reached, or where they can be made.

The filter finds a volume for each claim that waits for its first consumer; before the pod is bound
those are claimed, and what must be provisioned is asked for.

Models: pkg/scheduler/framework/plugins/volumebinding (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import bytes_of
from cluster_engine.apimachinery.selectors import SelectorError, from_label_selector
from cluster_engine.scheduler.counters import IntRow
from cluster_engine.scheduler.events import (
    ADD,
    CSI_DRIVER,
    CSI_NODE,
    CSI_STORAGE_CAPACITY,
    NODE,
    NODE_LABEL,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    STORAGE_CLASS,
    UPDATE,
)
from cluster_engine.scheduler.framework import (
    SCORE_MAX,
    Binding,
    Cycle,
    FilterPlugin,
    Interest,
    PreBindPlugin,
    PreFilterPlugin,
    PreScorePlugin,
    ScorePlugin,
    Scores,
)
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.statuses import SKIP, Code, Status, error, unresolvable
from cluster_engine.scheduler.volumes import (
    NO_PROVISIONER,
    REASON_CLAIM_NOT_FOUND,
    SELECTED_NODE,
    WAIT_FOR_FIRST_CONSUMER,
    allows_node,
    annotations_of,
    claim_bytes,
    claim_class,
    claim_uses,
    find_volume,
    is_fully_bound,
    matches_topologies,
    not_owned_text,
    volume_bytes,
    volume_class,
)

REASON_UNBOUND = "pod has unbound immediate PersistentVolumeClaims"
REASON_NO_VOLUME = "node(s) didn't find available persistent volumes to bind"
REASON_NOT_NEAR = "node(s) didn't match PersistentVolume's node affinity"
REASON_NO_SPACE = "node(s) did not have enough free storage"
REASON_VOLUME_GONE = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"
REASON_EPHEMERAL = (
    'waiting for ephemeral volume controller to create the persistentvolumeclaim "{name}"'
)
REASON_LOST = 'persistentvolumeclaim "{name}" bound to non-existent persistentvolume "{volume}"'
REASON_DELETED = 'persistentvolumeclaim "{name}" is being deleted'


@dataclass(slots=True)
class Found:
    """What a node would have: a volume per claim, and claims to provision with the capacity."""

    bindings: list[tuple[Object, Object]] = field(default_factory=list)
    provisions: list[tuple[Object, Object | None]] = field(default_factory=list)


@dataclass(slots=True)
class _Claims:
    bound: list[Object] = field(default_factory=list)
    waiting: list[Object] = field(default_factory=list)
    volumes: dict[str, list[Object]] = field(default_factory=dict)
    by_node: dict[str, Found] = field(default_factory=dict)


def _after_claim(_: object, pod: PodInfo, _old: Object | None, new: Object | None) -> bool:
    if new is None or new["metadata"].get("namespace", "") != pod.namespace:
        return False
    return any(use.name == new["metadata"]["name"] for use in claim_uses(pod))


def _after_class(_: object, _pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    topologies = "allowedTopologies"
    return old is None or new is None or old.get(topologies) != new.get(topologies)


def _after_csi_node(_: object, _pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    key = "storage.alpha.kubernetes.io/migrated-plugins"
    if old is None or new is None:
        return True
    return annotations_of(old).get(key) != annotations_of(new).get(key)


def _after_driver(_: object, pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    if old is None or new is None:
        return False
    name = new["metadata"]["name"]
    uses = any((v.get("csi") or {}).get("driver") == name for v in pod.volumes)
    was, is_now = (bool(driver["spec"].get("storageCapacity")) for driver in (old, new))
    return uses and was and not is_now


def _after_capacity(_: object, _pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    if old is None or new is None:
        return True
    before, after = _volume_limit(old), _volume_limit(new)
    return after is not None and (before is None or after > before)


class VolumeBinding(PreFilterPlugin, FilterPlugin, PreScorePlugin, ScorePlugin, PreBindPlugin):
    name = "VolumeBinding"
    events = (
        Interest(STORAGE_CLASS, ADD | UPDATE, _after_class),
        Interest(PERSISTENT_VOLUME_CLAIM, ADD | UPDATE, _after_claim),
        Interest(PERSISTENT_VOLUME, ADD | UPDATE),
        Interest(NODE, ADD | NODE_LABEL),
        Interest(CSI_NODE, ADD | UPDATE, _after_csi_node),
        Interest(CSI_DRIVER, UPDATE, _after_driver),
        Interest(CSI_STORAGE_CAPACITY, ADD | UPDATE, _after_capacity),
    )

    # --- filter ----------------------------------------------------------------------------

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        claims: list[Object] = []
        for use in claim_uses(cycle.pod):
            claim = self.handle.get("persistentvolumeclaims", cycle.pod.namespace, use.name)
            wrong = _wrong(cycle.pod, claim, use.name, use.is_ephemeral)
            if wrong or claim is None:
                return unresolvable(wrong)
            claims.append(claim)
        if not claims:
            return SKIP
        noted = _Claims()
        for claim in claims:
            if is_fully_bound(claim):
                noted.bound.append(claim)
            elif self._is_delayed(claim) and not claim["spec"].get("volumeName"):
                noted.waiting.append(claim)
            else:
                return unresolvable(REASON_UNBOUND)
        for class_name in dict.fromkeys(claim_class(claim) for claim in noted.waiting):
            noted.volumes[class_name] = [
                volume
                for volume in self.handle.list("persistentvolumes")
                if volume_class(volume) == class_name
            ]
        cycle.notes[self.name] = noted
        return None

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        noted: _Claims = cycle.notes[self.name]
        reasons = self._check_bound(noted, node.labels)
        found = Found()
        if noted.waiting:
            status = self._find(noted, node, found)
            if status is not None and status.code == Code.ERROR:
                return status
            reasons += status.reasons if status is not None else ()
        if reasons:
            order = (REASON_NOT_NEAR, REASON_NO_VOLUME, REASON_NO_SPACE, REASON_VOLUME_GONE)
            return unresolvable(*sorted(reasons, key=order.index))
        noted.by_node[node.name] = found
        return None

    def _is_delayed(self, claim: Object) -> bool:
        storage_class = self._class(claim_class(claim))
        return (storage_class or {}).get("volumeBindingMode") == WAIT_FOR_FIRST_CONSUMER

    def _class(self, name: str) -> Object | None:
        return self.handle.get("storageclasses.storage.k8s.io", "", name) if name else None

    def _check_bound(self, noted: _Claims, labels: Mapping[str, str]) -> tuple[str, ...]:
        for claim in noted.bound:
            volume = self.handle.get("persistentvolumes", "", claim["spec"]["volumeName"])
            if volume is None:
                return (REASON_VOLUME_GONE,)
            if not allows_node(volume, labels):
                return (REASON_NOT_NEAR,)
        return ()

    def _find(self, noted: _Claims, node: NodeState, found: Found) -> Status | None:
        to_provision: list[Object] = []
        to_match: list[Object] = []
        for claim in noted.waiting:
            selected = annotations_of(claim).get(SELECTED_NODE)
            if selected is None:
                to_match.append(claim)
            elif selected == node.name:
                to_provision.append(claim)
            else:
                return unresolvable(REASON_NO_VOLUME)
        taken: set[str] = set()
        for claim in sorted(to_match, key=lambda c: claim_bytes(c) or 0):
            volumes = noted.volumes[claim_class(claim)]
            volume = find_volume(claim, volumes, node.labels, taken)
            if volume is None:
                to_provision.append(claim)
            else:
                taken.add(volume["metadata"]["name"])
                found.bindings.append((volume, claim))
        for claim in to_provision:
            status = self._provision(claim, node, found)
            if status is not None:
                return status
        return None

    def _provision(self, claim: Object, node: NodeState, found: Found) -> Status | None:
        class_name = claim_class(claim)
        storage_class = self._class(class_name)
        if storage_class is None:
            return error(f'failed to find storage class "{class_name}"')
        if storage_class.get("provisioner") in (None, "", NO_PROVISIONER):
            return unresolvable(REASON_NO_VOLUME)
        if not matches_topologies(storage_class.get("allowedTopologies"), node.labels):
            return unresolvable(REASON_NO_VOLUME)
        is_enough, capacity = self._capacity(claim, storage_class, node.labels)
        if not is_enough:
            return unresolvable(REASON_NO_SPACE)
        found.provisions.append((claim, capacity))
        return None

    def _capacity(
        self, claim: Object, storage_class: Object, labels: Mapping[str, str]
    ) -> tuple[bool, Object | None]:
        """Whether the driver has room near that node, and where."""
        asked = claim_bytes(claim)
        driver = self.handle.get("csidrivers.storage.k8s.io", "", storage_class["provisioner"])
        if asked is None or driver is None or not driver["spec"].get("storageCapacity"):
            return True, None
        for capacity in self.handle.list("csistoragecapacities.storage.k8s.io"):
            if capacity.get("storageClassName") != storage_class["metadata"]["name"]:
                continue
            limit = _volume_limit(capacity)
            if limit is not None and limit >= asked and _reaches(capacity, labels):
                return True, capacity
        return False, None

    # --- score -----------------------------------------------------------------------------

    def pre_score(self, cycle: Cycle, rows: IntRow) -> Status | None:
        return None

    def score(self, cycle: Cycle, rows: IntRow) -> Scores:
        noted: _Claims | None = cycle.notes.get(self.name)
        if noted is None or not noted.waiting:
            return 0
        names = cycle.table.names
        return np.array([_fullness(noted.by_node.get(names[row])) for row in rows], np.int64)

    # --- bind ------------------------------------------------------------------------------

    def pre_bind(self, cycle: Cycle, node: NodeState) -> Binding | None:
        noted: _Claims | None = cycle.notes.get(self.name)
        found = None if noted is None else noted.by_node.get(node.name)
        if noted is None or found is None or not noted.waiting:
            return None
        return Binding(
            tuple(
                (volume["metadata"]["name"], _namespace(claim), claim["metadata"]["name"])
                for volume, claim in found.bindings
            ),
            tuple((_namespace(claim), claim["metadata"]["name"]) for claim, _ in found.provisions),
        )


def _namespace(claim: Object) -> str:
    namespace: str = claim["metadata"].get("namespace", "")
    return namespace


def _wrong(pod: PodInfo, claim: Object | None, name: str, is_ephemeral: bool) -> str:
    """Why a claim cannot be used at all; empty when it can."""
    if claim is None:
        return (REASON_EPHEMERAL if is_ephemeral else REASON_CLAIM_NOT_FOUND).format(name=name)
    if (claim.get("status") or {}).get("phase") == "Lost":
        return REASON_LOST.format(name=name, volume=claim["spec"].get("volumeName") or "")
    if claim["metadata"].get("deletionTimestamp") is not None:
        return REASON_DELETED.format(name=name)
    return (not_owned_text(pod, claim) or "") if is_ephemeral else ""


def _volume_limit(capacity: Object) -> int | None:
    amount = capacity.get("maximumVolumeSize")
    if amount is None:
        amount = capacity.get("capacity")
    return None if amount is None else bytes_of(amount)


def _reaches(capacity: Object, labels: Mapping[str, str]) -> bool:
    topology = capacity.get("nodeTopology")
    try:
        return topology is not None and from_label_selector(topology).matches(labels)
    except SelectorError:
        return False


def _fullness(found: Found | None) -> int:
    """100 for volumes hardly used, 0 for full ones, averaged over classes."""
    if found is None:
        return 0
    totals: dict[str, tuple[int, int]] = {}
    if found.bindings:
        for volume, claim in found.bindings:
            asked, held = totals.get(volume_class(volume), (0, 0))
            totals[volume_class(volume)] = (
                asked + (claim_bytes(claim) or 0),
                held + volume_bytes(volume),
            )
    else:
        for claim, capacity in found.provisions:
            if capacity is not None:
                asked = totals.get(claim_class(claim), (0, 0))[0]
                held = bytes_of(capacity.get("capacity") or 0)
                totals[claim_class(claim)] = (asked + (claim_bytes(claim) or 0), held)
    if not totals:
        return 0
    scores = [
        0 if not held or asked > held else SCORE_MAX - asked * SCORE_MAX // held
        for asked, held in totals.values()
    ]
    return (2 * sum(scores) + len(scores)) // (2 * len(scores))
