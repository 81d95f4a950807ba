"""Nobody hands out rights that they do not have: the checks of the RBAC registries.

Models: k8s.io/kubernetes/pkg/registry/rbac/*/policybased (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import forbidden
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.plugin import Plugin
from cluster_engine.apiserver.authorization.attributes import Attributes
from cluster_engine.apiserver.authorization.authorizer import (
    BINDINGS,
    CLUSTER_BINDINGS,
    CLUSTER_ROLES,
    MASTERS,
    ROLES,
)
from cluster_engine.apiserver.authorization.rules import compact, missing, quoted, text_of
from cluster_engine.apiserver.write import CREATE, UPDATE, Write

_GROUP = "rbac.authorization.k8s.io"


class RbacEscalation(Plugin):
    """Refuses roles and bindings that would give more than the writer has."""

    NAME = "RbacEscalation"
    OPERATIONS = (CREATE, UPDATE)
    RESOURCES = (ROLES, CLUSTER_ROLES, BINDINGS, CLUSTER_BINDINGS)

    def mutate(self, write: Write) -> None:
        if MASTERS in write.user.groups:
            return
        if write.old is not None and _is_same(write.object, write.old):
            return
        if write.resource in (ROLES, CLUSTER_ROLES):
            if self._may(write, "escalate", write.kind.plural, write.name):
                return
            rules = list(write.object.get("rules") or ())
        else:
            reference = write.object.get("roleRef") or {}
            plural = "clusterroles" if reference.get("kind") == "ClusterRole" else "roles"
            if self._may(write, "bind", plural, reference.get("name", "")):
                return
            rules = list(self.authorizer.role_rules(reference, write.namespace))
        self._refuse_missing(write, rules)

    def _may(self, write: Write, verb: str, resource: str, name: str) -> bool:
        asked = Attributes(
            write.user,
            verb,
            namespace=write.namespace,
            group=_GROUP,
            resource=resource,
            name=name,
        )
        return self.authorizer.authorize(asked).is_allowed

    def _refuse_missing(self, write: Write, rules: list[Object]) -> None:
        owned = self.authorizer.grants(write.user, write.namespace).rules()
        lacking = missing(owned, rules)
        if not lacking:
            return
        lines = sorted({text_of(rule) for rule in compact(lacking)})
        user = write.user
        why = (
            f'user "{user.name}" (groups={quoted(user.groups)}) is attempting to grant RBAC '
            "permissions not currently held:\n" + "\n".join(lines)
        )
        name = write.name or (write.object.get("metadata") or {}).get("name", "")
        raise forbidden(write.resource, name, why)


def _is_same(new: Object, old: Object) -> bool:
    """Whether an update leaves alone what gives rights."""
    fields = ("rules", "subjects", "roleRef", "aggregationRule")
    return all(new.get(field) == old.get(field) for field in fields)
