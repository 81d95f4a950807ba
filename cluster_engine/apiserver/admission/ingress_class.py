"""DefaultIngressClass: an ingress that names no class gets the default one.

Models: k8s.io/kubernetes/plugin/pkg/admission/network/defaultingressclass (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apiserver.admission.plugin import Plugin
from cluster_engine.apiserver.write import CREATE, Write

_CLASSES = "ingressclasses.networking.k8s.io"
_IS_DEFAULT = "ingressclass.kubernetes.io/is-default-class"
_OLD_ANNOTATION = "kubernetes.io/ingress.class"


class DefaultIngressClass(Plugin):
    """Fills in the class; the newest default counts."""

    NAME = "DefaultIngressClass"
    OPERATIONS = (CREATE,)
    RESOURCES = ("ingresses.networking.k8s.io",)

    def mutate(self, write: Write) -> None:
        annotations = (write.object.get("metadata") or {}).get("annotations") or {}
        spec = write.object.get("spec") or {}
        if spec.get("ingressClassName") is not None or _OLD_ANNOTATION in annotations:
            return
        marked = [
            record.object["metadata"]
            for record in self.core.store.records(_CLASSES)
            if (record.object["metadata"].get("annotations") or {}).get(_IS_DEFAULT) == "true"
        ]
        if not marked:
            return
        marked.sort(key=lambda metadata: str(metadata["name"]))
        marked.sort(key=lambda metadata: str(metadata["creationTimestamp"]), reverse=True)
        write.set_spec(ingressClassName=marked[0]["name"])
