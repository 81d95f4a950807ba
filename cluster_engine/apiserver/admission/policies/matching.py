"""Which writes a policy, or its binding, is about.

Models: k8s.io/apiserver/pkg/admission/plugin/policy/matching and webhook/predicates (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import Selector, from_label_selector
from cluster_engine.apiserver.write import DELETE, Write
from cluster_engine.store.store import Store

_NAMESPACES = "namespaces"


def matched_version(store: Store, write: Write, resources: Object) -> str | None:
    """The version of the kind in which the rules know the write; None when they do not."""
    if not _is_namespace_selected(store, write, resources.get("namespaceSelector")):
        return None
    if not _is_object_selected(write, resources.get("objectSelector")):
        return None
    policy = resources.get("matchPolicy")
    if _rule_version(write, resources.get("excludeResourceRules") or (), policy) is not None:
        return None
    rules = resources.get("resourceRules")
    return _rule_version(write, rules, policy) if rules else asked_version(write)


def asked_version(write: Write) -> str:
    """The version of the kind that the client speaks."""
    return write.api_version.rpartition("/")[2] or write.kind.version


def namespace_of(write: Write) -> str:
    """Where it happens; the object itself for a namespace."""
    return write.name if write.resource == _NAMESPACES else write.namespace


def _rule_version(write: Write, rules: Sequence[Object], policy: str | None) -> str | None:
    asked = asked_version(write)
    versions = [asked]
    if policy == "Equivalent":
        versions += [version for version in write.kind.served_versions if version != asked]
    for version in versions:
        if any(_is_matched(write, rule, version) for rule in rules):
            return version
    return None


def _is_matched(write: Write, rule: Object, version: str) -> bool:
    names = rule.get("resourceNames")
    return (
        _has(rule.get("operations"), write.operation)
        and _has(rule.get("apiGroups"), write.kind.group)
        and _has(rule.get("apiVersions"), version)
        and _is_in_scope(write, rule.get("scope"))
        and any(_is_resource(write, text) for text in rule.get("resources") or ())
        and (not names or write.name in names)
    )


def _has(words: Sequence[str] | None, word: str) -> bool:
    return words is not None and ("*" in words or word in words)


def _is_in_scope(write: Write, scope: str | None) -> bool:
    is_in_namespace = bool(write.namespace) and write.resource != _NAMESPACES
    return {"Namespaced": is_in_namespace, "Cluster": not is_in_namespace}.get(scope or "", True)


def _is_resource(write: Write, text: str) -> bool:
    resource, _, subresource = text.partition("/")
    return resource in ("*", write.kind.plural) and subresource in ("*", write.subresource)


def _is_namespace_selected(store: Store, write: Write, selector: Object | None) -> bool:
    if not namespace_of(write):
        return True
    chosen = _selector(selector)
    return chosen.is_everything or chosen.matches(_namespace_labels(store, write))


def _namespace_labels(store: Store, write: Write) -> Mapping[str, str]:
    if write.resource == _NAMESPACES and write.operation != DELETE:
        return _labels(write.object)
    record = store.get(_NAMESPACES, "", namespace_of(write))
    return {} if record is None else _labels(record.object)


def _is_object_selected(write: Write, selector: Object | None) -> bool:
    chosen = _selector(selector)
    if chosen.is_everything:
        return True
    candidates = (write.object if write.operation != DELETE else None, write.old)
    return any(obj and "metadata" in obj and chosen.matches(_labels(obj)) for obj in candidates)


def _labels(obj: Object) -> Mapping[str, str]:
    return (obj.get("metadata") or {}).get("labels") or {}


def _selector(selector: Object | None) -> Selector:
    """An absent selector selects everything, as an empty one does."""
    return from_label_selector(selector or {})
