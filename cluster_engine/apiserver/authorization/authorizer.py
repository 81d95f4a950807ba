"""RBAC: who may do what, by the stored roles and bindings.

The rules that apply to a user are gathered once and kept until a role or binding changes.

Models: k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac and pkg/registry/rbac/validation
(v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cluster_engine.apimachinery.errors import ApiError, not_found
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.authorization.attributes import Attributes, Decision
from cluster_engine.apiserver.authorization.rules import allows
from cluster_engine.apiserver.requests import User
from cluster_engine.store.changes import Change
from cluster_engine.store.store import Store

MASTERS = "system:masters"
ROLES = "roles.rbac.authorization.k8s.io"
CLUSTER_ROLES = "clusterroles.rbac.authorization.k8s.io"
BINDINGS = "rolebindings.rbac.authorization.k8s.io"
CLUSTER_BINDINGS = "clusterrolebindings.rbac.authorization.k8s.io"
_REMEMBERED_MAX = 512


@dataclass(frozen=True, slots=True)
class Grant:
    """Rules that a user has through one binding."""

    source: str
    rules: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class Grants:
    """All that a user has in a namespace and cluster-wide, and what could not be resolved."""

    grants: tuple[Grant, ...]
    problems: tuple[str, ...] = ()

    def rules(self) -> list[Object]:
        """Every rule, binding by binding."""
        return [rule for grant in self.grants for rule in grant.rules]


class Authorizer:
    """Answers questions by the roles of one cluster."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, tuple[str, ...], str], Grants] = {}
        for resource in (ROLES, CLUSTER_ROLES, BINDINGS, CLUSTER_BINDINGS):
            store.subscribe(self._forget, resource)

    def authorize(self, asked: Attributes) -> Decision:
        """Whether it may be done. Members of system:masters may do everything."""
        if MASTERS in asked.user.groups:
            return Decision(True)
        found = self.grants(asked.user, asked.namespace)
        for grant in found.grants:
            for rule in grant.rules:
                if allows(rule, asked):
                    return Decision(True, f"RBAC: allowed by {grant.source}")
        if not found.problems:
            return Decision(False)
        problems = found.problems
        text = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
        return Decision(False, f"RBAC: {text}")

    def grants(self, user: User, namespace: str) -> Grants:
        """What the user has through bindings, cluster-wide ones first, by name."""
        key = (user.name, user.groups, namespace)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED_MAX:
                self._known.clear()
            found = self._known[key] = self._gather(user, namespace)
        return found

    def role_rules(self, reference: Object, namespace: str) -> tuple[Object, ...]:
        """The rules of a role that a binding refers to. Raises ApiError 404."""
        kind, name = reference.get("kind", ""), reference.get("name", "")
        if kind == "Role":
            resource, where = ROLES, namespace
        elif kind == "ClusterRole":
            resource, where = CLUSTER_ROLES, ""
        else:
            raise ApiError(500, "", f'unsupported role reference kind: "{kind}"')
        record = self._store.get(resource, where, name)
        if record is None:
            singular = resource.replace("roles.", "role.", 1)
            raise not_found(singular, name)
        return tuple(record.object.get("rules") or ())

    def _gather(self, user: User, namespace: str) -> Grants:
        grants: list[Grant] = []
        problems: list[str] = []
        self._collect(user, CLUSTER_BINDINGS, "", grants, problems)
        if namespace:
            self._collect(user, BINDINGS, namespace, grants, problems)
        return Grants(tuple(grants), tuple(problems))

    def _collect(
        self,
        user: User,
        resource: str,
        namespace: str,
        grants: list[Grant],
        problems: list[str],
    ) -> None:
        for record in self._store.records(resource, namespace or None):
            binding = record.object
            subject = _subject_of(user, binding.get("subjects") or (), namespace)
            if subject is None:
                continue
            try:
                rules = self.role_rules(binding["roleRef"], namespace)
            except ApiError as error:
                problems.append(error.message)
                continue
            grants.append(Grant(_describe(binding, subject, namespace), rules))

    def _forget(self, change: Change) -> None:
        self._known.clear()


def _subject_of(user: User, subjects: Iterable[Object], namespace: str) -> Object | None:
    """The first subject of a binding that the user is."""
    return next((subject for subject in subjects if _is_subject(user, subject, namespace)), None)


def _is_subject(user: User, subject: Object, namespace: str) -> bool:
    kind, name = subject.get("kind"), subject.get("name", "")
    if kind == "User":
        return bool(user.name == name)
    if kind == "Group":
        return name in user.groups
    if kind != "ServiceAccount":
        return False
    where = subject.get("namespace") or namespace
    return bool(where) and user.name == f"system:serviceaccount:{where}:{name}"


def _describe(binding: Object, subject: Object, namespace: str) -> str:
    metadata, reference = binding["metadata"], binding["roleRef"]
    kind = "RoleBinding" if namespace else "ClusterRoleBinding"
    name = f"{metadata['name']}/{namespace}" if namespace else metadata["name"]
    who = subject.get("name", "")
    if subject.get("kind") == "ServiceAccount":
        who = f"{who}/{subject.get('namespace') or namespace}"
    return (
        f'{kind} "{name}" of {reference.get("kind", "")} "{reference.get("name", "")}" '
        f'to {subject.get("kind", "")} "{who}"'
    )
