"""Table columns that a definition declares, by JSONPath.

Models: k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cluster_engine.apimachinery import jsonpath
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.kinds.columns import AGE, NAME, since
from cluster_engine.kinds.kind import Cells, Column

_DEFAULT_AGE = Column("Age", "date", described_by=AGE.described_by)
_CREATED = ".metadata.creationTimestamp"


def columns_of(declared: Sequence[Object]) -> tuple[Column, ...]:
    """The columns; a name and an age when none is declared, or when a path is none."""
    if not declared:
        return (NAME, _DEFAULT_AGE)
    columns = [NAME]
    for column in declared:
        path = column.get("jsonPath", "")
        if _template(path) is None:
            break
        meaning = column.get("description") or (
            f"Custom resource definition column (in JSONPath format): {path}"
        )
        columns.append(
            Column(
                column["name"],
                column["type"],
                column.get("format", ""),
                meaning,
                column.get("priority", 0),
            )
        )
    return tuple(columns)


def cells_of(declared: Sequence[Object]) -> Cells:
    """Makes the rows of those columns."""
    found: list[tuple[list[Any], str]] = []
    for column in declared or ({"jsonPath": _CREATED, "type": "date"},):
        template = _template(column.get("jsonPath", ""))
        if template is None:
            break
        found.append((template, column["type"]))

    def cells(obj: Object, now_ms: int) -> list[Any]:
        values = [_cell(template, type_, obj, now_ms) for template, type_ in found]
        return [obj["metadata"].get("name", ""), *values]

    return cells


def _template(path: str) -> list[Any] | None:
    try:
        return list(jsonpath.parse(f"{{{path}}}"))
    except jsonpath.JsonPathError:
        return None


def _cell(template: list[Any], type_: str, obj: Object, now_ms: int) -> Any:
    try:
        results = jsonpath.find(template, obj)
    except jsonpath.JsonPathError:
        return None
    if not results or not results[0]:
        return None
    value = results[0][0]
    if type_ == "string":
        return jsonpath.printed(value)
    shown = _SHOWN.get(type_)
    return None if value is None or shown is None else shown(value, now_ms)


def _integer(value: Any, now_ms: int) -> int | None:
    del now_ms
    return int(value) if isinstance(value, int | float) and value is not True else None


def _number(value: Any, now_ms: int) -> float | None:
    del now_ms
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else None


def _boolean(value: Any, now_ms: int) -> bool | None:
    del now_ms
    return value if isinstance(value, bool) else None


def _date(value: Any, now_ms: int) -> str | None:
    if not isinstance(value, str):
        return None
    try:
        parse_rfc3339(value)
    except ValueError:
        return "<invalid>"
    return since(value, now_ms)


_SHOWN: dict[str, Callable[[Any, int], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
}
