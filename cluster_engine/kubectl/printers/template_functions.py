"""The functions of Go templates, and the two that kubectl adds.

Models: text/template/funcs.go and k8s.io/cli-runtime/pkg/printers/template.go (v0.37.2).
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

from cluster_engine.apimachinery.jsonpath import go_text

#: What a missing key gives.
NO_VALUE = "<no value>"
_VERB = re.compile(r"%([-+# 0]*)([0-9]*)(?:\.([0-9]+))?([a-zA-Z%])")


class TemplateError(ValueError):
    """The template is malformed or does not fit the data."""


def is_true(value: Any) -> bool:
    """Go's truth: not zero, not empty."""
    return bool(value)


def text_of(value: Any) -> str:
    """As an action prints it."""
    return NO_VALUE if value is None else go_text(value)


def index(item: Any, *keys: Any) -> Any:
    for key in keys:
        if isinstance(item, dict):
            item = item.get(key)
        elif isinstance(item, (list, str)):
            if not isinstance(key, int) or isinstance(key, bool):
                raise TemplateError(f"error calling index: cannot index slice/array with {key!r}")
            if not 0 <= key < len(item):
                raise TemplateError(f"error calling index: index out of range: {key}")
            item = item[key]
        elif item is None:
            raise TemplateError("error calling index: index of untyped nil")
        else:
            raise TemplateError("error calling index: can't index item of that type")
    return item


def exists(item: Any, *keys: Any) -> bool:
    """Whether there is something at those keys."""
    try:
        return index(item, *keys) is not None
    except TemplateError:
        return False


def printf(form: str, *values: Any) -> str:
    rest = list(values)

    def fill(found: re.Match[str]) -> str:
        flags, width, precision, verb = found.groups()
        if verb == "%":
            return "%"
        if not rest:
            return f"%!{verb}(MISSING)"
        text = _formatted(rest.pop(0), verb, precision)
        if width:
            text = text.ljust(int(width)) if "-" in flags else text.rjust(int(width))
        return text

    return _VERB.sub(fill, form)


def _formatted(value: Any, verb: str, precision: str | None) -> str:
    if verb == "q":
        return json.dumps(str(value), ensure_ascii=False)
    if verb in "xX" and isinstance(value, int):
        return f"{value:{verb}}"
    if verb == "f" and isinstance(value, (int, float)):
        return f"{value:.{precision or 6}f}"
    text = go_text(value)
    return text[: int(precision)] if precision and verb == "s" else text


def _size(value: Any) -> int:
    if isinstance(value, (dict, list)):
        return len(value)
    if isinstance(value, str):
        return len(value.encode())
    raise TemplateError("error calling len: len of that type")


def _decoded(text: Any) -> str:
    try:
        return base64.b64decode(str(text), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        raise TemplateError("error calling base64decode: illegal base64 data") from None


def _equal(first: Any, *others: Any) -> bool:
    return any(type(first) is type(other) and first == other for other in others)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def call(left: Any, right: Any) -> bool:
        if type(left) is not type(right) and not (
            isinstance(left, (int, float)) and isinstance(right, (int, float))
        ):
            raise TemplateError("error calling lt: incompatible types for comparison")
        return compare(left, right)

    return call


def _sliced(item: Any, *bounds: Any) -> Any:
    return item[slice(*bounds)] if len(bounds) != 1 else item[bounds[0] :]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "and": lambda *values: next((v for v in values if not is_true(v)), values[-1]),
    "or": lambda *values: next((v for v in values if is_true(v)), values[-1]),
    "not": lambda value: not is_true(value),
    "len": _size,
    "index": index,
    "slice": _sliced,
    "exists": exists,
    "base64decode": _decoded,
    "print": lambda *values: "".join(map(text_of, values)),
    "println": lambda *values: " ".join(map(text_of, values)) + "\n",
    "printf": printf,
    "html": lambda *values: html.escape("".join(map(text_of, values)), quote=True),
    "js": lambda *values: json.dumps("".join(map(text_of, values)))[1:-1],
    "urlquery": lambda *values: quote_plus("".join(map(text_of, values))),
    "eq": _equal,
    "ne": lambda left, right: not _equal(left, right),
    "lt": _ordered(lambda left, right: bool(left < right)),
    "le": _ordered(lambda left, right: bool(left <= right)),
    "gt": _ordered(lambda left, right: bool(left > right)),
    "ge": _ordered(lambda left, right: bool(left >= right)),
}
