"""DELETE of one object, and of a collection.

Models: k8s.io/apiserver/pkg/endpoints/handlers/delete.go (v0.37.2).
"""

from __future__ import annotations

from typing import Any

import orjson

from cluster_engine.apimachinery.errors import bad_request
from cluster_engine.apimachinery.gojson import json_problem
from cluster_engine.apiserver.answers import (
    bytes_answer,
    record_answer,
    success_status,
    value_answer,
)
from cluster_engine.apiserver.bodies import decode, media_type
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.deleting import DeleteOptions, Deleter, Deletion
from cluster_engine.apiserver.encoding import list_bytes
from cluster_engine.apiserver.negotiation import PROTOBUF, YAML
from cluster_engine.apiserver.options import delete_options, list_options
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.verbs.list import page_of, selection_of
from cluster_engine.apiserver.write import DELETE, Write
from cluster_engine.apiserver.writing import live_record
from cluster_engine.store.changes import Record

#: Kinds whose deletion shows the object instead of a Status.
_RETURNED = frozenset(
    (
        "csidrivers.storage.k8s.io",
        "csinodes.storage.k8s.io",
        "deviceclasses.resource.k8s.io",
        "namespaces",
        "persistentvolumeclaims",
        "persistentvolumes",
        "pods",
        "podtemplates",
        "resourceclaims.resource.k8s.io",
        "resourceclaimtemplates.resource.k8s.io",
        "resourcequotas",
        "resourceslices.resource.k8s.io",
        "serviceaccounts",
        "services",
        "storageclasses.storage.k8s.io",
        "volumeattachments.storage.k8s.io",
        "volumeattributesclasses.storage.k8s.io",
    )
)


def delete(core: Core, call: Call, deleter: Deleter) -> Response:
    """Delete the object, or mark it for deletion."""
    options = _options(call)
    record = live_record(core, call.kind, call.namespace, call.info.name)
    deletion = deleter.delete(_write(call, record, options), record, options)
    return deletion_answer(core, call, deletion, options)


def deletion_answer(core: Core, call: Call, deletion: Deletion, options: DeleteOptions) -> Response:
    """The object while it waits or where its kind is shown, else a Status."""
    status = 202 if not deletion.is_gone and options.orphan_dependents is False else 200
    if deletion.is_gone and call.kind.resource not in _RETURNED:
        metadata = deletion.record.object["metadata"]
        return value_answer(call, success_status(call, metadata["name"], metadata["uid"]))
    return record_answer(call, deletion.record, core.clock.now_ms, status)


def delete_collection(core: Core, call: Call, deleter: Deleter) -> Response:
    """Delete everything selected; the answer lists what was there."""
    selected = list_options(call.query, is_watch=False)
    selection = selection_of(call, selected)
    options = _options(call)
    page = page_of(core, call, selection, selected)
    shown: list[Record] = []
    for record in page.records:
        if core.store.get(call.stored_resource, *_key(record)) is not record:
            continue
        deleter.delete(_write(call, record, options), record, options)
        shown.append(record)
    body = list_bytes(call.kind, shown, call.info.version, page.metadata)
    return bytes_answer(body, 200, call)


def _write(call: Call, record: Record, options: DeleteOptions) -> Write:
    metadata = record.object["metadata"]
    return Write(
        kind=call.kind,
        operation=DELETE,
        namespace=metadata.get("namespace", ""),
        name=metadata["name"],
        object={},
        user=call.user,
        origin=call.origin,
        manager="",
        api_version=call.api_version,
        is_dry_run=options.is_dry_run,
        warnings=call.warnings,
    )


def _options(call: Call) -> DeleteOptions:
    body = call.request.body
    if not body:
        return delete_options(call.query, None)
    header = call.request.headers.get("content-type", "")
    if media_type(header) in (PROTOBUF, YAML):
        options = decode(body, header, "DeleteOptions", call.limits, is_strict=False)
        return delete_options(call.query, options.object)
    try:
        value: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        problem = json_problem(body)
        raise bad_request(f"couldn't get version/kind; json parse error: {problem}") from None
    if not isinstance(value, dict):
        raise bad_request("decoded object cannot be converted to DeleteOptions")
    return delete_options(call.query, value)


def _key(record: Record) -> tuple[str, str]:
    metadata = record.object["metadata"]
    return metadata.get("namespace", ""), metadata["name"]
