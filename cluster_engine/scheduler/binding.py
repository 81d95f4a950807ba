"""Between choosing a node and binding the pod: claiming its volumes and waiting for them.

Models: pkg/scheduler/framework/plugins/volumebinding/binder.go, BindPodVolumes (v1.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object, with_metadata
from cluster_engine.client.client import Client
from cluster_engine.client.informer import Informers
from cluster_engine.scheduler.framework import Binding
from cluster_engine.scheduler.volumes import (
    BOUND_BY_CONTROLLER,
    SELECTED_NODE,
    allows_node,
    annotations_of,
    is_bound_to,
    is_fully_bound,
)

TIMEOUT_MS = 600_000
#: Upstream looks once a second whether the volumes are there.
POLL_MS = 1_000
TIMED_OUT = "context deadline exceeded"


@dataclass(slots=True)
class VolumeWait:
    """A pod whose node is chosen and whose volumes are being bound."""

    namespace: str
    name: str
    uid: str
    node: str
    binding: Binding
    started_ms: int
    cause: int
    attempts: int
    #: Whether a look is planned besides the one at the timeout.
    is_polled: bool = False

    def concerns(self, resource: str, namespace: str, name: str) -> bool:
        """Whether a change of that volume or claim may end the wait."""
        if resource == "persistentvolumes":
            return bool(self.binding.provisions) or any(
                volume == name for volume, _, _ in self.binding.volumes
            )
        claims = {(ns, claim) for _, ns, claim in self.binding.volumes}
        return (namespace, name) in claims or (namespace, name) in self.binding.provisions

    def next_look_ms(self, now_ms: int, is_instant: bool) -> int:
        """When to look next."""
        if is_instant:
            return now_ms
        waited = max(now_ms - self.started_ms, 1)
        return self.started_ms + -(-waited // POLL_MS) * POLL_MS


class _Missing(Exception):
    """An object that should be there is not."""


def claim_volumes(client: Client, informers: Informers, wait: VolumeWait) -> None:
    """Bind volumes to their claims and ask for those to be provisioned. May raise ApiError."""
    for volume_name, namespace, claim_name in wait.binding.volumes:
        volume = _get(informers, "persistentvolumes", "", volume_name)
        claim = _get(informers, "persistentvolumeclaims", namespace, claim_name)
        bound = _bound(volume, claim)
        if bound is not volume:
            client.update("persistentvolumes", bound)
    for namespace, claim_name in wait.binding.provisions:
        claim = _get(informers, "persistentvolumeclaims", namespace, claim_name)
        marked = {**annotations_of(claim), SELECTED_NODE: wait.node}
        client.update("persistentvolumeclaims", with_metadata(claim, annotations=marked))


def look(informers: Informers, wait: VolumeWait) -> str | None:
    """What has become of the wait: "" all is bound, a text what went wrong, None still waiting."""
    node = informers.of("nodes").get("", wait.node)
    if node is None:
        return f'failed to get node "{wait.node}": node "{wait.node}" not found'
    labels = node["metadata"].get("labels") or {}
    is_done = True
    try:
        for volume_name, namespace, claim_name in wait.binding.volumes:
            volume = _get(informers, "persistentvolumes", "", volume_name)
            claim = _get(informers, "persistentvolumeclaims", namespace, claim_name)
            if not allows_node(volume, labels):
                return _wrong_node(volume_name, wait.node)
            if not (volume["spec"].get("claimRef") or {}).get("uid"):
                return f'ClaimRef got reset for pv "{volume_name}"'
            is_done = is_done and is_fully_bound(claim)
        for namespace, claim_name in wait.binding.provisions:
            claim = _get(informers, "persistentvolumeclaims", namespace, claim_name)
            if annotations_of(claim).get(SELECTED_NODE) != wait.node:
                return f'provisioning failed for PVC "{claim_name}"'
            volume_name = claim["spec"].get("volumeName")
            held = informers.of("persistentvolumes").get("", volume_name) if volume_name else None
            if held is not None and not allows_node(held, labels):
                return _wrong_node(str(volume_name), wait.node)
            is_done = is_done and held is not None and is_fully_bound(claim)
    except _Missing as missing:
        return f"failed to check binding: {missing}"
    return "" if is_done else None


def _wrong_node(volume: str, node: str) -> str:
    reason = "no matching NodeSelectorTerms"
    return f'pv "{volume}" node affinity doesn\'t match node "{node}": {reason}'


def _get(informers: Informers, resource: str, namespace: str, name: str) -> Object:
    found = informers.of(resource).get(namespace, name)
    if found is None:
        key = f"{namespace}/{name}" if namespace else name
        raise _Missing(f'could not find {resource[:-1]} "{key}"')
    return found


def _bound(volume: Object, claim: Object) -> Object:
    """The volume with its claim filled in; the same object when it is already."""
    metadata = claim["metadata"]
    reference = volume["spec"].get("claimRef") or {}
    was_bound = is_bound_to(volume, claim)
    if was_bound and reference.get("uid") == metadata["uid"]:
        return volume
    wanted = {
        "kind": "PersistentVolumeClaim",
        "namespace": metadata["namespace"],
        "name": metadata["name"],
        "uid": metadata["uid"],
        "apiVersion": "v1",
        "resourceVersion": metadata.get("resourceVersion", ""),
    }
    bound: Object = {**volume, "spec": {**volume["spec"], "claimRef": wanted}}
    if was_bound:
        return bound
    return with_metadata(bound, annotations={**annotations_of(volume), BOUND_BY_CONTROLLER: "yes"})
