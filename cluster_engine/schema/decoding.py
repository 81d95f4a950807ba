"""Reading JSON values as published types: the canonical object, unknown fields, the first mistake.

What comes out is what the server would encode after decoding: nulls, unknown fields and empty
optional fields are gone, mandatory fields are there, quantities and times are canonical. It is a
new value; scalars and free-form parts are shared with the input.

Models: sigs.k8s.io/json as the API server's serializer uses it, and the custom decoders of
Quantity, Time, MicroTime, IntOrString (k8s.io/apimachinery, v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.schema.catalogue import Catalogue, Definition, Field
from cluster_engine.schema.scalars import SCALARS, ScalarError, kind_of_value

_STRING, _BOOL, _INT, _FLOAT, _STRUCT, _LIST, _MAP, _SCALAR, _RAW = range(9)

#: Marks a value that is not encoded.
_ABSENT: Any = object()

_INT_LIMITS = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
_FREE_FORM = {
    "io.k8s.apimachinery.pkg.runtime.RawExtension",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON",
}
#: Empty lists that defaults tell from absent ones. Validation refuses them.
_EMPTY_KEPT = {("HPAScalingRules", "policies")}
#: Upstream stops counting there.
UNKNOWN_MAX = 100


class DecodingError(Exception):
    """The value cannot be read as its type; `str()` is upstream's text."""


@dataclass(frozen=True, slots=True)
class Step:
    """A link of the way to a value: a field of a type, an index, or the key of a map."""

    above: Step | None
    name: str | int
    #: The Go name of the type whose field it is; empty for an index or a key.
    owner: str = ""


@dataclass(slots=True)
class _Plan:
    """How one field or item is read."""

    code: int
    go_type: str
    #: Written even when zero, because it is a pointer or not optional.
    is_kept: bool
    is_omitted_zero: bool
    is_pointer: bool
    definition: str = ""
    inner: _Plan | None = None
    scalar: Any = None


