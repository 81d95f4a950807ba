"""Storage: objects in use are protected, claims get the default class, only some may grow.

Models: k8s.io/kubernetes/plugin/pkg/admission/storage (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import Quantity, parse_quantity
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.write import CREATE, UPDATE, Write

_CLASSES = "storageclasses.storage.k8s.io"
_DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
_DEFAULT_CLASS_BETA = "storageclass.beta.kubernetes.io/is-default-class"
_CLASS_BETA = "volume.beta.kubernetes.io/storage-class"
_FINALIZERS = {
    "persistentvolumes": "kubernetes.io/pv-protection",
    "persistentvolumeclaims": "kubernetes.io/pvc-protection",
    "volumeattributesclasses.storage.k8s.io": "kubernetes.io/vac-protection",
}


class DefaultStorageClass(Plugin):
    """Gives a claim that names no class the newest default class."""

    NAME = "DefaultStorageClass"
    OPERATIONS = (CREATE,)
    RESOURCES = ("persistentvolumeclaims",)

    def mutate(self, write: Write) -> None:
        annotations = (write.object.get("metadata") or {}).get("annotations") or {}
        spec = write.object.get("spec") or {}
        if spec.get("storageClassName") is not None or _CLASS_BETA in annotations:
            return
        name = self._default_class()
        if name:
            write.set_spec(storageClassName=name)

    def _default_class(self) -> str:
        marked = [r.object for r in self.core.store.records(_CLASSES) if _is_default(r.object)]
        if not marked:
            return ""
        # The newest counts; of equally new ones the first by name.
        marked.sort(key=lambda found: str(found["metadata"]["name"]))
        marked.sort(key=lambda found: str(found["metadata"]["creationTimestamp"]), reverse=True)
        name: str = marked[0]["metadata"]["name"]
        return name


class StorageObjectInUseProtection(Plugin):
    """Puts a finalizer on volumes and claims, so that they outlive their use."""

    NAME = "StorageObjectInUseProtection"
    OPERATIONS = (CREATE,)
    RESOURCES = tuple(_FINALIZERS)

    def mutate(self, write: Write) -> None:
        finalizer = _FINALIZERS[write.resource]
        metadata = write.object.get("metadata") or {}
        held = metadata.get("finalizers") or []
        if finalizer not in held:
            metadata = {**metadata, "finalizers": [*held, finalizer]}
            write.object = {**write.object, "metadata": metadata}


class PersistentVolumeClaimResize(Plugin):
    """Lets a claim grow only when it is bound and its class allows it."""

    NAME = "PersistentVolumeClaimResize"
    OPERATIONS = (UPDATE,)
    RESOURCES = ("persistentvolumeclaims",)

    def validate(self, write: Write) -> None:
        old = write.old or {}
        if _size(write.object) <= _size(old):
            return
        if (old.get("status") or {}).get("phase") != "Bound":
            raise refuse(write, "Only bound persistent volume claims can be expanded")
        if not self._is_expandable(write.object, old):
            text = (
                "only dynamically provisioned pvc can be resized and the storageclass that "
                "provisions the pvc must support resize"
            )
            raise refuse(write, text)

    def _is_expandable(self, new: Object, old: Object) -> bool:
        name = new["spec"].get("storageClassName")
        if not name or name != old["spec"].get("storageClassName"):
            return False
        record = self.core.store.get(_CLASSES, "", name)
        return record is not None and bool(record.object.get("allowVolumeExpansion"))


def _is_default(found: Object) -> bool:
    annotations = found["metadata"].get("annotations") or {}
    return "true" in (annotations.get(_DEFAULT_CLASS), annotations.get(_DEFAULT_CLASS_BETA))


def _size(claim: Object) -> Quantity:
    requests = ((claim.get("spec") or {}).get("resources") or {}).get("requests") or {}
    return parse_quantity(requests.get("storage", "0"))
