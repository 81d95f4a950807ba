"""`--sort-by`: rows and objects by the value of a path.

Models: k8s.io/kubectl/pkg/cmd/get/sorter.go (v0.37.2).
"""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from cluster_engine.apimachinery import jsonpath
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import QuantityError, parse_quantity
from cluster_engine.kubectl.errors import KubectlError


def sort_table(table: Object, path: str) -> Object:
    """The table with its rows in order. Raises KubectlError."""
    rows = table.get("rows") or []
    order = order_of([row.get("object") or {} for row in rows], path)
    return {**table, "rows": [rows[place] for place in order]}


def sort_objects(objects: list[Object], path: str) -> list[Object]:
    """The objects in order. Raises KubectlError."""
    return [objects[place] for place in order_of(objects, path)]


def order_of(objects: list[Object], path: str) -> list[int]:
    """The places of the objects in order. Raises KubectlError."""
    return _order(_values(objects, path))


def _values(objects: list[Object], path: str) -> list[Any]:
    try:
        template = jsonpath.parse(jsonpath.relaxed(path))
        found = [jsonpath.find(template, obj) for obj in objects]
    except jsonpath.JsonPathError as error:
        raise KubectlError(f"sorting error: {error}") from None
    values = [results[0][0] if results and results[0] else None for results in found]
    if objects and all(value is None for value in values):
        shown = jsonpath.relaxed(path)
        raise KubectlError(f'couldn\'t find any field with path "{shown}" in the list of objects')
    return values


def _order(values: list[Any]) -> list[int]:
    def compare(left: int, right: int) -> int:
        one, two = values[left], values[right]
        if one is None or two is None:
            return (one is not None) - (two is not None)
        return _compare(one, two)

    return sorted(range(len(values)), key=cmp_to_key(compare))


def _compare(left: Any, right: Any) -> int:
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return (left > right) - (left < right)
    one, two = str(left), str(right)
    try:
        a, b = parse_quantity(one), parse_quantity(two)
        return (a > b) - (a < b)
    except QuantityError:
        return (one > two) - (one < two)
