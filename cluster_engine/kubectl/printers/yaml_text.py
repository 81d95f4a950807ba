"""YAML as kubectl writes it: sorted keys, quotes only where a reader would else see no text.

libyaml's emitter does the layout (Go's YAML library is its translation), so long plain texts are
folded at the same places.

Models: sigs.k8s.io/yaml (goyaml.v2/encode.go, sorter.go).
"""

from __future__ import annotations

import io
import re
from functools import cmp_to_key
from typing import Any

import yaml

from cluster_engine.apimachinery.json_text import go_float
from cluster_engine.apimachinery.yaml_scalars import ScalarError, resolve

_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", re.ASCII)
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ]+[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?"
    r"(?:[Zz]| ?[-+][0-9]{1,2}(?::?[0-9]{2})?)?)?",
    re.ASCII,
)
_MAP, _SEQUENCE = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"


def to_yaml(value: Any, *, is_sorted: bool = True) -> str:
    """One document, ending with a newline."""
    stream = io.StringIO()
    emitter = yaml.CDumper(
        stream, default_flow_style=False, allow_unicode=True, width=80, sort_keys=False
    )
    try:
        emitter.emit(yaml.StreamStartEvent())
        emitter.emit(yaml.DocumentStartEvent(explicit=False))
        _emit(emitter, value, is_sorted)
        emitter.emit(yaml.DocumentEndEvent(explicit=False))
        emitter.emit(yaml.StreamEndEvent())
    finally:
        emitter.dispose()
    text = stream.getvalue()
    # Of a plain value libyaml marks the end of the document; Go's writer does not.
    return text.removesuffix("...\n") if text.endswith("\n...\n") else text


def _emit(emitter: Any, value: Any, is_sorted: bool) -> None:
    if isinstance(value, dict):
        emitter.emit(
            yaml.MappingStartEvent(anchor=None, tag=_MAP, implicit=True, flow_style=not value)
        )
        for key in sorted(value, key=cmp_to_key(_compare)) if is_sorted else value:
            _emit_text(emitter, str(key))
            _emit(emitter, value[key], is_sorted)
        emitter.emit(yaml.MappingEndEvent())
    elif isinstance(value, list):
        emitter.emit(
            yaml.SequenceStartEvent(anchor=None, tag=_SEQUENCE, implicit=True, flow_style=not value)
        )
        for item in value:
            _emit(emitter, item, is_sorted)
        emitter.emit(yaml.SequenceEndEvent())
    elif isinstance(value, str):
        _emit_text(emitter, value)
    else:
        _emit_scalar(emitter, _plain(value), None)


def _plain(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return go_float(value) if isinstance(value, float) else str(value)


def _emit_text(emitter: Any, text: str) -> None:
    if "\n" in text:
        style: str | None = "|"
    else:
        style = None if _is_plain(text) else '"'
    _emit_scalar(emitter, text, style)


def _emit_scalar(emitter: Any, text: str, style: str | None) -> None:
    emitter.emit(
        yaml.ScalarEvent(anchor=None, tag=None, implicit=(True, True), value=text, style=style)
    )


def _is_plain(text: str) -> bool:
    """Whether the text, unquoted, is read as that text."""
    if _TIMESTAMP.fullmatch(text) or _BASE_60.fullmatch(text) or text == "<<":
        return False
    try:
        return isinstance(resolve(text, None, is_plain=True), str)
    except ScalarError:
        return False


def _compare(left: Any, right: Any) -> int:
    """The order of keys: letters after all else, numbers by value."""
    one, two = str(left), str(right)
    for place in range(min(len(one), len(two))):
        a, b = one[place], two[place]
        if a == b:
            continue
        if a.isalpha() and b.isalpha():
            return -1 if a < b else 1
        if a.isalpha() or b.isalpha():
            return -1 if b.isalpha() else 1
        return _compare_numbers(one, two, place)
    return len(one) - len(two)


def _compare_numbers(one: str, two: str, place: int) -> int:
    start = 0
    if "0" in (one[place], two[place]):
        before = re.search(r"[0-9]*$", one[:place], re.ASCII)
        start = 1 if before and before.group().strip("0") else 0
    numbers = []
    for text in (one, two):
        digits = re.match(r"[0-9]*", text[place:], re.ASCII)
        found = digits.group() if digits else ""
        numbers.append((int(f"{start}{found}"), len(found)))
    if numbers[0] != numbers[1]:
        return -1 if numbers[0] < numbers[1] else 1
    return -1 if one[place] < two[place] else 1
