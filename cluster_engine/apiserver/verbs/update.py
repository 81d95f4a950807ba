"""PUT of one object, or of its status."""

from __future__ import annotations

from cluster_engine.apimachinery.errors import not_found
from cluster_engine.apiserver.answers import record_answer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.incoming import check_names, read_object
from cluster_engine.apiserver.options import manager_of, write_options
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.write import CREATE, UPDATE, Write
from cluster_engine.apiserver.writing import Writer, namespace_mismatch


def update(core: Core, call: Call, writer: Writer) -> Response:
    """Replace the object by the one in the body; some kinds are created by it."""
    options = write_options(call.query, "UpdateOptions")
    obj = read_object(call, options)
    namespace = (obj.get("metadata") or {}).get("namespace") or ""
    if namespace and namespace != call.namespace:
        raise namespace_mismatch()
    check_names(call, obj)
    record = core.store.get(call.stored_resource, call.namespace, call.info.name)
    is_new = record is None
    if is_new and (not call.kind.is_created_by_update or call.info.subresource):
        raise not_found(call.kind.resource, call.info.name)
    write = Write(
        kind=call.kind,
        operation=CREATE if is_new else UPDATE,
        namespace=call.namespace,
        name=call.info.name,
        object=obj,
        user=call.user,
        origin=call.origin,
        manager=manager_of(options, call.request.headers.get("user-agent", "")),
        subresource=call.info.subresource,
        api_version=call.api_version,
        is_dry_run=options.is_dry_run,
        warnings=call.warnings,
    )
    stored = writer.create(write) if record is None else writer.update(write, record)
    return record_answer(call, stored, core.clock.now_ms, 201 if is_new else 200)
