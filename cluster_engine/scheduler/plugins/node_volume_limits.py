"""No more volumes of a driver on a node than its CSINode allows.

Models: pkg/scheduler/framework/plugins/nodevolumelimits/csi.go (v1.37.2), without the migration of
in-tree volumes.
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.events import (
    ADD,
    ASSIGNED_POD,
    CSI_NODE,
    DELETE,
    PERSISTENT_VOLUME_CLAIM,
    UPDATE,
    VOLUME_ATTACHMENT,
)
from cluster_engine.scheduler.framework import Cycle, FilterPlugin, Interest, PreFilterPlugin
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.statuses import SKIP, Status, error, unresolvable, unschedulable
from cluster_engine.scheduler.volumes import claim_class, claim_uses, not_owned_text

REASON = "node(s) exceed max volume count"
REASON_DRIVER = "{driver} CSI driver is not installed on the node"
REASON_CLAIM = 'looking up PVC {namespace}/{name}: persistentvolumeclaim "{name}" not found'
_REJECTED = unschedulable(REASON)


def _after_pod_deleted(_: object, _pod: PodInfo, old: Object | None, _new: Object | None) -> bool:
    if old is None:
        return False
    status = old.get("status") or {}
    if not old["spec"].get("nodeName") and not status.get("nominatedNodeName"):
        return False
    volumes = old["spec"].get("volumes") or ()
    return any("persistentVolumeClaim" in v or "ephemeral" in v for v in volumes)


def _after_claim_added(_: object, pod: PodInfo, _old: Object | None, new: Object | None) -> bool:
    if new is None or new["metadata"].get("namespace", "") != pod.namespace:
        return False
    return any(use.name == new["metadata"]["name"] for use in claim_uses(pod))


def _after_attachment(_: object, pod: PodInfo, _old: Object | None, _new: Object | None) -> bool:
    return bool(pod.claims())


def _after_csi_node(_: object, _pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    before, after = _limits(old), _limits(new)
    return any(limit > before.get(driver, 0) for driver, limit in after.items())


class NodeVolumeLimits(PreFilterPlugin, FilterPlugin):
    name = "NodeVolumeLimits"
    events = (
        Interest(CSI_NODE, ADD),
        Interest(CSI_NODE, UPDATE, _after_csi_node),
        Interest(ASSIGNED_POD, DELETE, _after_pod_deleted),
        Interest(PERSISTENT_VOLUME_CLAIM, ADD, _after_claim_added),
        Interest(VOLUME_ATTACHMENT, DELETE, _after_attachment),
    )

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        return None if any(True for _ in claim_uses(cycle.pod)) else SKIP

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        wanted = self._volumes(cycle.pod, is_new=True)
        if isinstance(wanted, Status):
            return wanted
        csi_node = self.handle.get("csinodes.storage.k8s.io", "", node.name)
        for driver in dict.fromkeys(wanted.values()):
            if not self._is_installed(driver, csi_node):
                return unschedulable(REASON_DRIVER.format(driver=driver))
        limits = _limits(csi_node)
        if not wanted or not limits:
            return None
        held: dict[str, str] = {}
        for info in node.pods.values():
            found = self._volumes(info, is_new=False)
            if isinstance(found, Status):
                return found
            held.update(found)
        attached = {**self._attached(node.name), **held}
        for driver, limit in limits.items():
            new = sum(1 for n, d in wanted.items() if d == driver and n not in held)
            if new and new + sum(1 for d in attached.values() if d == driver) > limit:
                return _REJECTED
        return None

    def _volumes(self, pod: PodInfo, *, is_new: bool) -> dict[str, str] | Status:
        """Driver by unique name of each volume that counts."""
        found: dict[str, str] = {}
        for use in claim_uses(pod):
            claim = self.handle.get("persistentvolumeclaims", pod.namespace, use.name)
            if claim is None:
                if is_new:
                    text = REASON_CLAIM.format(namespace=pod.namespace, name=use.name)
                    return unresolvable(text)
                continue
            wrong = not_owned_text(pod, claim) if use.is_ephemeral else None
            if wrong:
                return error(wrong)
            driver, handle = self._driver_of(claim)
            if driver and handle:
                found[f"{driver}/{handle}"] = driver
        return found

    def _driver_of(self, claim: Object) -> tuple[str, str]:
        volume_name = claim["spec"].get("volumeName")
        volume = self.handle.get("persistentvolumes", "", volume_name) if volume_name else None
        if volume is not None:
            source = volume["spec"].get("csi") or {}
            return source.get("driver", ""), source.get("volumeHandle", "")
        class_name = claim_class(claim)
        storage_class = self.handle.get("storageclasses.storage.k8s.io", "", class_name)
        if not class_name or storage_class is None:
            return "", ""
        metadata = claim["metadata"]
        unique = f"unbound-{metadata.get('namespace', '')}/{metadata['name']}"
        return storage_class.get("provisioner", ""), unique

    def _is_installed(self, driver: str, csi_node: Object | None) -> bool:
        found = self.handle.get("csidrivers.storage.k8s.io", "", driver)
        if found is None or not found["spec"].get("preventPodSchedulingIfMissing"):
            return True
        drivers = (csi_node or {}).get("spec", {}).get("drivers") or ()
        return any(held["name"] == driver for held in drivers)

    def _attached(self, node_name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for attachment in self.handle.list("volumeattachments.storage.k8s.io"):
            spec = attachment["spec"]
            volume_name = (spec.get("source") or {}).get("persistentVolumeName")
            if spec.get("nodeName") != node_name or not spec.get("attacher") or not volume_name:
                continue
            volume = self.handle.get("persistentvolumes", "", volume_name)
            source = ((volume or {}).get("spec") or {}).get("csi")
            if source:
                found[f"{spec['attacher']}/{source['volumeHandle']}"] = spec["attacher"]
        return found


def _limits(csi_node: Object | None) -> dict[str, int]:
    found = {}
    for driver in ((csi_node or {}).get("spec") or {}).get("drivers") or ():
        count = (driver.get("allocatable") or {}).get("count")
        if count is not None:
            found[driver["name"]] = count
    return found
