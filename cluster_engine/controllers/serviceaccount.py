"""A `default` service account and the root certificate in every namespace.

Models: k8s.io/kubernetes/pkg/controller/serviceaccount and certificates/rootcacertpublisher
(v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.store.changes import Change

ROOT_CA_NAME = "kube-root-ca.crt"
_ROOT_CA_NOTE = (
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal "
    "endpoints such as the internal service IP or kubernetes.default.svc. No other usage is "
    "guaranteed across distributions of Kubernetes clusters."
)


class _PerNamespace(Reconciler):
    """Keeps one object of a fixed name in every namespace."""

    resource = ""
    object_name = ""

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._namespaces = context.informers.of("namespaces")
        self._kept = context.informers.of(self.resource)
        self._namespaces.add_handler(self._note_namespace)
        self._kept.add_handler(self._note_kept)

    def _note_namespace(self, change: Change) -> None:
        if change.type != "DELETED":
            self.enqueue(change.name, change.revision)

    def _note_kept(self, change: Change) -> None:
        if change.name == self.object_name and change.type != "ADDED":
            self.enqueue(change.namespace, change.revision)

    def _is_wanted(self, namespace: str) -> bool:
        found = self._namespaces.get("", namespace)
        return found is not None and found.get("status", {}).get("phase") != "Terminating"


class ServiceAccountController(_PerNamespace):
    """Keeps the `default` service account."""

    name = "service-account-controller"
    resource = "serviceaccounts"
    object_name = "default"

    def reconcile(self, key: str) -> None:
        """Create it where it is missing."""
        if self._is_wanted(key) and self._kept.get(key, self.object_name) is None:
            metadata = {"name": self.object_name, "namespace": key}
            body = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}
            _create_unless_terminating(self, body)


class RootCertificatePublisher(_PerNamespace):
    """Keeps the config map with the cluster's certificate authority."""

    name = "root-ca-certificate-publisher"
    resource = "configmaps"
    object_name = ROOT_CA_NAME
    #: Set by the facade: the authority in PEM.
    certificate = ""

    def reconcile(self, key: str) -> None:
        """Create it, or put it right where someone changed it."""
        if not self._is_wanted(key):
            return
        data = {"ca.crt": self.certificate}
        held = self._kept.get(key, self.object_name)
        if held is None:
            metadata = {
                "name": self.object_name,
                "namespace": key,
                "annotations": {"kubernetes.io/description": _ROOT_CA_NOTE},
            }
            body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
            _create_unless_terminating(self, body)
        elif held.get("data") != data:
            self.client.update(self.resource, {**held, "data": data})


def _create_unless_terminating(controller: _PerNamespace, body: Object) -> None:
    try:
        controller.client.create(controller.resource, body)
    except ApiError as error:
        if error.code not in (403, 404, 409):
            raise
