"""A cluster made from entries; see layout. The entries come from anywhere: nothing is trusted.

The parts are wired around a store filled with the objects and start as after a power cut: the
kubelets adopt what the statuses say, the others are told of every object as of a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from cluster_engine.apimachinery.objects import Object
from cluster_engine.console import CONTAINER_ID
from cluster_engine.portable import files, layout, objects
from cluster_engine.portable.layout import PortableError
from cluster_engine.runtime.filesystem.volume import Volume
from cluster_engine.simulation.limits import Limits
from cluster_engine.spec import ClusterSpec
from cluster_engine.store.changes import Origin
from cluster_engine.store.history import History
from cluster_engine.wiring import Parts, wire

_LINES_MAX = 20_000
_ORIGIN = Origin("podyard")
_SPEC: Mapping[str, type] = {
    "name": str,
    "nodes": int,
    "seed": int,
    "profile": str,
    "node_cpu": str,
    "node_memory": str,
    "node_pods": int,
    "is_api_only": bool,
    "start_ms": int,
}
_LINE = {"revision": int, "time": int, "actor": str, "verb": str, "kind": str, "name": str}
_TIME_MS_MAX = 1 << 46


def read(entries: Mapping[str, bytes], limits: Limits | None = None) -> tuple[ClusterSpec, Parts]:
    """A cluster's spec and parts. Raises PortableError, which names the entry and the fix."""
    limits = limits or Limits()
    head = _head(entries)
    spec = _spec(head, limits)
    now_ms = _number(head, "now_ms", _TIME_MS_MAX)
    revision = _number(head, "revision", 1 << 53)
    found = objects.read(_entry(entries, layout.OBJECTS), revision, limits)
    history = History(limits.history_changes_max)
    history.compact(revision)
    parts = wire(spec, now_ms, stored=(revision, found, history))
    _set_randomness(parts, head)
    parts.past.lines = tuple(_lines(entries))
    if parts.scheduler is not None:
        parts.scheduler.explanations.take(_explanations(entries))
    if parts.kubelets is not None:
        parts.kubelets.adopt()
        _put_files(parts, entries)
    parts.store.announce(_ORIGIN, now_ms)
    return spec, parts


def _head(entries: Mapping[str, bytes]) -> Object:
    head = _json(_entry(entries, layout.HEAD), layout.HEAD)
    if not isinstance(head, dict) or head.get("format") != layout.FORMAT:
        raise PortableError(layout.HEAD, f"format is not {layout.FORMAT!r}")
    if head.get("version") != layout.VERSION:
        known = layout.VERSION
        raise PortableError(
            layout.HEAD, f"version {head.get('version')!r}: this server reads version {known}"
        )
    return head


def _spec(head: Object, limits: Limits) -> ClusterSpec:
    given = head.get("spec")
    if not isinstance(given, dict):
        raise PortableError(layout.HEAD, "spec is missing")
    for name, kind in _SPEC.items():
        is_right = isinstance(given.get(name), kind) and (
            kind is bool or not isinstance(given[name], bool)
        )
        if not is_right:
            raise PortableError(layout.HEAD, f"spec.{name} {given.get(name)!r}: {kind.__name__}")
    if not 0 <= given["start_ms"] < _TIME_MS_MAX or not 0 <= given["seed"] < 1 << 63:
        raise PortableError(layout.HEAD, "spec.start_ms or spec.seed is out of bounds")
    try:
        return ClusterSpec(**{name: given[name] for name in _SPEC}, limits=limits)
    except ValueError as error:
        raise PortableError(layout.HEAD, f"spec.{error}") from None


def _set_randomness(parts: Parts, head: Object) -> None:
    given = head.get("randomness")
    if not isinstance(given, dict) or len(given) > 1_000:
        raise PortableError(layout.HEAD, "randomness is missing")
    try:
        positions: dict[str, object] = {
            str(name): (version, tuple(numbers), gauss)
            for name, (version, numbers, gauss) in given.items()
        }
        parts.randomness.restore(positions)
    except (TypeError, ValueError, OverflowError):
        raise PortableError(layout.HEAD, "randomness holds no positions of streams") from None


def _lines(entries: Mapping[str, bytes]) -> list[Object]:
    found = []
    for place, line in enumerate(entries.get(layout.TIMELINE, b"").split(b"\n"), 1):
        if not line or place > _LINES_MAX:
            continue
        where = f"{layout.TIMELINE}, line {place}"
        row = _json(line, where)
        if not isinstance(row, dict):
            raise PortableError(where, "is no JSON object")
        for name, kind in _LINE.items():
            if not isinstance(row.get(name), kind):
                raise PortableError(where, f"{name} is missing")
        found.append(row)
    return found


def _explanations(entries: Mapping[str, bytes]) -> dict[str, list[Object]]:
    given = _json(entries.get(layout.SCHEDULING, b"{}"), layout.SCHEDULING)
    if not isinstance(given, dict):
        raise PortableError(layout.SCHEDULING, "is no JSON object")
    for uid, attempts in given.items():
        if not isinstance(attempts, list) or not all(isinstance(one, dict) for one in attempts):
            raise PortableError(layout.SCHEDULING, f"{uid}: give a list of attempts")
    return given


def _put_files(parts: Parts, entries: Mapping[str, bytes]) -> None:
    index = entries.get(layout.FILES, b"")
    for where, row in files.lines(index):
        volume = _volume(parts, row["in"])
        if volume is not None:
            files.put(volume, row, entries, where)


def _volume(parts: Parts, place: str) -> Volume | None:
    """The tree that a line is about; None when what it was in has not come back."""
    kernel, console = parts.kernel, parts.console
    assert kernel is not None and console is not None
    kind, _, container_id = place.partition(":")
    if kind != "container":
        return kernel.volumes.take(place, parts.clock.now_ms)
    if container_id == CONTAINER_ID:
        console.start()
    found = kernel.find(container_id)
    if found is None:
        return None
    kernel.sandboxes.touch(found[0].id)
    return found[1].layer


def _entry(entries: Mapping[str, bytes], name: str) -> bytes:
    if name not in entries:
        raise PortableError(name, "is missing")
    return entries[name]


def _json(data: bytes, where: str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise PortableError(where, f"is not JSON: {error}") from None


def _number(head: Object, name: str, most: int) -> int:
    value = head.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < most:
        raise PortableError(layout.HEAD, f"{name} {value!r}: give a number below {most}")
    return value
