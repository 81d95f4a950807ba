"""The objects that bindings give policies as `params`.

Models: CollectParams in k8s.io/apiserver/pkg/admission/plugin/policy/generic (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import from_label_selector
from cluster_engine.apiserver.shapes import KindTypes
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.registry import Registry
from cluster_engine.store.changes import Record
from cluster_engine.store.store import Store


class Misconfigured(Exception):
    """A policy or binding that cannot be asked; `str()` says why."""


def parameter_kind(registry: Registry, policy: Object) -> Kind | None:
    """The kind of the parameters; None for a policy without any. Raises Misconfigured."""
    wanted = policy.get("paramKind")
    if wanted is None:
        return None
    group, _, version = wanted["apiVersion"].rpartition("/")
    kind = registry.kind(group, version, wanted["kind"])
    if kind is None:
        shown = f"{group}/{version}, Kind={wanted['kind']}"
        raise Misconfigured(f"failed to find resource referenced by paramKind: '{shown}'")
    return kind


def parameters(
    store: Store, kind: Kind | None, policy: Object, binding: Object, namespace: str
) -> list[Any]:
    """The objects, to be tried one by one, for a write in that namespace. Raises Misconfigured."""
    reference = binding.get("paramRef")
    if kind is None or reference is None:
        return [None]
    where = _namespace(kind, reference, namespace)
    records = _records(store, kind, reference, where)
    if not records and reference.get("parameterNotFoundAction") == "Deny":
        raise Misconfigured(
            "no params found for policy binding with `Deny` parameterNotFoundAction"
        )
    types, api_version = KindTypes(kind), policy["paramKind"]["apiVersion"]
    return [types.convert(record.object, api_version) for record in records]


def _namespace(kind: Kind, reference: Object, namespace: str) -> str:
    asked: str = reference.get("namespace") or ""
    if not kind.namespaced:
        if asked:
            raise Misconfigured(
                "paramRef.namespace must not be provided for a cluster-scoped `paramKind`"
            )
        return ""
    if not asked and not namespace:
        raise Misconfigured(
            "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources"
        )
    return asked or namespace


def _records(store: Store, kind: Kind, reference: Object, namespace: str) -> list[Record]:
    resource = kind.stored_as or kind.resource
    if reference.get("name"):
        record = store.get(resource, namespace, reference["name"])
        return [] if record is None else [record]
    selector = from_label_selector(reference.get("selector") or {})
    return [
        record
        for record in store.records(resource, namespace or None)
        if selector.matches(record.object["metadata"].get("labels"))
    ]
