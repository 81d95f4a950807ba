"""From records to bytes: each object is encoded once per version, lists are put together.

`Record.encoded` holds the memo. An encoded object starts with a prefix that only names its kind and
version, so an item of a list is the same bytes without it.

Models: k8s.io/apimachinery/pkg/runtime/serializer/json (v0.37.2).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.managers import entries_of
from cluster_engine.kinds.kind import Kind
from cluster_engine.store.changes import Record


def served(kind: Kind, obj: Object, version: str) -> Object:
    """The stored object in a served version, sharing what it can."""
    if kind.types is not None:
        return kind.types.served_form(obj, version)
    if version == kind.version and not kind.stored_as:
        return obj
    if kind.to_version is not None:
        return kind.to_version(obj, version)
    return {**obj, "apiVersion": f"{kind.group}/{version}" if kind.group else version}


def full_object(kind: Kind, record: Record, version: str) -> Object:
    """The object as clients see it: in their version, with managed fields."""
    obj = served(kind, record.object, version)
    entries = entries_of(kind, record)
    if not entries:
        return obj
    return {**obj, "metadata": {**obj["metadata"], "managedFields": entries}}


def object_bytes(kind: Kind, record: Record, version: str) -> bytes:
    """The object as JSON; remembered on the record."""
    memo = record.encoded
    if memo is None:
        memo = record.encoded = {}
    key = f"{kind.group}/{version}"
    found = memo.get(key)
    if found is None:
        obj = full_object(kind, record, version)
        if kind.types is not None:
            found = memo[key] = orjson.dumps(obj, option=orjson.OPT_SORT_KEYS)
            return found
        body = {name: value for name, value in obj.items() if name not in ("kind", "apiVersion")}
        found = memo[key] = _prefix(kind, version) + orjson.dumps(body)[1:]
    return found


def item_bytes(kind: Kind, record: Record, version: str) -> bytes:
    """The object as an item of a list, without its kind and version."""
    return b"{" + object_bytes(kind, record, version)[len(_prefix(kind, version)) :]


def list_bytes(kind: Kind, records: list[Record], version: str, metadata: Object) -> bytes:
    """A list object as JSON."""
    if kind.types is not None:
        return _custom_list_bytes(kind, records, version, metadata)
    items = b",".join([item_bytes(kind, record, version) for record in records])
    api_version = f"{kind.group}/{version}" if kind.group else version
    head = f'{{"kind":"{kind.kind}List","apiVersion":"{api_version}","metadata":'
    return b"".join([head.encode(), orjson.dumps(metadata), b',"items":[', items, b"]}\n"])


def _custom_list_bytes(kind: Kind, records: list[Record], version: str, metadata: Object) -> bytes:
    """A list whose items keep their kind and version, as maps are written: sorted."""
    assert kind.types is not None
    body = {
        "apiVersion": f"{kind.group}/{version}",
        "items": [orjson.Fragment(object_bytes(kind, record, version)) for record in records],
        "kind": kind.types.list_kind,
        "metadata": {"continue": "", **metadata},
    }
    return orjson.dumps(body) + b"\n"


def encode(value: Any) -> bytes:
    """Any JSON-shaped value, with the newline that upstream ends bodies with."""
    return orjson.dumps(value) + b"\n"


@lru_cache(maxsize=1024)
def _prefix_of(kind: str, group: str, version: str) -> bytes:
    api_version = f"{group}/{version}" if group else version
    return f'{{"kind":"{kind}","apiVersion":"{api_version}",'.encode()


def _prefix(kind: Kind, version: str) -> bytes:
    return _prefix_of(kind.kind, kind.group, version)
