"""What a role allows, and to whom a binding gives it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from playground.reviews.findings.rules import tables
from playground.reviews.findings.subjects import Spot, Subject
from playground.reviews.findings.values import at, entries, texts

_GROUP = "rbac.authorization.k8s.io"
_ROLES = {(_GROUP, "Role"), (_GROUP, "ClusterRole")}
_BINDINGS = {(_GROUP, "RoleBinding"), (_GROUP, "ClusterRoleBinding")}
_ANY = "*"


def wildcard_verbs(subject: Subject) -> Iterator[Spot]:
    for index, rule in _rules(subject):
        if _ANY in _names(rule, "verbs"):
            resources = _joined(rule, "resources") or _joined(rule, "nonResourceURLs")
            yield subject.spot("rules", index, "verbs", resources=resources)


def wildcard_resources(subject: Subject) -> Iterator[Spot]:
    for index, rule in _rules(subject):
        if _ANY in _names(rule, "resources"):
            yield subject.spot("rules", index, "resources", verbs=_joined(rule, "verbs"))


def wildcard_groups(subject: Subject) -> Iterator[Spot]:
    for index, rule in _rules(subject):
        if _ANY in _names(rule, "apiGroups") and _ANY not in _names(rule, "resources"):
            verbs, resources = _joined(rule, "verbs"), _joined(rule, "resources")
            yield subject.spot("rules", index, "apiGroups", verbs=verbs, resources=resources)


def powerful(subject: Subject) -> Iterator[Spot]:
    """What a wildcard covers has been said already."""
    for index, rule in _rules(subject):
        groups, resources = _names(rule, "apiGroups"), _names(rule, "resources")
        verbs = _names(rule, "verbs")
        for right in tables()["rights"]:
            is_named = right.get("is_named_fine") and rule.get("resourceNames")
            if right["resource"] not in resources or is_named:
                continue
            granted = [verb for verb in right["verbs"] if verb in verbs]
            if granted and (right["group"] in groups or _ANY in groups):
                where = ("rules", index, "resources", resources.index(right["resource"]))
                found = {"verbs": ", ".join(granted), "resource": right["resource"]}
                yield subject.spot(*where, **found, why=right["why"])


def cluster_admin(subject: Subject) -> Iterator[Spot]:
    if subject.kind not in _BINDINGS or at(subject.object, "roleRef", "name") != "cluster-admin":
        return
    if at(subject.object, "roleRef", "kind") != "ClusterRole":
        return
    names = [_shown(one) for _, one in entries(subject.object, "subjects")]
    is_cluster = subject.kind[1] == "ClusterRoleBinding"
    scope = "the whole cluster" if is_cluster else f"everything in {subject.namespace}"
    yield subject.spot("roleRef", "name", subjects=", ".join(names) or "nobody", scope=scope)


def everybody(subject: Subject) -> Iterator[Spot]:
    if subject.kind not in _BINDINGS:
        return
    who = tables()["everybody"]
    for index, one in entries(subject.object, "subjects"):
        name = one.get("name")
        if name in who and one.get("kind") in ("User", "Group"):
            where = ("subjects", index, "name")
            role = str(at(subject.object, "roleRef", "name") or "")
            yield subject.spot(*where, role=role, subject=str(name), who=who[name])


def default_account(subject: Subject) -> Iterator[Spot]:
    if subject.kind not in _BINDINGS:
        return
    for index, one in entries(subject.object, "subjects"):
        if one.get("kind") == "ServiceAccount" and one.get("name") == "default":
            role = str(at(subject.object, "roleRef", "name") or "")
            namespace = str(one.get("namespace") or subject.namespace)
            yield subject.spot("subjects", index, "name", role=role, namespace=namespace)


def _rules(subject: Subject) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if subject.kind in _ROLES:
        yield from entries(subject.object, "rules")


def _names(rule: Mapping[str, Any], field: str) -> list[str]:
    return [text for _, text in texts(rule, field)]


def _joined(rule: Mapping[str, Any], field: str) -> str:
    return ", ".join(_names(rule, field))


def _shown(subject: Mapping[str, Any]) -> str:
    return f"{subject.get('kind', '')} {subject.get('name', '')}".strip()
