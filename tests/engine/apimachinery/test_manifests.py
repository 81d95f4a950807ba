"""Reading manifests: scalars as Kubernetes reads them, places, problems, and hostile input."""

from __future__ import annotations

import dataclasses
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.apimachinery.manifests import LimitError, ManifestError, load_manifests
from cluster_engine.simulation.limits import Limits

SCALARS = {
    "a word": ("web", "web"),
    "yes is true": ("yes", True),
    "off is false": ("off", False),
    "y is true": ("y", True),
    "a quoted word": ('"yes"', "yes"),
    "octal": ("0644", 420),
    "new octal": ("0o17", 15),
    "hexadecimal": ("0x1F", 31),
    "underscores": ("1_000", 1000),
    "no octal is a float": ("089", 89),
    "a whole float": ("1.0", 1),
    "an exponent": ("1e3", 1000),
    "a fraction": (".5", 0.5),
    "base 60 stays text": ("1:30", "1:30"),
    "a date stays text": ("2024-01-02", "2024-01-02"),
    "a version stays text": ("1.2.3", "1.2.3"),
    "a quantity stays text": ("100Mi", "100Mi"),
    "nothing": ("", None),
    "tilde": ("~", None),
    "text by tag": ("!!str 80", "80"),
    "number by tag": ('!!int "80"', 80),
    "binary": ("!!binary aGk=", "hi"),
    "largest unsigned": ("18446744073709551615", 18446744073709551615),
    "a block": ("|\n  one\n  two\n", "one\ntwo\n"),
}


@pytest.mark.parametrize(("text", "expected"), SCALARS.values(), ids=SCALARS.keys())
def test_scalars(text, expected):
    value = load_manifests(f"a: {text}\n")[0].object["a"]
    assert value == expected and type(value) is type(expected)


def test_keys_become_text():
    manifest = load_manifests("1: a\ny: b\nno: c\n'x': d\n")[0]
    assert manifest.object == {"1": "a", "true": "b", "false": "c", "x": "d"}


def test_places_of_keys_and_items():
    manifest = load_manifests("kind: Pod\nspec:\n  containers:\n  - name: a\n    image: b\n")[0]
    assert manifest.position(("spec", "containers", 0, "image")) == (5, 5)
    assert manifest.position(("spec", "containers", 0)) == (4, 5)
    assert manifest.position(("spec", "none", "deeper")) == (2, 1)
    assert manifest.positions[("spec", "containers")] == (3, 3)


def test_documents_and_their_lines():
    found = load_manifests("---\na: 1\n---\n# nothing\n---\nb: 2\n...\n")
    assert [(item.object, item.start_line) for item in found] == [({"a": 1}, 2), ({"b": 2}, 6)]


def test_a_duplicate_key_is_told_and_the_last_counts():
    manifest = load_manifests("a: 1\nb: 2\na: 3\n")[0]
    assert manifest.object == {"a": 3, "b": 2}
    assert [(p.line, p.message) for p in manifest.problems] == [(3, 'key "a" already set in map')]


def test_aliases_and_merges():
    text = "base: &b\n  x: 1\n  z: 2\none:\n  <<: *b\n  z: 5\nlist: [*b, *b]\n"
    found = load_manifests(text)[0].object
    assert found["one"] == {"x": 1, "z": 5}
    assert found["list"][0] == {"x": 1, "z": 2}
    found["list"][0]["x"] = 9
    assert found["list"][1]["x"] == 1


JSON = {
    "one object": ('{"a": "\\ud83d\\ude00"}', [{"a": "😀"}]),
    "two objects": ('{"a": 1}\n{"b": 2}', [{"a": 1}, {"b": 2}]),
    "flow yaml is no json": ("{a: 1, b: [x]}", [{"a": 1, "b": ["x"]}]),
    "tabs": ('{\n\t"a":\t1\n}', [{"a": 1}]),
}


@pytest.mark.parametrize(("text", "expected"), JSON.values(), ids=JSON.keys())
def test_json(text, expected):
    assert [item.object for item in load_manifests(text)] == expected


ERRORS = {
    "an open list": ("a: [", 2, "yaml: line 1: did not find expected node content"),
    "two colons": ("a: b: c", 1, "yaml: mapping values are not allowed in this context"),
    "a tab": (
        "a:\n\t- b\n",
        2,
        "yaml: line 2: found character that cannot start any token",
    ),
    "an unknown alias": ("a: *x\n", 1, "yaml: line 1: unknown anchor 'x' referenced"),
    "a value within itself": (
        "a: &x [*x]\n",
        1,
        "yaml: line 1: anchor 'x' value contains itself",
    ),
    "binary": (b"a: \xff\xfe", 1, "yaml: invalid UTF-8: this is no text"),
    "a control character": ("a: b\nc: \x00", 2, "yaml: control characters are not allowed"),
    "a list": ("- a\n", 1, "yaml: a manifest is a mapping of fields, not a list"),
    "a word": ("hello", 1, "yaml: a manifest is a mapping of fields, not a plain value"),
    "not a number": ("a: .nan\n", 1, "yaml: line 1: json: unsupported value: .nan"),
    "a key that is a list": (
        "[a]: b\n",
        1,
        "yaml: line 1: invalid map key: a key must be a plain value",
    ),
    "a wrong tag": ("a: !!int x\n", 1, "yaml: line 1: cannot decode !!str `x` as a !!int"),
}


@pytest.mark.parametrize(("text", "line", "message"), ERRORS.values(), ids=ERRORS.keys())
def test_errors_have_their_line(text, line, message):
    with pytest.raises(ManifestError) as caught:
        load_manifests(text)
    assert (caught.value.line, caught.value.upstream_text()) == (line, message)


def bomb(levels):
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    for number in range(1, levels):
        lines.append(f"a{number}: &a{number} [{','.join([f'*a{number - 1}'] * 9)}]")
    return "\n".join(lines)


LIMITS = Limits(yaml_bytes_max=20_000_000, yaml_aliases_max=1000, yaml_documents_max=50)
HOSTILE = {
    "too many bytes": ("a" * 21_000_000, "bytes; at most"),
    "an alias bomb": (bomb(12), "excessive aliasing"),
    "too many aliases": ("a: &x 1\nb: [" + "*x," * 1001 + "]", "more than 1000 aliases"),
    "too deep in flow": ("a: " + "[" * 500, "nested more than 100 levels deep"),
    "too deep in json": ('{"a":' * 500 + "1" + "}" * 500, "nested more than 100 levels deep"),
    "too deep in blocks": (
        "\n".join(" " * n + "a:" for n in range(200)),
        "nested more than 100 levels deep",
    ),
    "too many documents": ("a: 1\n---\n" * 10_000, "more than 50 documents"),
    "too many values": ("a: [" + "1," * 500_000 + "]", "values are not accepted"),
}


@pytest.mark.parametrize(("text", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_is_refused_quickly(text, message):
    started = time.process_time()
    with pytest.raises(LimitError, match=message):
        load_manifests(text, LIMITS)
    assert time.process_time() - started < 10


def test_the_default_limits_are_those_of_the_cluster():
    limits = dataclasses.replace(Limits(), yaml_bytes_max=10)
    with pytest.raises(LimitError):
        load_manifests("a: 12345678", limits)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc:-# ", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), VALUES, min_size=1, max_size=3))
def test_what_is_written_is_read_back(obj):
    written = yaml.dump(obj, default_style='"', sort_keys=False)
    assert load_manifests(written)[0].object == obj


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        load_manifests(text)
    except ManifestError as error:
        assert error.line >= 1 and error.message
