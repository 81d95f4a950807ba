"""POST to a collection."""

from __future__ import annotations

from cluster_engine.apiserver.answers import record_answer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.incoming import read_object
from cluster_engine.apiserver.options import manager_of, write_options
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.write import CREATE, Write
from cluster_engine.apiserver.writing import Writer, namespace_mismatch


def create(core: Core, call: Call, writer: Writer) -> Response:
    """Create the object of the body."""
    options = write_options(call.query, "CreateOptions")
    obj = read_object(call, options)
    metadata = obj.get("metadata") or {}
    namespace = metadata.get("namespace") or ""
    if namespace and namespace != call.namespace:
        raise namespace_mismatch()
    write = Write(
        kind=call.kind,
        operation=CREATE,
        namespace=call.namespace,
        name=metadata.get("name") or "",
        object=obj,
        user=call.user,
        origin=call.origin,
        manager=manager_of(options, call.request.headers.get("user-agent", "")),
        api_version=call.api_version,
        is_dry_run=options.is_dry_run,
        warnings=call.warnings,
    )
    record = writer.create(write)
    return record_answer(call, record, core.clock.now_ms, 201)
