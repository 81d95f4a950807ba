"""Protection: a claim stays while a pod uses it, a volume while it is bound.

Admission adds the finalizers; these take them away when nothing stands against it.

Models: k8s.io/kubernetes/pkg/controller/volume/{pvcprotection,pvprotection} (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from cluster_engine.apimachinery.objects import Object, split_key, with_metadata
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.store.changes import Change

CLAIM_FINALIZER = "kubernetes.io/pvc-protection"
VOLUME_FINALIZER = "kubernetes.io/pv-protection"


class ClaimProtection(Reconciler):
    """Lets claims go that no pod uses any more."""

    name = "pvc-protection-controller"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._claims = context.informers.of("persistentvolumeclaims")
        self._pods = context.informers.of("pods")
        self._pods.add_index("claim", claims_of)
        self._claims.add_handler(self.enqueue_change)
        self._pods.add_handler(self._note_pod)

    def reconcile(self, key: str) -> None:
        """Take the finalizer from a claim that is to go and is not in use."""
        claim = self._claims.get(*split_key(key))
        if claim is None or "deletionTimestamp" not in claim["metadata"]:
            return
        if not any(_is_using(pod) for pod in self._pods.by_index("claim", key)):
            _release(self, "persistentvolumeclaims", claim, CLAIM_FINALIZER)

    def _note_pod(self, change: Change) -> None:
        for key in claims_of(change.object):
            self.enqueue(key, change.revision)


class VolumeProtection(Reconciler):
    """Lets volumes go that are not bound."""

    name = "pv-protection-controller"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._volumes = context.informers.of("persistentvolumes")
        self._volumes.add_handler(self.enqueue_change)

    def reconcile(self, key: str) -> None:
        """Take the finalizer from a volume that is to go and is not bound."""
        volume = self._volumes.get("", key)
        if volume is None or "deletionTimestamp" not in volume["metadata"]:
            return
        if volume.get("status", {}).get("phase") != "Bound":
            _release(self, "persistentvolumes", volume, VOLUME_FINALIZER)


def claims_of(pod: Object) -> Iterable[str]:
    """Index function: the claims that a pod mounts, as namespace/name."""
    namespace = pod["metadata"]["namespace"]
    for volume in pod["spec"].get("volumes") or ():
        claim = volume.get("persistentVolumeClaim")
        if claim:
            yield f"{namespace}/{claim['claimName']}"


def _is_using(pod: Object) -> bool:
    """A pod on a node uses its claims until it has finished; one without a node not yet."""
    is_over = pod.get("status", {}).get("phase") in ("Succeeded", "Failed")
    return bool(pod["spec"].get("nodeName")) and not is_over


def _release(controller: Reconciler, resource: str, obj: Object, finalizer: str) -> None:
    held = obj["metadata"].get("finalizers") or []
    if finalizer in held:
        rest = [item for item in held if item != finalizer]
        controller.client.update(resource, with_metadata(obj, finalizers=rest or None))
