"""Field errors: what validators yield, with upstream's types and texts.

Models: k8s.io/apimachinery/pkg/util/validation/field (v0.37.2). Paths are plain strings
("spec.containers[0].name"); the helpers below build them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.json_text import quoted, to_shown_json

REQUIRED = "FieldValueRequired"
INVALID = "FieldValueInvalid"
NOT_SUPPORTED = "FieldValueNotSupported"
DUPLICATE = "FieldValueDuplicate"
NOT_FOUND = "FieldValueNotFound"
FORBIDDEN = "FieldValueForbidden"
TOO_LONG = "FieldValueTooLong"
TOO_MANY = "FieldValueTooMany"
TYPE_INVALID = "FieldValueTypeInvalid"
INTERNAL = "InternalError"

_TITLES = {
    REQUIRED: "Required value",
    INVALID: "Invalid value",
    NOT_SUPPORTED: "Unsupported value",
    DUPLICATE: "Duplicate value",
    NOT_FOUND: "Not found",
    FORBIDDEN: "Forbidden",
    TOO_LONG: "Too long",
    TOO_MANY: "Too many",
    TYPE_INVALID: "Invalid value",
    INTERNAL: "Internal error",
}

#: Stands for "no value to show" (None is a value: null).
OMIT: Any = object()


@dataclass(frozen=True, slots=True)
class FieldError:
    """One problem with one field. `value` is shown as upstream shows it, OMIT hides it."""

    type: str
    field: str
    value: Any
    detail: str

    def body(self) -> str:
        """The text without the field: `Invalid value: "x": must be y`."""
        title = _TITLES[self.type]
        shown = title if self.value is OMIT else f"{title}: {_shown(self.value)}"
        return f"{shown}: {self.detail}" if self.detail else shown

    def text(self) -> str:
        """The text with the field, as it stands in the Status message."""
        return f"{self.field}: {self.body()}"


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (dict, list)):
        return to_shown_json(value)
    return str(value)


def without_repeats(problems: Iterable[FieldError]) -> list[FieldError]:
    """Each problem once, as they are reported."""
    return list({problem.text(): problem for problem in problems}.values())


def child(path: str, *names: str) -> str:
    """`child("spec", "name")` is "spec.name"; an empty path starts one."""
    return ".".join([path, *names] if path else names)


def index(path: str, position: int) -> str:
    """`index("spec.containers", 0)` is "spec.containers[0]"."""
    return f"{path}[{position}]"


def key(path: str, name: str) -> str:
    """`key("metadata.labels", "a")` is "metadata.labels[a]"."""
    return f"{path}[{name}]"


def required(path: str, detail: str = "") -> FieldError:
    return FieldError(REQUIRED, path, OMIT, detail)


def invalid_value(path: str, value: Any, detail: str) -> FieldError:
    return FieldError(INVALID, path, value, detail)


def not_supported(path: str, value: Any, supported: Iterable[str]) -> FieldError:
    """The supported values are shown quoted, in the given order."""
    values = ", ".join(quoted(word) for word in supported)
    return FieldError(NOT_SUPPORTED, path, value, f"supported values: {values}")


def duplicate(path: str, value: Any) -> FieldError:
    return FieldError(DUPLICATE, path, value, "")


def not_found_value(path: str, value: Any) -> FieldError:
    return FieldError(NOT_FOUND, path, value, "")


def forbidden_field(path: str, detail: str) -> FieldError:
    return FieldError(FORBIDDEN, path, OMIT, detail)


def too_long(path: str, limit: int) -> FieldError:
    return FieldError(TOO_LONG, path, OMIT, f"may not be more than {limit} bytes")


def too_many(path: str, actual: int, limit: int) -> FieldError:
    return FieldError(TOO_MANY, path, actual, f"must have at most {limit} items")
