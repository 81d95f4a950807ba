"""Policy rules: what one allows, whether a set of them covers another.

Models: k8s.io/kubernetes/pkg/apis/rbac/v1/evaluation_helpers.go and
k8s.io/component-helpers/auth/rbac/validation (v1.37.2).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.authorization.attributes import Attributes

ALL = "*"


def allows(rule: Object, asked: Attributes) -> bool:
    """Whether the rule allows what is asked."""
    if not _has(rule.get("verbs"), asked.verb):
        return False
    if not asked.is_resource:
        return any(_url_matches(url, asked.path) for url in rule.get("nonResourceURLs") or ())
    return (
        _has(rule.get("apiGroups"), asked.group)
        and _resource_matches(rule.get("resources") or (), asked)
        and _name_matches(rule.get("resourceNames"), asked.name)
    )


def missing(owned: Sequence[Object], wanted: Iterable[Object]) -> list[Object]:
    """The atomic rules of `wanted` that no owned rule covers."""
    parts = [part for rule in wanted for part in _broken_down(rule)]
    return [part for part in parts if not any(_covers(rule, part) for rule in owned)]


def compact(rules: Iterable[Object]) -> list[Object]:
    """Rules on the same resource and name in one, with all their verbs."""
    joined: dict[tuple[str, str, tuple[str, ...]], Object] = {}
    others: list[Object] = []
    for rule in rules:
        if "nonResourceURLs" in rule:
            others.append(rule)
            continue
        names = tuple(rule.get("resourceNames") or ())
        key = (rule["apiGroups"][0], rule["resources"][0], names)
        held = joined.get(key)
        if held is None:
            joined[key] = {**rule, "verbs": list(rule["verbs"])}
        else:
            held["verbs"].extend(rule["verbs"])
    return [*others, *joined.values()]


def text_of(rule: Object) -> str:
    """A rule as escalation errors show it."""
    fields = (
        ("APIGroups", "apiGroups"),
        ("Resources", "resources"),
        ("NonResourceURLs", "nonResourceURLs"),
        ("ResourceNames", "resourceNames"),
        ("Verbs", "verbs"),
    )
    parts = [f"{title}:{quoted(rule[name])}" for title, name in fields if rule.get(name)]
    return "{" + ", ".join(parts) + "}"


def quoted(words: Iterable[str]) -> str:
    """A list of strings as Go's %q prints it."""
    return "[" + " ".join(json.dumps(word, ensure_ascii=False) for word in words) + "]"


def _has(words: Sequence[str] | None, word: str) -> bool:
    return words is not None and (word in words or ALL in words)


def _resource_matches(resources: Sequence[str], asked: Attributes) -> bool:
    if ALL in resources or asked.resource_path in resources:
        return True
    return bool(asked.subresource) and f"*/{asked.subresource}" in resources


def _name_matches(names: Sequence[str] | None, name: str) -> bool:
    return not names or name in names


def _url_matches(pattern: str, url: str) -> bool:
    if pattern in (ALL, url):
        return True
    return pattern.endswith("*") and url.startswith(pattern.rstrip("*"))


def _broken_down(rule: Object) -> list[Object]:
    """The rule as rules with one verb, group, resource and name each."""
    names: list[list[str]] = [[name] for name in rule.get("resourceNames") or ()] or [[]]
    verbs = rule.get("verbs") or ()
    parts: list[Object] = []
    for group in rule.get("apiGroups") or ():
        for resource in rule.get("resources") or ():
            for verb in verbs:
                for name in names:
                    part: Object = {"apiGroups": [group], "resources": [resource], "verbs": [verb]}
                    if name:
                        part["resourceNames"] = name
                    parts.append(part)
    for url in rule.get("nonResourceURLs") or ():
        parts.extend({"nonResourceURLs": [url], "verbs": [verb]} for verb in verbs)
    return parts


def _covers(owned: Object, part: Object) -> bool:
    if not _has(owned.get("verbs"), part["verbs"][0]):
        return False
    if "nonResourceURLs" in part:
        wanted = part["nonResourceURLs"][0]
        return any(_url_matches(url, wanted) for url in owned.get("nonResourceURLs") or ())
    if not _has(owned.get("apiGroups"), part["apiGroups"][0]):
        return False
    resources, resource = owned.get("resources") or (), part["resources"][0]
    _, slash, subresource = resource.partition("/")
    is_covered = ALL in resources or resource in resources
    if not is_covered and not (slash and f"*/{subresource}" in resources):
        return False
    names = owned.get("resourceNames")
    return not names or (bool(part.get("resourceNames")) and part["resourceNames"][0] in names)