@dataclass(slots=True)
class _StructPlan:
    name: str
    fields: dict[str, _Plan]
    #: Fields that are there even when the client does not send them, with their zero value.
    always: list[tuple[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Decoded:
    """The canonical object and the paths of the fields that its type does not have."""

    object: Object
    unknown: list[str]


class Decoder:
    """Reads values by a catalogue; plans are made on first use and kept."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._plans: dict[str, _StructPlan] = {}

    def decode(self, value: Object, definition: str) -> Decoded:
        """Read an object. Raises DecodingError at the first value of a wrong type."""
        unknown: list[str] = []
        decoded = self._struct(self._plan_of(definition), value, None, unknown)
        return Decoded(decoded, unknown)

    def zero(self, definition: str) -> Object:
        """The object as encoded when nothing is set."""
        return self._zero_struct(self._plan_of(definition))

    def _struct(
        self, plan: _StructPlan, value: dict[str, Any], above: Step | None, unknown: list[str]
    ) -> dict[str, Any]:
        result: dict[str, Any] = {}
        fields = plan.fields
        for key, item in value.items():
            wanted = fields.get(key)
            if wanted is None:
                if len(unknown) < UNKNOWN_MAX:
                    unknown.append(shown_path(Step(above, key)))
                continue
            if item is None:
                continue
            code = wanted.code
            if (code == _STRING and type(item) is str) or (code == _BOOL and type(item) is bool):
                if item or wanted.is_kept:
                    result[key] = item
                continue
            read = self._value(wanted, item, Step(above, key, plan.name), unknown)
            if not read and code in (_LIST, _MAP) and (plan.name, key) not in _EMPTY_KEPT:
                read = None  # As it comes back from the storage, which knows no empty ones.
            if read or wanted.is_kept or read == []:
                if wanted.is_omitted_zero and self._is_zero(wanted, read):
                    continue
                result[key] = read
        for key, zero in plan.always:
            if key not in result:
                result[key] = zero() if callable(zero) else zero
        return result

    def _value(self, plan: _Plan, item: Any, step: Step, unknown: list[str]) -> Any:
        code = plan.code
        if code == _STRING:
            if type(item) is str:
                return item
        elif code == _STRUCT:
            if isinstance(item, dict):
                return self._struct(self._plan_of(plan.definition), item, step, unknown)
        elif code == _LIST:
            if isinstance(item, list):
                return self._list(plan, item, step, unknown)
        elif code == _MAP:
            if isinstance(item, dict):
                return self._map(plan, item, step, unknown)
        elif code == _SCALAR:
            try:
                return plan.scalar(item)
            except ScalarError as error:
                raise DecodingError(str(error)) from None
        elif code == _INT:
            return _integer(plan, item, step)
        elif code == _BOOL:
            if type(item) is bool:
                return item
        elif code == _FLOAT:
            if type(item) in (int, float):
                return item
        else:
            return item
        raise _wrong(plan, kind_of_value(item), step)

    def _list(self, plan: _Plan, items: list[Any], step: Step, unknown: list[str]) -> list[Any]:
        inner = plan.inner
        assert inner is not None
        read = []
        for position, item in enumerate(items):
            if item is None:
                read.append(self._zero(inner))
            elif inner.code == _STRING and type(item) is str:
                read.append(item)
            else:
                read.append(self._value(inner, item, Step(step, position), unknown))
        return read

    def _map(
        self, plan: _Plan, items: dict[str, Any], step: Step, unknown: list[str]
    ) -> dict[str, Any]:
        inner = plan.inner
        assert inner is not None
        read = {}
        for key, item in items.items():
            if item is None:
                read[key] = self._zero(inner)
            elif inner.code == _STRING and type(item) is str:
                read[key] = item
            else:
                read[key] = self._value(inner, item, Step(step, key), unknown)
        return read

    def _plan_of(self, name: str) -> _StructPlan:
        plan = self._plans.get(name)
        if plan is None:
            definition = self._catalogue.definition(name)
            fields = {key: self._plan(one) for key, one in definition.fields.items()}
            plan = self._plans[name] = _StructPlan(name.rpartition(".")[2], fields)
            for key, one in definition.fields.items():
                zero = self._always(fields[key], one)
                if zero is not _ABSENT:
                    plan.always.append((key, zero))
        return plan

    def _plan(self, one: Field) -> _Plan:
        plan = _Plan(
            code=_RAW,
            go_type=one.go_type,
            is_kept=one.is_pointer or not one.is_omitted_empty,
            is_omitted_zero=one.is_omitted_zero,
            is_pointer=one.is_pointer,
        )
        if one.ref:
            self._plan_reference(plan, self._catalogue.definition(one.ref))
        elif one.format == "byte":
            plan.code, plan.scalar = _SCALAR, SCALARS["byte"]
        elif one.type == "array" and one.items is not None:
            plan.code, plan.inner = _LIST, self._plan(one.items)
        elif one.type == "object" and one.values is not None:
            plan.code, plan.inner = _MAP, self._plan(one.values)
        else:
            codes = {"string": _STRING, "boolean": _BOOL, "integer": _INT, "number": _FLOAT}
            plan.code = codes.get(one.type, _RAW)
        return plan

    def _plan_reference(self, plan: _Plan, definition: Definition) -> None:
        short = definition.name.rpartition(".")[2]
        if short in SCALARS:
            plan.code, plan.scalar = _SCALAR, SCALARS[short]
            plan.is_kept = True
        elif definition.name not in _FREE_FORM and definition.type in ("object", "string"):
            if definition.type == "string":
                plan.code = _STRING
            else:
                plan.code, plan.definition, plan.is_kept = _STRUCT, definition.name, True

    def _always(self, plan: _Plan, one: Field) -> Any:
        is_struct = plan.code == _STRUCT or (plan.code == _SCALAR and one.format != "byte")
        if one.is_omitted_zero or (one.is_omitted_empty and (one.is_pointer or not is_struct)):
            return _ABSENT
        if one.is_pointer:
            return None
        if plan.code == _STRUCT:
            return lambda: self._zero(plan)
        return self._zero(plan)

    def _zero(self, plan: _Plan) -> Any:
        if plan.code == _STRUCT:
            return self._zero_struct(self._plan_of(plan.definition))
        if plan.code == _SCALAR:
            return {"resource.Quantity": "0", "intstr.IntOrString": 0}.get(plan.go_type)
        return {_STRING: "", _BOOL: False, _INT: 0, _FLOAT: 0}.get(plan.code)

    def _zero_struct(self, plan: _StructPlan) -> dict[str, Any]:
        return {key: zero() if callable(zero) else zero for key, zero in plan.always}

    def _is_zero(self, plan: _Plan, read: Any) -> bool:
        return not plan.is_pointer and bool(read == self._zero(plan))


def shown_path(step: Step | None) -> str:
    """ "spec.containers[0].image"."""
    parts: list[str] = []
    while step is not None:
        if isinstance(step.name, int):
            parts.append(f"[{step.name}]")
        else:
            parts.append(f".{step.name}" if step.above is not None else step.name)
        step = step.above
    return "".join(reversed(parts))


def _integer(plan: _Plan, item: Any, step: Step) -> int:
    if type(item) is int:
        low, high = _INT_LIMITS.get(plan.go_type, _INT_LIMITS["int64"])
        if low <= item <= high:
            return item
    if type(item) in (int, float):
        raise _wrong(plan, f"number {item}", step)
    raise _wrong(plan, kind_of_value(item), step)


def _wrong(plan: _Plan, found: str, step: Step) -> DecodingError:
    names: list[str] = []
    owner = ""
    at: Step | None = step
    while at is not None:
        if at.owner:
            names.append(str(at.name))
            owner = owner or at.owner
        at = at.above
    where = f"{owner}.{'.'.join(reversed(names))}"
    return DecodingError(
        f"json: cannot unmarshal {found} into Go struct field {where} of type {plan.go_type}"
    )
