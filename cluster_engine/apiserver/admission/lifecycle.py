"""NamespaceLifecycle: objects live in namespaces that exist and are not going away.

Models: k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import forbidden, not_found
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.write import CREATE, DELETE, Write

IMMORTAL = ("default", "kube-system", "kube-public")
_REVIEWS = "localsubjectaccessreviews.authorization.k8s.io"


class NamespaceLifecycle(Plugin):
    """Refuses what would live in no namespace, and the end of the namespaces a cluster needs."""

    NAME = "NamespaceLifecycle"
    OPERATIONS = (CREATE, DELETE)
    SUBRESOURCES = None

    def mutate(self, write: Write) -> None:
        if write.resource == "namespaces":
            if write.operation == DELETE and write.name in IMMORTAL:
                raise forbidden("namespaces", write.name, "this namespace may not be deleted")
            return
        namespace = write.namespace
        if not namespace or write.operation == DELETE or write.resource == _REVIEWS:
            return
        record = self.core.store.get("namespaces", "", namespace)
        if record is None:
            raise not_found("namespaces", namespace)
        if (record.object.get("status") or {}).get("phase") != "Terminating":
            return
        why = (
            f"unable to create new content in namespace {namespace} because it is being terminated"
        )
        error = refuse(write, why)
        cause = {
            "reason": "NamespaceTerminating",
            "message": f"namespace {namespace} is being terminated",
            "field": "metadata.namespace",
        }
        error.details = {**(error.details or {}), "causes": [cause]}
        raise error
