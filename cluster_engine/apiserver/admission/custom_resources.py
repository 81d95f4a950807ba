"""Nothing new comes while the definition is going.

Models: forbidCreateAdmission in
k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.write import CREATE, Write


class ForbidCreate(Plugin):
    """Refuses instances of a definition that is being deleted."""

    NAME = "ForbidCreate"
    OPERATIONS = (CREATE,)

    def handles(self, operation: str, resource: str, subresource: str) -> bool:
        kind = self.core.registry.resource(resource)
        is_custom = kind is not None and kind.types is not None
        return is_custom and super().handles(operation, resource, subresource)

    def mutate(self, write: Write) -> None:
        if "create" not in write.kind.verbs:
            raise refuse(
                write, "create not allowed while custom resource definition is terminating"
            )
