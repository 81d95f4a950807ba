"""What expressions of policies see, and compiling them.

Models: k8s.io/apiserver/pkg/admission/plugin/cel compile.go, composition.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cluster_engine.apimachinery.cel.programs import CompileError, Program, compile_expression
from cluster_engine.apimachinery.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    UINT,
    Structs,
    Type,
    list_of,
    map_of,
    object_type,
)

_BASIC = (BOOL, BYTES, DOUBLE, DURATION, INT, NULL, STRING, TIMESTAMP, UINT)
_TEXTS = list_of(STRING)


def _object(name: str, /, **fields: Type) -> Type:
    return object_type(f"kubernetes.{name}", lambda: fields)


_KIND = _object("GroupVersionKind", group=STRING, version=STRING, kind=STRING)
_RESOURCE = _object("GroupVersionResource", group=STRING, version=STRING, resource=STRING)
_USER = _object(
    "UserInfo", username=STRING, uid=STRING, groups=_TEXTS, extra=map_of(STRING, _TEXTS)
)
_REQUEST = _object(
    "AdmissionRequest",
    kind=_KIND,
    resource=_RESOURCE,
    subResource=STRING,
    requestKind=_KIND,
    requestResource=_RESOURCE,
    requestSubResource=STRING,
    name=STRING,
    namespace=STRING,
    operation=STRING,
    userInfo=_USER,
    dryRun=BOOL,
    options=DYN,
)
_CONDITION = _object(
    "NamespaceCondition",
    status=STRING,
    type=STRING,
    lastTransitionTime=TIMESTAMP,
    message=STRING,
    reason=STRING,
)
_METADATA = _object(
    "NamespaceMetadata",
    name=STRING,
    generateName=STRING,
    namespace=STRING,
    labels=map_of(STRING, STRING),
    annotations=map_of(STRING, STRING),
    UID=STRING,
    creationTimestamp=TIMESTAMP,
    deletionGracePeriodSeconds=INT,
    deletionTimestamp=TIMESTAMP,
    generation=INT,
    resourceVersion=STRING,
    finalizers=_TEXTS,
)
_NAMESPACE = _object(
    "Namespace",
    metadata=_METADATA,
    spec=_object("NamespaceSpec", finalizers=_TEXTS),
    status=_object("NamespaceStatus", conditions=list_of(_CONDITION), phase=STRING),
)
_AUTHORIZER = _object(
    "authorization.Authorizer", requestResource=Type("kubernetes.authorization.ResourceCheck")
)


class _AnyFields(dict[str, Type]):
    """The fields of an object whose type is only known by name."""

    def get(self, name: str, default: Any = None) -> Any:
        return DYN


#: What expressions of mutating policies make.
OBJECT, JSON_PATCH = Type("Object"), Type("JSONPatch")
_PATCH_FIELDS = {"op": STRING, "path": STRING, "from": STRING, "value": DYN}
_ANY_FIELDS = _AnyFields()


def _patch_structs(name: str) -> Mapping[str, Type] | None:
    if name == "JSONPatch":
        return _PATCH_FIELDS
    return _ANY_FIELDS if name == "Object" or name.startswith("Object.") else None


def _no_structs(name: str) -> None:
    return None


class Environment:
    """The variables of one policy's expressions, with those that the policy itself adds."""

    def __init__(
        self, *, has_params: bool = False, has_own: bool = False, has_patches: bool = False
    ) -> None:
        self._own: dict[str, Type] = {}
        self._structs: Structs = _patch_structs if has_patches else _no_structs
        self._types: dict[str, Type] = {
            "object": DYN,
            "oldObject": DYN,
            "request": _REQUEST,
            "namespaceObject": _NAMESPACE,
        }
        if has_params:
            self._types["params"] = DYN
        if has_own:
            self._types["variables"] = object_type("kubernetes.variables", self._own_types)

    def _own_types(self) -> Mapping[str, Type]:
        return self._own

    def compile(
        self, text: str, results: Sequence[Type] = (), *, has_authorizer: bool = True
    ) -> Program:
        """The program. Raises CompileError."""
        types = {**self._types, "authorizer": _AUTHORIZER} if has_authorizer else self._types
        return compile_expression(text, types, results, self._structs)

    def add(self, name: str, text: str) -> Program:
        """The program of a variable that later expressions see. Raises CompileError."""
        self._own[name] = DYN
        program = self.compile(text)
        self._own[name] = _kept(program.type)
        return program

    def problem(
        self, text: str, results: Sequence[Type], *, has_authorizer: bool = True
    ) -> str | None:
        """Why the expression cannot be used."""
        try:
            self.compile(text, results, has_authorizer=has_authorizer)
        except CompileError as error:
            return str(error)
        return None


def _kept(type_: Type) -> Type:
    """The type of a variable as far as later expressions know it."""
    if type_ in _BASIC:
        return type_
    if type_.name in ("list", "map"):
        return Type(type_.name, tuple(_kept(one) for one in type_.parameters))
    return DYN
