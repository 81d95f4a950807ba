"""GET with watch: a stream of changes, from a revision or from what exists now.

Models: k8s.io/apiserver/pkg/endpoints/handlers/get.go and watch.go (v0.37.2).
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import orjson

from cluster_engine.apimachinery.errors import bad_request, expired, too_many_requests
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import FieldSelector, FieldTerm
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.encoding import full_object, object_bytes
from cluster_engine.apiserver.negotiation import JSON
from cluster_engine.apiserver.options import ListOptions, list_options
from cluster_engine.apiserver.requests import Recipe, Request, Response
from cluster_engine.apiserver.selection import Selection, select
from cluster_engine.apiserver.tables import blank_cells, partial_object, table_of
from cluster_engine.apiserver.verbs.list import records_of
from cluster_engine.apiserver.watching import Timeouts, WatchHub, WatchStream
from cluster_engine.store.changes import Record
from cluster_engine.store.history import Compacted

_INITIAL_END = "k8s.io/initial-events-end"
#: Parameters about where a watch begins, and when it ends by itself.
_BEGINNINGS = (
    "resourceVersion",
    "resourceVersionMatch",
    "sendInitialEvents",
    "timeoutSeconds",
)


def watch(core: Core, call: Call, hub: WatchHub, timeouts: Timeouts) -> Response:
    """Open a stream of events."""
    options = list_options(call.query, is_watch=True)
    selection = _selection(call, options)
    if hub.is_full:
        text = f"a cluster serves at most {core.limits.watches_max} watches at a time"
        raise too_many_requests(text, 1)
    stream = WatchStream(
        call.request,
        selection,
        _encoder(core, call),
        core.limits.stream_buffer_bytes_max,
        core.store.revision,
    )
    if call.media.transform == "PartialObjectMetadataList":
        stream.end()  # An event is no list: upstream ends the stream at its first.
    else:
        _begin(core, call, stream, options)
    if not stream.is_done:
        hub.add(call.stored_resource, stream)
        if options.timeout_seconds:
            timeouts.add(stream, options.timeout_seconds)
    headers = {"content-type": JSON}
    return Response(200, headers=headers, warnings=tuple(call.warnings), stream=stream)


def resumed(recipe: Recipe, revision: int) -> Request:
    """The request that goes on with a watch from where `recipe` was made."""
    request: Request = recipe[1]
    pairs = [
        (name, value)
        for name, value in parse_qsl(request.query, keep_blank_values=True)
        if name not in _BEGINNINGS
    ]
    return replace(request, query=urlencode([*pairs, ("resourceVersion", str(revision))]))


def _selection(call: Call, options: ListOptions) -> Selection:
    selection = select(call.kind, call.namespace, options.label_selector, options.field_selector)
    if not call.info.name:
        return selection
    by_name = FieldTerm("metadata.name", call.info.name)
    fields = FieldSelector((*selection.fields.terms, by_name))
    return Selection(call.kind, selection.namespace, selection.labels, fields)


def _begin(core: Core, call: Call, stream: WatchStream, options: ListOptions) -> None:
    """What comes before live changes: what exists, or what happened since a revision."""
    text = options.resource_version
    if any(sign not in "0123456789" for sign in text):
        raise bad_request(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    starts_with_objects = text in ("", "0") and options.sends_initial_events is not False
    if options.sends_initial_events or starts_with_objects:
        _send_existing(core, call, stream)
        if options.sends_initial_events and options.has_bookmarks:
            stream.bookmark(is_end_of_initial=True)
        return
    if text in ("", "0"):
        return
    try:
        changes = list(core.store.changes_after(int(text), call.stored_resource))
    except Compacted as error:
        stream.fail(expired(str(error)).status())
        return
    for change in changes:
        stream.offer(change)


def _send_existing(core: Core, call: Call, stream: WatchStream) -> None:
    records = records_of(core, call, stream.selection)
    stream.begin(r for r in records if stream.selection.matches(r.object))


def _encoder(core: Core, call: Call) -> _Encoder:
    transform = call.media.transform
    if transform == "Table":
        return _TableEncoder(core, call)
    if transform == "PartialObjectMetadata":
        return _PartialEncoder(core, call)
    return _Encoder(core, call)


class _Encoder:
    """Events with whole objects; their bytes are shared by all watches."""

    def __init__(self, core: Core, call: Call) -> None:
        self.core = core
        self.call = call
        self.has_columns = True

    def encode(self, record: Record) -> bytes:
        return object_bytes(self.call.kind, record, self.call.info.version)

    def bookmark(self, revision: int, *, is_end_of_initial: bool) -> bytes:
        return orjson.dumps(self._empty(revision, is_end_of_initial))

    def _empty(self, revision: int, is_end_of_initial: bool) -> Object:
        metadata: Object = {"resourceVersion": str(revision)}
        if is_end_of_initial:
            metadata["annotations"] = {_INITIAL_END: "true"}
        kind = self.call.kind
        return {"kind": kind.kind, "apiVersion": self.call.api_version, "metadata": metadata}


class _TableEncoder(_Encoder):
    """Events with one-row tables; only the first has column definitions."""

    def encode(self, record: Record) -> bytes:
        now_ms = self.core.clock.now_ms
        table = table_of(self.call, [record], now_ms, has_columns=self.has_columns)
        self.has_columns = False
        return orjson.dumps(table)

    def bookmark(self, revision: int, *, is_end_of_initial: bool) -> bytes:
        table = table_of(self.call, [], self.core.clock.now_ms, has_columns=self.has_columns)
        self.has_columns = False
        metadata = self._empty(revision, is_end_of_initial)["metadata"]
        partial = partial_object(metadata, self.call.media.version)
        table["metadata"] = {"resourceVersion": str(revision)}
        row = {"cells": blank_cells(self.call.kind), "object": partial}
        return orjson.dumps({**table, "rows": [row]})


class _PartialEncoder(_Encoder):
    """Events with bare metadata."""

    def encode(self, record: Record) -> bytes:
        obj = full_object(self.call.kind, record, self.call.info.version)
        return orjson.dumps(partial_object(obj["metadata"], self.call.media.version))

    def bookmark(self, revision: int, *, is_end_of_initial: bool) -> bytes:
        metadata = self._empty(revision, is_end_of_initial)["metadata"]
        return orjson.dumps(partial_object(metadata, self.call.media.version))
