"""PATCH by server-side apply: merge a manager's configuration, or create the object from it.

Models: k8s.io/apiserver/pkg/endpoints/handlers/patch.go applyPatcher (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import ApiError, bad_request, conflict
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches import apply as server_side
from cluster_engine.apimachinery.patches import managed_fields as mf
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.answers import record_answer
from cluster_engine.apiserver.bodies import decode_map
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.encoding import served
from cluster_engine.apiserver.forms import check_object, to_stored
from cluster_engine.apiserver.incoming import check_names
from cluster_engine.apiserver.managers import Managers, managers_of, reset_fields
from cluster_engine.apiserver.options import IGNORE, STRICT, WriteOptions, write_options
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.shapes import KindTypes
from cluster_engine.apiserver.write import CREATE, UPDATE, Write
from cluster_engine.apiserver.writing import Writer, namespace_mismatch
from cluster_engine.store.changes import Record


def apply(core: Core, call: Call, writer: Writer) -> Response:
    """Apply the configuration in the body."""
    options = write_options(call.query, "PatchOptions", is_apply=True)
    config = read_config(call, options)
    record = core.store.get(call.stored_resource, call.namespace, call.info.name)
    applied = _applied(core, call, config, record, options)
    obj = _decoded(call, applied.object, record)
    write = Write(
        kind=call.kind,
        operation=CREATE if record is None else UPDATE,
        namespace=call.namespace,
        name=call.info.name,
        object=obj,
        user=call.user,
        origin=call.origin,
        manager=options.field_manager,
        subresource=call.info.subresource,
        api_version=call.api_version,
        is_dry_run=options.is_dry_run,
        is_patch=True,
        warnings=call.warnings,
    )
    managers = Managers(tuple(applied.entries))
    if record is None:
        created = writer.create(write, managers)
        return record_answer(call, created, core.clock.now_ms, 201)
    return record_answer(call, writer.update(write, record, managers), core.clock.now_ms)


def read_config(call: Call, options: WriteOptions) -> Object:
    """The configuration in the body of an apply. Raises ApiError 400."""
    body = decode_map(call.request.body, call.limits)
    if body.duplicates and options.field_validation == STRICT:
        raise bad_request(f"error strict decoding patch: {'; '.join(body.duplicates)}")
    if options.field_validation != IGNORE:
        call.warnings.extend(body.duplicates)
    return body.object


def _applied(
    core: Core, call: Call, config: Object, record: Record | None, options: WriteOptions
) -> server_side.Applied:
    kind = call.kind
    live = None if record is None else served(kind, record.object, call.info.version)
    entries = () if record is None else managers_of(record).settled(kind).entries
    write = mf.Write(
        options.field_manager,
        call.api_version,
        rfc3339(core.clock.now_ms),
        call.info.subresource,
        reset_fields(kind, call.info.subresource),
    )
    return server_side.apply(
        live, config, entries, KindTypes(kind), write, kind=kind.kind, force=bool(options.is_forced)
    )


def _decoded(call: Call, obj: Object, record: Record | None) -> Object:
    """The applied object as if a client had sent it."""
    kind, version = call.kind, call.info.version
    findings = check_object(kind, obj, (kind.group, version, kind.kind))
    if findings.wrong:
        raise ApiError(500, "", findings.wrong)
    stored = to_stored(kind, findings.object, version)
    metadata = stored.setdefault("metadata", {})
    if record is None and metadata.get("uid"):
        why = (
            f"uid mismatch: the provided object specified uid {metadata['uid']}, and no existing "
            "object was found"
        )
        raise conflict(kind.resource, call.info.name, why)
    namespace = metadata.get("namespace") or ""
    if namespace and namespace != call.namespace:
        raise namespace_mismatch()
    check_names(call, stored)
    return stored
