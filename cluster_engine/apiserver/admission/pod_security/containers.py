"""Looking through the containers of a pod, and wording what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cluster_engine.apimachinery.objects import Object

#: Whether a security context breaks a rule.
_Test = Callable[[Object], bool]


def containers(spec: Object) -> Iterator[Object]:
    """All containers, in the order in which they are judged."""
    for field in ("initContainers", "containers", "ephemeralContainers"):
        yield from spec.get(field) or ()


def security(holder: Object) -> Object:
    """The security context of a container or a pod's spec; empty without one."""
    return holder.get("securityContext") or {}


def bad_containers(spec: Object, is_bad: _Test) -> list[str]:
    """Names of the containers whose security context is bad."""
    return [item["name"] for item in containers(spec) if is_bad(security(item))]


def setters(spec: Object, is_bad: _Test) -> str:
    """The pod and containers whose security context is bad, in words; empty for none."""
    found = ["pod"] if is_bad(security(spec)) else []
    names = bad_containers(spec, is_bad)
    if names:
        found.append(named("container", names))
    return " and ".join(found)


def values(spec: Object, *path: str) -> list[Any]:
    """What the security contexts of pod and containers have at a path, where they have it."""
    found = []
    for holder in (spec, *containers(spec)):
        value: Any = security(holder)
        for field in path:
            value = (value or {}).get(field)
        if value is not None:
            found.append(value)
    return found


def named(noun: str, names: Iterable[str]) -> str:
    """`container "a"` or `containers "a", "b"`."""
    names = list(names)
    return f"{plural(noun, len(names))} {quoted(names)}"


def plural(noun: str, count: int) -> str:
    """The noun, with an s for any number but one."""
    return noun if count == 1 else f"{noun}s"


def quoted(words: Iterable[str]) -> str:
    """The words, each in quotes."""
    return ", ".join(f'"{word}"' for word in words)
