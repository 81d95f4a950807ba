"""GET of a collection: selectors, chunks, revisions.

Models: k8s.io/apiserver/pkg/storage/etcd3 and pkg/storage/continue.go (v0.37.2).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import orjson

from cluster_engine.apimachinery.errors import ApiError, bad_request, expired
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.answers import bytes_answer, value_answer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.encoding import full_object, list_bytes
from cluster_engine.apiserver.incoming import internal_name
from cluster_engine.apiserver.negotiation import JSON
from cluster_engine.apiserver.options import ListOptions, list_options
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.selection import Selection, select
from cluster_engine.apiserver.tables import partial_object, table_of
from cluster_engine.apiserver.verbs.get import check_revision
from cluster_engine.kinds.kind import Kind
from cluster_engine.store.changes import Record
from cluster_engine.store.history import Compacted

_Key = tuple[str, str]
#: A token with it lists what is there now.
_LATEST = -1
_EXPIRED = (
    "The provided continue parameter is too old to display a consistent list result. You can "
    "start a new list without the continue parameter, or use the continue token in this response "
    "to retrieve the remainder of the results. Continuing with the provided token results in an "
    "inconsistent list - objects that were created, modified, or deleted between the time the "
    "first chunk was returned and now may show up in the list."
)


@dataclass(frozen=True, slots=True)
class Page:
    """A chunk of a list."""

    records: list[Record]
    metadata: Object


def list_objects(core: Core, call: Call) -> Response:
    """Answer with the selected objects, or a chunk of them."""
    options = list_options(call.query, is_watch=False)
    selection = selection_of(call, options)
    return page_answer(core, call, page_of(core, call, selection, options))


def page_answer(core: Core, call: Call, page: Page) -> Response:
    """A chunk as the client wants to see it."""
    media, version, kind = call.media, call.info.version, call.kind
    if media.transform == "Table":
        table = table_of(call, page.records, core.clock.now_ms, page.metadata)
        return value_answer(call, table)
    if media.transform == "PartialObjectMetadata":
        text = "you requested PartialObjectMetadata, but the requested object is a list"
        raise ApiError(406, "NotAcceptable", f"{text} ({_go_list(kind)})")
    if media.transform:
        items = [
            {**partial_object(full_object(kind, record, version)["metadata"], media.version)}
            for record in page.records
        ]
        return value_answer(call, _partial_list(items, page.metadata, media.version))
    body = list_bytes(kind, page.records, version, page.metadata)
    if media.type == JSON and not media.is_pretty:
        return bytes_answer(body, 200, call)
    return value_answer(call, orjson.loads(body))


def selection_of(call: Call, options: ListOptions) -> Selection:
    """What the call is about. A name in the path selects by name, as a watch of one object."""
    selection = select(call.kind, call.namespace, options.label_selector, options.field_selector)
    return selection


def page_of(core: Core, call: Call, selection: Selection, options: ListOptions) -> Page:
    """The chunk that the options ask for."""
    token = _decode(options)
    if token is None:
        revision, records = _first(core, call, selection, options)
    else:
        revision, after = token
        if revision == _LATEST:
            revision = core.store.revision
        records = _at(core, call, revision, selection, after)
        records = [record for record in records if _key(record) > after]
    if not selection.is_everything:
        records = [record for record in records if selection.matches(record.object)]
    metadata: Object = {"resourceVersion": str(revision)}
    # A list from "0" is served by upstream's cache, which ignores limits.
    limit = 0 if options.resource_version == "0" else options.limit
    if limit and len(records) > limit:
        remaining = len(records) - limit
        records = records[:limit]
        metadata["continue"] = _encode(revision, _key(records[-1]))
        if selection.is_everything:
            metadata["remainingItemCount"] = remaining
    return Page(records, metadata)


def _first(
    core: Core, call: Call, selection: Selection, options: ListOptions
) -> tuple[int, list[Record]]:
    revision = check_revision(core, options.resource_version)
    is_exact = options.resource_version_match == "Exact" or (
        options.limit and revision and not options.resource_version_match
    )
    if is_exact and revision:
        return revision, _at(core, call, revision, selection, None)
    return core.store.revision, records_of(core, call, selection)


def records_of(core: Core, call: Call, selection: Selection) -> list[Record]:
    """All stored records of the resource in the namespace, by namespace and name."""
    name = selection.fields.exact("metadata.name")
    if name is not None and selection.namespace:
        record = core.store.get(call.stored_resource, selection.namespace, name)
        return [] if record is None else [record]
    return core.store.records(call.stored_resource, selection.namespace or None)


def _at(
    core: Core, call: Call, revision: int, selection: Selection, after: _Key | None
) -> list[Record]:
    """The records of a past revision. Raises 410; a client that pages may go on, as of now."""
    if revision == core.store.revision:
        return records_of(core, call, selection)
    try:
        records = core.store.records_at(call.stored_resource, revision)
    except Compacted as error:
        if after is not None:
            resumed = _encode(_LATEST, after)
            raise ApiError(410, "Expired", _EXPIRED, metadata={"continue": resumed}) from None
        text = f"The resourceVersion for the provided list is too old: {error}"
        raise expired(text) from None
    namespace = selection.namespace
    return [r for r in records if not namespace or _key(r)[0] == namespace]


def _key(record: Record) -> _Key:
    metadata = record.object["metadata"]
    return metadata.get("namespace", ""), metadata["name"]


def _encode(revision: int, key: _Key) -> str:
    body = {"v": "meta.k8s.io/v1", "rv": revision, "start": "/".join(key) + "\u0000"}
    return base64.urlsafe_b64encode(orjson.dumps(body)).decode().rstrip("=")


def _decode(options: ListOptions) -> tuple[int, _Key] | None:
    """The revision of the chunks, and the last key that was given."""
    text = options.continue_token
    if not text:
        return None
    if options.resource_version not in ("", "0"):
        raise bad_request("specifying resource version is not allowed when using continue")
    problem = "invalid continue token: continue key is not valid"
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise bad_request(f"{problem}: illegal base64 data at input byte 0") from None
    try:
        body = orjson.loads(raw)
        namespace, _, name = body["start"].rstrip("\u0000").partition("/")
        return int(body["rv"]), (namespace, name)
    except (ValueError, KeyError, TypeError, AttributeError):
        sign = raw[:1].decode("latin-1")
        shown = f"\\u{ord(sign):04x}" if sign and not sign.isprintable() else sign
        text = f"{problem}: invalid character '{shown}' looking for beginning of value"
        raise bad_request(text) from None


def _partial_list(items: list[Object], metadata: Object, version: str) -> Object:
    return {
        "kind": "PartialObjectMetadataList",
        "apiVersion": f"meta.k8s.io/{version}",
        "metadata": metadata,
        "items": items or None,
    }


def _go_list(kind: Kind) -> str:
    return f"*{internal_name(kind.group, kind.kind)}List"
