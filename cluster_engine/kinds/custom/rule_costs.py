"""What the rules of a schema may cost at most, and whether that is too much.

Models: k8s.io/apiserver/pkg/cel/common/schemas.go, pkg/cel/limits.go and
k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/cel_validation.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from cluster_engine.apimachinery.cel.estimated_sizes import Path, plus, times
from cluster_engine.apimachinery.fields import FieldError, forbidden_field
from cluster_engine.kinds.custom.rule_types import escaped, with_resource_fields
from cluster_engine.kinds.custom.structural import Schema, additional

#: What one rule, and what all rules of a schema may cost.
RULE_COST_MAX, SCHEMA_COST_MAX = 10_000_000, 100_000_000
_REQUEST_BYTES = 3 * 1024 * 1024
_TOLD_MAX = 4
#: Of formats: the fewest bytes in JSON, and the most characters.
_FORMATS = {"duration": (3, 32), "date": (12, 12), "date-time": (21, 32)}
_TEXT_LEAST, _TEXT_MOST = 2, _REQUEST_BYTES - 2
_SIMPLE = {"boolean": 4, "number": 1, "integer": 1}
_ADVICE = (
    "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, "
    "maps, and strings are declared)"
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How small a value is in JSON at least, and how much it holds at most."""

    least_bytes: int
    most: int = 0
    item: Sizes | None = None
    fields: Mapping[str, Sizes] = field(default_factory=dict)
    is_map: bool = False


#: Keys of maps: upstream counts them as empty.
_KEY = Sizes(_TEXT_LEAST)


def sizes_of(schema: Schema) -> Sizes | None:
    """The sizes of a schema's values; None where rules see nothing."""
    if schema.get("x-kubernetes-int-or-string"):
        length = schema.get("maxLength")
        return Sizes(1, _TEXT_MOST if length is None else max(length, 0) * 4)
    if schema.get("x-kubernetes-embedded-resource"):
        schema = with_resource_fields(schema)
    type_ = schema.get("type") or ""
    if type_ == "array":
        items = schema.get("items")
        item = sizes_of(items) if isinstance(items, Mapping) else None
        if item is None:
            return None
        return Sizes(2, _bound(schema, "maxItems", _TEXT_MOST // (item.least_bytes + 1)), item)
    if type_ == "object":
        return _object_sizes(schema)
    if type_ == "string":
        return _text_sizes(schema)
    return Sizes(_SIMPLE[type_]) if type_ in _SIMPLE else None


def _bound(schema: Schema, name: str, otherwise: int) -> int:
    given = schema.get(name)
    return otherwise if given is None else max(int(given), 0)


def _object_sizes(schema: Schema) -> Sizes | None:
    values = additional(schema)
    if values is not None:
        item = sizes_of(values)
        if item is None:
            return None
        most = _bound(schema, "maxProperties", _TEXT_MOST // (item.least_bytes + 6))
        return Sizes(2, most, item, is_map=True)
    least, fields = 2, {}
    for name, inner in (schema.get("properties") or {}).items():
        sizes, word = sizes_of(inner), escaped(name)
        if sizes is None:
            continue
        if word is not None:
            fields[word] = sizes
        if name in (schema.get("required") or ()) and inner.get("default") is None:
            least += len(name) + sizes.least_bytes + 4
    return Sizes(least, fields=fields)


def _text_sizes(schema: Schema) -> Sizes:
    format_, length = schema.get("format") or "", schema.get("maxLength")
    if format_ in _FORMATS:
        return Sizes(*_FORMATS[format_])
    if length is not None:
        return Sizes(_TEXT_LEAST, max(length, 0) * (1 if format_ == "byte" else 4))
    texts = [text for text in schema.get("enum") or () if isinstance(text, str)]
    if schema.get("enum") and format_ != "byte":
        return Sizes(_TEXT_LEAST, max((len(text.encode()) for text in texts), default=0))
    return Sizes(_TEXT_LEAST, _TEXT_MOST)


def reader_of(root: Sizes) -> Callable[[Path], int | None]:
    """Finds the greatest size of what is at a path below `self`."""

    def size_of(path: Path) -> int | None:
        held: Sizes | None = root
        for name in path[1:]:
            if held is None:
                return None
            if name in ("@items", "@values"):
                held = held.item
            elif name == "@keys":
                held = _KEY if held.is_map else None
            else:
                held = held.fields.get(name)
        return None if held is None else held.most

    return size_of


def inner_count(schema: Schema, count: int | None) -> int | None:
    """How many values of what is in a schema there may be; `count`: of the schema itself.

    None: there is no bound.
    """
    type_, most = schema.get("type") or "", 1
    if type_ == "array" or (type_ == "object" and "additionalProperties" in schema):
        given = schema.get("maxItems" if type_ == "array" else "maxProperties")
        if given is None:
            return None
        most = max(int(given), 0)
    return None if count is None else times(count, most)


@dataclass(slots=True)
class Budget:
    """The costs of all rules of a schema."""

    total: int = 0
    _known: list[tuple[int, str]] = field(default_factory=list)

    def of_rule(
        self, cost: int, sizes: Sizes, count: int | None, path: str
    ) -> Iterator[FieldError]:
        """Count a rule that costs `cost` each of the `count` times it is asked."""
        times_asked = _REQUEST_BYTES // (sizes.least_bytes + 1) if count is None else count
        yield from self._add("estimated rule cost", times(cost, times_asked), path)

    def of_message(self, cost: int, path: str) -> Iterator[FieldError]:
        """Count an expression that makes a message."""
        yield from self._add("estimated messageExpression cost", cost, path)

    def _add(self, name: str, cost: int, path: str) -> Iterator[FieldError]:
        if cost > RULE_COST_MAX:
            yield forbidden_field(path, _exceeded(name, cost, RULE_COST_MAX))
        self.total = plus(self.total, cost)
        if cost >= SCHEMA_COST_MAX // 100:
            self._known.append((cost, path))

    def problems(self, path: str) -> Iterator[FieldError]:
        """What is wrong with the sum; `path`: where the schema is."""
        if self.total <= SCHEMA_COST_MAX:
            return
        text = (
            "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 "
            "schema"
        )
        for _, where in sorted(self._known, key=lambda item: -item[0])[:_TOLD_MAX]:
            yield forbidden_field(where, text)
        name = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema"
        yield forbidden_field(path, _exceeded(name, self.total, SCHEMA_COST_MAX))


def _exceeded(name: str, cost: int, limit: int) -> str:
    factor = cost / limit
    if factor > 100:
        shown = "more than 100x"
    elif factor < 1.5:
        shown = f"{factor:f}x"
    else:
        shown = f"{factor:.1f}x"
    return f"{name} exceeds budget by factor of {shown} {_ADVICE}"
