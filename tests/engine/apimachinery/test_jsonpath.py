"""JSONPath as kubectl knows it."""

import pytest

from cluster_engine.apimachinery.json_text import go_float, to_json
from cluster_engine.apimachinery.jsonpath import JsonPathError, find, parse, relaxed, render

DATA = {
    "kind": "List",
    "items": [
        {"metadata": {"name": "a", "labels": {"x.y/z": "1"}}, "n": 1, "ok": True},
        {"metadata": {"name": "b"}, "n": 25, "ok": False},
        {"metadata": {"name": "c"}, "n": 3},
    ],
    "numbers": [1, 2, 3, 4],
    "quote": "it's",
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{.kind}", "List"),
        ("kind is {.kind}", "kind is List"),
        ("{.items[*].metadata.name}", "a b c"),
        ("{.items[0].metadata.name}", "a"),
        ("{.items[-1].metadata.name}", "c"),
        ("{.numbers[1:3]}", "2 3"),
        ("{.numbers[::2]}", "1 3"),
        ("{.numbers[0,3]}", "1 4"),
        ("{..name}", "a b c"),
        ("{.items[?(@.n>2)].metadata.name}", "b c"),
        ("{.items[?(@.ok==true)].metadata.name}", "a"),
        ("{.items[?(@.metadata.name=='b')].n}", "25"),
        ('{.items[?(@.metadata.name!="b")].n}', "1 3"),
        ("{range .items[*]}{.metadata.name}={.n}{'\\n'}{end}", "a=1\nb=25\nc=3\n"),
        ("{.items[0].metadata.labels.x\\.y/z}", "1"),
        ("{.items[0].metadata.labels['x\\.y/z']}", "1"),
        ("{.items[0]['n','ok']}", "1 true"),
        ("{'text'}", "text"),
        ("{.nope}", ""),
        ("{.items[0].metadata}", '{"labels":{"x.y/z":"1"},"name":"a"}'),
        ("{$.kind}", "List"),
        ("{@.kind}", "List"),
        ("{.quote}", "it's"),
    ],
)
def test_templates(template, text):
    assert render(template, DATA) == text


def test_values_come_one_list_per_node():
    assert find(parse("{.kind}{.numbers[*]}"), DATA) == [["List"], [1, 2, 3, 4]]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{.a", "unclosed action"),
        ("{.a[}", "unterminated array"),
        ("{.items[*]", "unclosed action"),
    ],
)
def test_what_is_no_template(template, message):
    with pytest.raises(JsonPathError, match=message):
        parse(template)


def test_missing_fields_can_be_refused():
    with pytest.raises(JsonPathError, match="nope is not found"):
        render("{.nope}", DATA, allows_missing=False)


def test_an_index_beyond_the_end():
    with pytest.raises(JsonPathError, match=r"array index out of bounds: index 9, length 4"):
        render("{.numbers[9]}", DATA)


@pytest.mark.parametrize(
    ("path", "template"),
    [("a.b", "{.a.b}"), (".a.b", "{.a.b}"), ("{a.b}", "{.a.b}"), ("{.a.b}", "{.a.b}"), ("", "")],
)
def test_relaxed_paths(path, template):
    assert relaxed(path) == template


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ({"a": "<&>"}, '{"a":"\\u003c\\u0026\\u003e"}'),
        ({"a": "ü\u2028"}, '{"a":"ü\\u2028"}'),
        ({"a": 1.0, "b": 1.5}, '{"a":1,"b":1.5}'),
    ],
)
def test_json_as_go_writes_it(value, text):
    assert to_json(value, indent=None) == text


@pytest.mark.parametrize(
    ("number", "text"), [(1e21, "1e+21"), (1e-7, "1e-07"), (0.1, "0.1"), (100.0, "100")]
)
def test_floats_as_go_writes_them(number, text):
    assert go_float(number) == text
