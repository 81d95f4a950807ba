"""The binder: a claim and a volume find each other, and part when the claim goes.

Keys are `claim <namespace> <name>` and `volume <name>`. Provisioning is left to whoever the class
names; nobody in this cluster provisions, so such a claim waits and says for whom.

Models: k8s.io/kubernetes/pkg/controller/volume/persistentvolume (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object, with_metadata, with_status
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.controllers.volumes import matching
from cluster_engine.controllers.volumes.matching import annotations_of
from cluster_engine.store.changes import Change

_VOLUMES, _CLAIMS = "persistentvolumes", "persistentvolumeclaims"
_NO_PROVISIONER = "kubernetes.io/no-provisioner"
_LOST = "Bound claim has lost its PersistentVolume. Data on the volume is lost!"
_NO_VOLUME = "no persistent volumes available for this claim and no storage class is set"
_WAIT = "waiting for first consumer to be created before binding"
_EXTERNAL = (
    "Waiting for a volume to be created either by the external provisioner '{}' or manually by the "
    "system administrator. If volume creation is delayed, please verify that the provisioner is "
    "running and correctly registered."
)


class PersistentVolumeBinder(Reconciler):
    """Reconciles claims and volumes."""

    name = "persistent-volume-binder"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._claims = context.informers.of(_CLAIMS)
        self._volumes = context.informers.of(_VOLUMES)
        self._classes = context.informers.of("storageclasses.storage.k8s.io")
        self._claims.add_handler(self._note_claim)
        self._volumes.add_handler(self._note_volume)

    def reconcile(self, key: str) -> None:
        """Bring one claim or one volume further."""
        kind, *names = key.split(" ")
        if kind == "volume":
            volume = self._volumes.get("", names[0])
            if volume is not None:
                self._sync_volume(volume)
            return
        claim = self._claims.get(names[0], names[1])
        if claim is None or "deletionTimestamp" in claim["metadata"]:
            return
        if matching.BIND_COMPLETED in annotations_of(claim):
            self._sync_bound(claim)
        elif claim["spec"].get("volumeName"):
            self._sync_named(claim)
        else:
            self._sync_unbound(claim)

    # Claims

    def _sync_unbound(self, claim: Object) -> None:
        volumes = self._volumes.list()
        mine = next((item for item in volumes if matching.is_claimed_by(item, claim)), None)
        class_ = self._class_of(claim)
        is_late = class_ is not None and (
            class_.get("volumeBindingMode") == matching.WAIT_FOR_CONSUMER
        )
        if mine is None and is_late and matching.SELECTED_NODE not in annotations_of(claim):
            self._say(claim, "WaitForFirstConsumer", _WAIT)
            return
        volume = mine if mine is not None or is_late else matching.best_match(claim, volumes)
        if volume is not None:
            self._bind(volume, claim)
            return
        provisioner = class_.get("provisioner", _NO_PROVISIONER) if class_ else _NO_PROVISIONER
        if provisioner == _NO_PROVISIONER:
            self._say(claim, "FailedBinding", _NO_VOLUME)
        else:
            self._say(claim, "ExternalProvisioning", _EXTERNAL.format(provisioner))

    def _sync_named(self, claim: Object) -> None:
        name = claim["spec"]["volumeName"]
        volume = self._volumes.get("", name)
        if volume is None:
            return
        if not volume["spec"].get("claimRef") or matching.is_claimed_by(volume, claim):
            self._bind(volume, claim)
        else:
            text = f'volume "{name}" already bound to a different claim.'
            self.recorder.event(claim, "Warning", "FailedBinding", text)

    def _sync_bound(self, claim: Object) -> None:
        volume = self._volumes.get("", claim["spec"].get("volumeName", ""))
        if volume is not None and matching.is_claimed_by(volume, claim):
            self._bind(volume, claim)
        elif claim.get("status", {}).get("phase") != "Lost":
            self.client.update_status(_CLAIMS, with_status(claim, {"phase": "Lost"}))
            self.recorder.event(claim, "Warning", "ClaimLost", _LOST)

    def _class_of(self, claim: Object) -> Object | None:
        return self._classes.get("", claim["spec"].get("storageClassName") or "")

    def _say(self, claim: Object, reason: str, message: str) -> None:
        self.recorder.event(claim, "Normal", reason, message)

    # Binding

    def _bind(self, volume: Object, claim: Object) -> None:
        """Both sides name each other, then both say Bound; what is right already stays."""
        volume = self._claim_volume(volume, claim)
        if volume.get("status", {}).get("phase") != "Bound":
            status = {**volume.get("status", {}), "phase": "Bound"}
            self.client.update_status(_VOLUMES, with_status(volume, status))
        name = volume["metadata"]["name"]
        held = annotations_of(claim)
        if claim["spec"].get("volumeName") != name or matching.BIND_COMPLETED not in held:
            marks = {matching.BIND_COMPLETED: "yes"}
            if not claim["spec"].get("volumeName"):
                marks[matching.BOUND_BY_CONTROLLER] = "yes"
            named = {**claim, "spec": {**claim["spec"], "volumeName": name}}
            claim = self.client.update(_CLAIMS, with_metadata(named, annotations={**held, **marks}))
        status = {
            "phase": "Bound",
            "accessModes": volume["spec"].get("accessModes") or [],
            "capacity": volume["spec"].get("capacity") or {},
        }
        if claim.get("status") != status:
            self.client.update_status(_CLAIMS, with_status(claim, status))

    def _claim_volume(self, volume: Object, claim: Object) -> Object:
        metadata = claim["metadata"]
        reference = volume["spec"].get("claimRef") or {}
        if reference.get("uid") == metadata["uid"]:
            return volume
        wanted = {
            "kind": "PersistentVolumeClaim",
            "namespace": metadata["namespace"],
            "name": metadata["name"],
            "uid": metadata["uid"],
            "apiVersion": "v1",
            "resourceVersion": metadata["resourceVersion"],
        }
        claimed = {**volume, "spec": {**volume["spec"], "claimRef": wanted}}
        if not reference:
            marks = {**annotations_of(volume), matching.BOUND_BY_CONTROLLER: "yes"}
            claimed = with_metadata(claimed, annotations=marks)
        return self.client.update(_VOLUMES, claimed)

    # Volumes

    def _sync_volume(self, volume: Object) -> None:
        reference = volume["spec"].get("claimRef")
        if not reference or not reference.get("uid"):
            self._set_phase(volume, "Available")
            return
        claim = self._claims.get(reference["namespace"], reference["name"])
        if claim is not None and claim["metadata"]["uid"] == reference["uid"]:
            self.enqueue(_claim_key(claim))
            return
        self._set_phase(volume, "Released")
        if volume["spec"].get("persistentVolumeReclaimPolicy") == "Delete":
            self.client.delete(_VOLUMES, "", volume["metadata"]["name"])

    def _set_phase(self, volume: Object, phase: str) -> None:
        status = volume.get("status", {})
        if status.get("phase") != phase:
            self.client.update_status(_VOLUMES, with_status(volume, {**status, "phase": phase}))

    # Handlers

    def _note_claim(self, change: Change) -> None:
        self.enqueue(_claim_key(change.object), change.revision)
        volume = change.object["spec"].get("volumeName")
        if volume:
            self.enqueue(f"volume {volume}", change.revision)

    def _note_volume(self, change: Change) -> None:
        self.enqueue(f"volume {change.name}", change.revision)
        reference = change.object["spec"].get("claimRef")
        if reference:
            key = f"claim {reference['namespace']} {reference['name']}"
            self.enqueue(key, change.revision)
        elif change.type != "DELETED":
            for claim in self._claims.list():
                if not claim["spec"].get("volumeName"):
                    self.enqueue(_claim_key(claim), change.revision)


def _claim_key(claim: Object) -> str:
    metadata = claim["metadata"]
    return f"claim {metadata['namespace']} {metadata['name']}"
