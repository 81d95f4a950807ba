"""Expressions in CEL: what they come to, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_engine.apimachinery.cel.programs import (
    CompileError,
    EvaluationError,
    compile_expression,
)
from cluster_engine.apimachinery.cel.types import (
    BOOL,
    DYN,
    INT,
    STRING,
    Type,
    list_of,
    map_of,
    object_type,
)

_SELF = object_type(
    "object",
    lambda: {"a": INT, "name": STRING, "tags": list_of(STRING), "m": map_of(STRING, INT)},
)
_TYPES: dict[str, Type] = {"object": DYN, "self": _SELF}
_VALUES: dict[str, Any] = {
    "object": {
        "metadata": {"name": "bad1", "labels": {"x": "1"}},
        "data": {"a": "1", "b": "2"},
        "n": 3,
        "l": [1, 2, 3],
    },
    "self": {"a": 1, "name": "n", "tags": ["a", "b"], "m": {"k": 2}},
}


def _value(expression: str) -> Any:
    return compile_expression(expression, _TYPES).run(_VALUES)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!has(object.data) || object.data.size() < 2", False),
        ("'name ' + object.metadata.name + ' refused'", "name bad1 refused"),
        ("!has(object.metadata.labels) || !('x' in object.metadata.labels)", False),
        ("has(self.a) && has(self.tags)", True),
        ("object.l.all(i, i > 0) && object.l.exists(i, i == 2)", True),
        ("object.l.map(i, i * 2) == [2, 4, 6]", True),
        ("object.l.filter(i, i > 1).size()", 2),
        ("self.tags.exists_one(x, x == 'a') ? 'one' : 'many'", "one"),
        ("{'a': 1, 'b': 2}.map(k, k)", ["a", "b"]),
        ("self.tags.all(x, x.startsWith('a'))", False),
        ("object.n > 2.5 && 1u < 2 && type(object.n) == int", True),
        ("object.missing == 1 || true", True),
        ("false && 1 / 0 == 1", False),
        ("[3, 1, 2].max() + [1, 2].sum()", 6),
        ("self.?a.orValue(5) + self.m[?'zz'].orValue(1)", 2),
        ("'abc'.matches('^a.c$') && 'x'.size() == 1", True),
        ("has(object.metadata.namespace) ? 1 : 2", 2),
        ("'%d of %s (%%)'.format([dyn(3), dyn('x')])", "3 of x (%)"),
        ("'%s %s %s'.format([dyn([1, 2]), dyn({'b': 'q'}), dyn(null)])", '[1, 2] {"b":"q"} null'),
        ("'%.2f %e'.format([1234.5, 1234.5])", "1,234.50 1.234500 × 10⁰³"),
        ("'%b %x %X %o'.format([dyn(5), dyn('ab'), dyn(255), dyn(8)])", "101 6162 FF 10"),
        ("strings.quote('a\"b')", '"a\\"b"'),
        ("'a-b-c'.split('-').join('+').upperAscii()", "A+B+C"),
    ],
)
def test_an_expression_has_a_value(expression: str, expected: Any) -> None:
    assert _value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("duration('1h30m').getMinutes()", 90),
        ("timestamp('2026-01-02T03:04:05Z').getDayOfWeek()", 5),
        (
            "string(timestamp('2026-01-02T03:04:05.5Z') + duration('1s'))",
            "2026-01-02T03:04:06.5Z",
        ),
        ("quantity('1Gi').isGreaterThan(quantity('500Mi'))", True),
        ("isURL('https://a.b:80/c?d=e') && url('https://a.b:80/c').getPort() == '80'", True),
        ("cidr('10.0.0.0/8').containsIP('10.1.2.3') && ip('::1').family() == 6", True),
        ("semver('1.10.0').isGreaterThan(semver('1.9.9')) && !isSemver('v1')", True),
        ("semver('v1.2', true).minor() + semver('1.0.0-rc.1').compareTo(semver('1.0.0'))", 1),
        ("!format.dns1123Label().validate('ok').hasValue()", True),
        ("format.dns1123Label().validate('ok') == null || self == null", False),
        ("!format.dns1123Label().validate('Not Ok').hasValue()", False),
    ],
)
def test_the_libraries_of_a_cluster_are_there(expression: str, expected: Any) -> None:
    assert _value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("object.x", "no such key: x"),
        ("object.l[5]", "index out of bounds: 5"),
        ("1 / 0", "division by zero"),
        ("9223372036854775807 + 1", "integer overflow"),
        ("semver('1.2') == semver('1.2.0')", "No Major.Minor.Patch elements found"),
        (
            "'%d'.format(['x'])",
            "error during formatting: decimal clause can only be used on integers, was given "
            "string",
        ),
        ("'%d'.format([])", "index 0 out of range"),
    ],
)
def test_an_expression_fails(expression: str, said: str) -> None:
    with pytest.raises(EvaluationError) as failure:
        _value(expression)
    assert str(failure.value) == said


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("self.zz == 1", "1:5: undefined field 'zz'\n | self.zz == 1\n | ....^"),
        (
            "self.a + 'x'",
            "1:8: found no matching overload for '_+_' applied to '(int, string)'"
            "\n | self.a + 'x'\n | .......^",
        ),
        (
            "x == 1",
            "1:1: undeclared reference to 'x' (in container '')\n | x == 1\n | ^",
        ),
        (
            "self.tags == null",
            "1:11: found no matching overload for '_==_' applied to '(list(string), null)'"
            "\n | self.tags == null\n | ..........^",
        ),
        ("namespace", "1:1: reserved identifier: namespace\n | namespace\n | ^"),
        (
            "a b",
            "1:3: Syntax error: mismatched input 'b' expecting <EOF>\n | a b\n | ..^",
        ),
    ],
)
def test_an_expression_is_refused(expression: str, said: str) -> None:
    with pytest.raises(CompileError) as refusal:
        _value(expression)
    assert str(refusal.value) == f"compilation failed: ERROR: <input>:{said}"


def test_the_result_must_have_the_asked_type() -> None:
    with pytest.raises(CompileError, match="must evaluate to bool but got int"):
        compile_expression("1", _TYPES, (BOOL,))


def test_an_endless_expression_is_cancelled() -> None:
    names = [f"v{number}" for number in range(12)]
    expression = "1"
    for name in names:
        expression = f"object.l.map({name}, {expression})"
    with pytest.raises(EvaluationError, match="actual cost limit exceeded"):
        _value(expression)


def _structs(name: str) -> dict[str, Type] | None:
    return {"a": INT, "b": STRING} if name == "some.Thing" else None


def test_objects_of_known_types_are_made() -> None:
    expression = "[some.Thing{a: 1 + 1, ?b: optional.none()}][0]"
    program = compile_expression(expression, _TYPES, structs=_structs)
    assert str(program.type) == "some.Thing"
    made = program.run(_VALUES)
    assert (made.TYPE, made.fields) == ("some.Thing", {"a": 2})


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("Other{}", "undeclared reference to 'Other' (in container '')"),
        ("some.Thing{c: 1}", "undefined field 'c'"),
        (
            "some.Thing{a: ''}",
            "expected type of field 'a' is 'int' but provided type is 'string'",
        ),
    ],
)
def test_objects_must_fit_their_types(expression: str, said: str) -> None:
    with pytest.raises(CompileError) as refusal:
        compile_expression(expression, _TYPES, structs=_structs)
    assert said in str(refusal.value)


def test_an_empty_list_has_the_type_of_its_place() -> None:
    program = compile_expression("has(self.a) ? [] : ['a']", _TYPES)
    assert str(program.type) == "list(string)"
