"""What rules of custom kinds may cost, as a cluster estimates it."""

from collections.abc import Callable
from typing import Any

import pytest

from cluster_engine.apimachinery.cel.programs import compile_expression
from cluster_engine.kinds.custom.rule_costs import RULE_COST_MAX, reader_of, sizes_of
from cluster_engine.kinds.custom.rule_types import type_of

Schema = dict[str, Any]
#: A schema without bounds (None), or with that bound at every place that takes one.
Bounded = Callable[[int | None], Schema]
_FORMATTED = ("duration", "date", "date-time")
_PAIR: Schema = {
    "type": "object",
    "properties": {"required": {"type": "string"}, "optional": {"type": "string"}},
    "required": ["required"],
}


def _bound(name: str, most: int | None) -> Schema:
    return {} if most is None else {name: most}


def _simple(name: str) -> Schema:
    if name in _FORMATTED:
        return {"type": "string", "format": name}
    return {"x-kubernetes-int-or-string": True} if name == "either" else {"type": name}


def _text(most: int | None) -> Schema:
    return {"type": "string", **_bound("maxLength", most)}


def _bytes(most: int | None) -> Schema:
    return {"type": "string", "format": "byte", **_bound("maxLength", most)}


def _list(item: Schema | str) -> Bounded:
    schema = _simple(item) if isinstance(item, str) else item
    return lambda most: {"type": "array", "items": schema, **_bound("maxItems", most)}


def _map(item: Schema | str) -> Bounded:
    schema = _simple(item) if isinstance(item, str) else item
    return lambda most: {
        "type": "object",
        "additionalProperties": schema,
        **_bound("maxProperties", most),
    }


def _texts(most: int | None) -> Schema:
    return _list(_text(most))(most)


def _text_map(most: int | None) -> Schema:
    return _map(_text(most))(most)


def _pairs(most: int | None) -> Schema:
    return _list(_map(_PAIR)(most))(most)


def _replaced(most: int | None) -> Schema:
    fields = {"text": _text(most), "old": _text(2), "new": _text(4)}
    return {"type": "object", "properties": fields}


def _choice(most: int | None) -> Schema:
    return {**_text(most), "enum": ["A", "B", "C", "LongValue"]}


def _cost(schema: Schema, rule: str) -> int:
    type_, sizes = type_of(schema), sizes_of(schema)
    assert type_ is not None
    assert sizes is not None
    return compile_expression(rule, {"self": type_, "oldSelf": type_}).cost(reader_of(sizes))


@pytest.mark.parametrize(
    ("schema", "rule", "unbounded", "most", "bounded"),
    [
        (_list("number"), "self.all(x, true)", 4718591, 10, 32),
        (_list("string"), "self.all(x, true)", 3145727, 20, 62),
        (_list("boolean"), "self.all(x, true)", 1887437, 5, 17),
        (_list("either"), "self.all(x, true)", 4718591, 10, 32),
        (_list("duration"), "self.all(x, true)", 2359295, 5, 17),
        (_list("date"), "self.all(x, true)", 725936, 15, 47),
        (_list("date-time"), "self.all(x, true)", 428963, 25, 77),
        (_map("number"), "self.all(x, true)", 1348169, 10, 32),
        (_map("string"), "self.all(x, true)", 1179647, 3, 11),
        (_map("date"), "self.all(x, true)", 524288, 10, 32),
        (_map(_PAIR), "self.all(x, true)", 428963, 20, 62),
        (_text, "self.contains('test')", 314574, 10, 5),
        (_text, "self.startsWith('test')", 2, 15, 2),
        (_text, "size(self + 'hello') > size('hello')", 314578, 4, 7),
        (_text, "self.matches('x')", 314574, 50, 22),
        (_text, "self.matches('')", 1, 100, 1),
        (_text, "self == 'x'", 2, 0, 1),
        (_bytes, "self == b'x'", 2, 0, 1),
        (_text, "self.find('[0-9]+') == ''", 629147, 10, 11),
        (_text, "self.lowerAscii() == 'lower!'", 314575, 10, 6),
        (_choice, "self.contains('A')", 2, 1000, 401),
        (_list("number"), "self[1] == 0.0", 2, 5000, 2),
        (_list("string"), "self[1] == self[1]", 314577, 8, 314577),
        (_list("either"), "self[0] == 5", 3, 10, 3),
        (_list("duration"), "self[0].getHours() == 2", 4, 525, 4),
        (_list("number"), "self.all(x, x == 0.0)", 6291454, 6291456, 25165826),
        (_text_map, "self.all(x, x.contains(self[x]))", 2752507, 10, 72),
        (_pairs, "self.all(x, x['y'].required == 'z')", 7340027, 10, 72),
        (_texts, "self.join(' ') == 'aa bb'", 329853068905, 10, 43),
        (_texts, "self.isSorted() == true", 329854432052, 10, 52),
        (_replaced, "self.text.replace(self.old, self.new) == 'some more text'", 629154, 4, 12),
        (_map("integer"), "oldSelf.size() == self.size()", 5, 10, 5),
        (_map("date-time"), "self['a'] == self['b']", 8, 7, 8),
    ],
)
def test_estimates_are_those_of_a_cluster(
    schema: Bounded, rule: str, unbounded: int, most: int, bounded: int
) -> None:
    assert (_cost(schema(None), rule), _cost(schema(most), rule)) == (unbounded, bounded)


def test_loops_in_loops_multiply() -> None:
    rule = "self.all(x, self.all(y, self.all(z, true)))"
    assert _cost(_list("number")(10), rule) == 3552
    assert _cost(_list("number")(None), rule) > RULE_COST_MAX
