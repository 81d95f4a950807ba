"""Reading values that may have any shape: what people paste is not yet checked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_NOTHING: Mapping[str, Any] = {}


def mapping(value: Any, *names: str) -> Mapping[str, Any]:
    """The mapping at names below a value; an empty one when there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else _NOTHING


def at(value: Any, *names: str) -> Any:
    """What stands at names below a value; None when there is nothing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def entries(value: Any, *names: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The mappings in the list at names below a value, each with its index."""
    found = at(value, *names)
    if isinstance(found, list):
        for index, item in enumerate(found):
            if isinstance(item, dict):
                yield index, item


def texts(value: Any, *names: str) -> Iterator[tuple[int, str]]:
    """The texts in the list at names below a value, each with its index."""
    found = at(value, *names)
    if isinstance(found, list):
        for index, item in enumerate(found):
            if isinstance(item, str):
                yield index, item


def labels(value: Any, *names: str) -> dict[str, str]:
    """A mapping of texts to texts; what is no text is left out."""
    return {key: text for key, text in mapping(value, *names).items() if isinstance(text, str)}


def number(value: Any, *names: str) -> int | None:
    """A whole number; None for anything else, true and false included."""
    found = at(value, *names)
    return found if isinstance(found, int) and not isinstance(found, bool) else None
