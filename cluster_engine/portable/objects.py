"""The objects of a cluster, one JSON line each, as they are stored; read back with full checks.

Whoever reads a file trusts nothing in it: each object is decoded as its published type and
validated as a new one would be, names and uids are unique, revisions rise.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches import managed_fields as mf
from cluster_engine.apiserver.forms import check_object
from cluster_engine.apiserver.managers import Managers, entries_of
from cluster_engine.apiserver.metadata import check_new
from cluster_engine.kinds.custom.record import kind_of
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.registry import Registry
from cluster_engine.portable.layout import OBJECTS, PortableError
from cluster_engine.simulation.limits import Limits
from cluster_engine.store.changes import Record
from cluster_engine.store.store import Key, Store

_DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"
_FIELDS = {"resource", "revision", "object"}

Resources = dict[str, dict[Key, Record]]


def written(store: Store, registry: Registry) -> bytes:
    """Every object, in the order of the revisions."""
    rows = []
    for resource in store.resources():
        kind = registry.resource(resource)
        for record in store.records(resource) if kind is not None else ():
            assert kind is not None
            rows.append((record.revision, resource, _with_managers(kind, record)))
    rows.sort(key=lambda row: row[:2])
    lines = [
        orjson.dumps({"resource": resource, "revision": revision, "object": obj})
        for revision, resource, obj in rows
    ]
    return b"\n".join(lines)


def read(data: bytes, revision: int, limits: Limits) -> Resources:
    """The records that `written` wrote. Raises PortableError, naming line and object."""
    registry, found = Registry(), Resources()
    uids: set[str] = set()
    rows = list(_rows(data, revision, limits))
    for _, resource, obj in rows:
        # Definitions first: they say what else there is.
        if resource == _DEFINITIONS:
            _serve(registry, obj)
    for place, (number, resource, obj) in enumerate(rows, 1):
        where = f"{OBJECTS}, line {place}"
        key, record = _record(registry, resource, obj, number, where)
        uid = record.object["metadata"].get("uid") or ""
        if not uid or uid in uids:
            raise PortableError(where, f"metadata.uid {uid!r}: every object needs one of its own")
        uids.add(uid)
        if key in found.setdefault(resource, {}):
            raise PortableError(where, f"{resource} {'/'.join(key)} is there twice")
        found[resource][key] = record
    return found


def _with_managers(kind: Kind, record: Record) -> Object:
    entries = entries_of(kind, record)
    if not entries:
        return record.object
    return {**record.object, "metadata": {**record.object["metadata"], "managedFields": entries}}


def _rows(data: bytes, revision: int, limits: Limits) -> Iterator[tuple[int, str, Object]]:
    """Revision, resource and object of each line, of the right types."""
    lines = [line for line in data.split(b"\n") if line]
    if len(lines) > limits.objects_max:
        most = limits.objects_max
        raise PortableError(OBJECTS, f"{len(lines)} objects: at most {most} are accepted")
    before = 0
    for place, line in enumerate(lines, 1):
        where = f"{OBJECTS}, line {place}"
        if len(line) > 2 * limits.object_bytes_max:
            raise PortableError(where, f"longer than {2 * limits.object_bytes_max} bytes")
        row = _decoded(line, where)
        number = row.get("revision")
        if isinstance(number, bool) or not isinstance(number, int) or not before < number:
            raise PortableError(where, f"revision {number!r}: give numbers that rise")
        if number > revision:
            raise PortableError(where, f"revision {number} is above the cluster's, {revision}")
        before = number
        if not isinstance(row.get("resource"), str) or not isinstance(row.get("object"), dict):
            raise PortableError(where, "give a resource (a text) and an object")
        yield number, row["resource"], row["object"]


def _decoded(line: bytes, where: str) -> Object:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise PortableError(where, f"is not JSON: {error}") from None
    if not isinstance(row, dict) or set(row) != _FIELDS:
        raise PortableError(where, f"give exactly {', '.join(sorted(_FIELDS))}")
    return row


def _serve(registry: Registry, definition: Object) -> None:
    """Know the kinds of a definition; one that makes no sense is found by its own check."""
    try:
        registry.add(*kind_of(definition))
    except (KeyError, TypeError, ValueError, AttributeError):
        return


def _record(
    registry: Registry, resource: str, obj: Object, revision: int, where: str
) -> tuple[Key, Record]:
    kind = registry.resource(resource)
    if kind is None:
        raise PortableError(where, f"resource {resource!r} is not served")
    metadata = obj.get("metadata")
    if not isinstance(metadata, dict):
        raise PortableError(where, "the object has no metadata")
    managed = metadata.get("managedFields")
    plain = {**obj, "metadata": {k: v for k, v in metadata.items() if k != "managedFields"}}
    _check(kind, plain, f"{where} ({resource} {metadata.get('name')})")
    held = {**plain, "metadata": {**plain["metadata"], "resourceVersion": str(revision)}}
    try:
        managers = Managers(tuple(mf.decode(managed))) if managed else Managers()
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PortableError(where, "metadata.managedFields cannot be read") from None
    key = (metadata.get("namespace") or "", metadata["name"])
    return key, Record(held, revision, managers)


def _check(kind: Kind, obj: Object, where: str) -> None:
    if (obj.get("apiVersion"), obj.get("kind")) != (kind.api_version, kind.kind):
        raise PortableError(where, f"give apiVersion {kind.api_version} and kind {kind.kind}")
    try:
        findings = check_object(kind, obj, (kind.group, kind.version, kind.kind))
        if findings.wrong or findings.unknown:
            raise PortableError(where, findings.wrong or findings.unknown[0])
        problems = check_new(kind, obj["metadata"])
        if kind.validate is not None:
            problems.extend(kind.validate(obj))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise PortableError(where, f"is no {kind.kind}: {error!r}") from None
    if bool(obj["metadata"].get("namespace")) != kind.namespaced:
        raise PortableError(where, "metadata.namespace does not fit the kind")
    if problems:
        raise PortableError(where, problems[0].text())
