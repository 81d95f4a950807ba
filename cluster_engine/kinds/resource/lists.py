"""Lists with a limit, in which each entry may stand once.

Models: validateSlice and validateSet in k8s.io/kubernetes/pkg/apis/resource/validation, MaxItems
and ValSliceUnique in k8s.io/apimachinery/pkg/api/validate (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cluster_engine.apimachinery.fields import FieldError, duplicate, too_many
from cluster_engine.kinds.checks import declared
from cluster_engine.kinds.internal import published

CheckItem = Callable[[list[FieldError], str, Any], None]


def check_items(
    problems: list[FieldError],
    path: str,
    items: Sequence[Any] | None,
    limit: int,
    check: CheckItem,
    *,
    is_declared: bool = True,
) -> bool:
    """Each entry of a list, unless there are too many of them; returns whether it looked."""
    items = items or ()
    if len(items) > limit:
        found = declared(problems) if is_declared else problems
        found.append(too_many(path, len(items), limit))
        return False
    for position, item in enumerate(items):
        check(problems, f"{path}[{position}]", item)
    return True


def check_names(
    problems: list[FieldError],
    path: str,
    names: Sequence[str] | None,
    limit: int,
    check: CheckItem,
) -> None:
    """A list of distinct names."""
    if check_items(problems, path, names, limit, check):
        check_unique(declared(problems), path, names)


def check_unique(
    problems: list[FieldError],
    path: str,
    items: Sequence[Any] | None,
    keys: tuple[str, ...] = (),
    type_: str = "",
) -> None:
    """Each entry once: plain values, or objects by their `keys`.

    `type_`: the published type whose whole value a declarative rule shows; empty: the one key.
    """
    seen: list[Any] = []
    for position, item in enumerate(items or ()):
        key = {one: item.get(one) for one in keys} if keys else item
        if key not in seen:
            seen.append(key)
            continue
        shown = key[keys[0]] if keys else item
        whole = published(type_, item) if type_ else shown
        problems.append(duplicate(f"{path}[{position}]", whole))
