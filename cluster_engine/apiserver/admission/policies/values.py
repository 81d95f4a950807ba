"""What the variables of expressions hold for one write.

Models: k8s.io/apiserver/pkg/admission/plugin/cel activation.go, composition.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cluster_engine.apimachinery.cel.programs import CompileError, EvaluationError, Program
from cluster_engine.apimachinery.cel.values import parse_timestamp
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.policies.matching import asked_version, namespace_of
from cluster_engine.apiserver.scale_objects import scale_of
from cluster_engine.apiserver.shapes import KindTypes
from cluster_engine.apiserver.write import CONNECT, CREATE, DELETE, UPDATE, Write
from cluster_engine.store.store import Store

#: A variable of a policy: a program, or why there is none.
Own = Mapping[str, Program | CompileError]
_OPTIONS = {CREATE: "CreateOptions", UPDATE: "UpdateOptions", DELETE: "DeleteOptions"}


def variables_of(store: Store, write: Write, version: str) -> dict[str, Any]:
    """What every expression about the write sees, in that version of its kind."""
    new = None if write.operation == DELETE else _seen(write, write.object, version)
    old = None if write.old is None else _seen(write, write.old, version)
    return {
        "object": new,
        "oldObject": old,
        "request": _request(write, new or old or {}, version),
        "namespaceObject": _namespace(store, write),
    }


def _seen(write: Write, obj: Object, version: str) -> Object:
    kind = write.kind
    if write.subresource == "scale":
        return scale_of(kind, obj)
    if obj.get("kind") != kind.kind:
        return obj
    api_version = f"{kind.group}/{version}" if kind.group else version
    return KindTypes(kind).convert(obj, api_version)


def _request(write: Write, obj: Object, version: str) -> dict[str, Any]:
    kind, asked, user = write.kind, asked_version(write), write.user
    written = obj.get("apiVersion", kind.api_version)
    is_own = obj.get("kind", kind.kind) == kind.kind
    group, _, held = ("", "", "") if is_own else written.rpartition("/")
    gvk = {"group": group or kind.group if is_own else group, "kind": obj.get("kind", kind.kind)}
    who: dict[str, Any] = {"username": user.name, "groups": list(user.groups)}
    if user.uid:
        who["uid"] = user.uid
    if user.extra:
        who["extra"] = {name: list(texts) for name, texts in user.extra.items()}
    options = _OPTIONS.get(write.operation)
    values: dict[str, Any] = {
        "kind": {**gvk, "version": version if is_own else held},
        "resource": {"group": kind.group, "version": version, "resource": kind.plural},
        "subResource": write.subresource,
        "requestKind": {**gvk, "version": asked if is_own else held},
        "requestResource": {"group": kind.group, "version": asked, "resource": kind.plural},
        "requestSubResource": write.subresource,
        "name": write.name,
        "namespace": namespace_of(write),
        "operation": write.operation,
        "userInfo": who,
        "dryRun": write.is_dry_run,
    }
    if options and write.operation != CONNECT:
        values["options"] = {"kind": options, "apiVersion": "meta.k8s.io/v1", **write.options}
    return {name: value for name, value in values.items() if value != ""}


def _namespace(store: Store, write: Write) -> dict[str, Any] | None:
    """The namespace it happens in, with the fields that expressions may ask for."""
    record = store.get("namespaces", "", write.namespace) if write.namespace else None
    if record is None:
        return None
    held, status = record.object["metadata"], record.object.get("status") or {}
    metadata = {name: held[name] for name in _METADATA if name in held}
    metadata["UID"] = held["uid"]
    for name in ("creationTimestamp", "deletionTimestamp"):
        if name in held:
            metadata[name] = parse_timestamp(held[name])
    conditions = [
        {**item, "lastTransitionTime": parse_timestamp(item["lastTransitionTime"])}
        for item in status.get("conditions") or ()
        if item.get("lastTransitionTime")
    ]
    return {
        "metadata": metadata,
        "spec": record.object.get("spec") or {},
        "status": {**status, "conditions": conditions} if conditions else status,
    }


_METADATA = (
    "name",
    "generateName",
    "labels",
    "annotations",
    "deletionGracePeriodSeconds",
    "generation",
    "resourceVersion",
    "finalizers",
)


class OwnVariables:
    """The variables of a policy; each is worked out when an expression first asks for it."""

    def __init__(self, own: Own, variables: Mapping[str, Any]) -> None:
        self._own = own
        self._variables = {**variables, "variables": self}
        self._known: dict[str, Any] = {}

    def has_field(self, name: str) -> bool:
        return name in self._own

    def read_field(self, name: str) -> Any:
        """Its value. Raises EvaluationError."""
        if name not in self._known:
            self._known[name] = self._evaluated(name)
        return self._known[name]

    def _evaluated(self, name: str) -> Any:
        program = self._own.get(name)
        if program is None:
            raise EvaluationError(f"no such key: {name}")
        if isinstance(program, CompileError):
            raise EvaluationError(f'composited variable "{name}" fails to compile: {program}')
        try:
            return program.run(self._variables)
        except EvaluationError as error:
            text = f'composited variable "{name}" fails to evaluate: {error}'
            raise EvaluationError(text) from None
