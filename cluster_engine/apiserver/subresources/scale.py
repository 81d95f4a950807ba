"""…/scale: how many replicas, for any kind that has them.

A Scale is a view: reading translates the object, writing translates back. Fields keep their owners
across the translation.

Models: k8s.io/kubernetes/pkg/registry/apps/deployment/storage ScaleREST and
k8s.io/apimachinery/pkg/util/managedfields/scalehandler.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cluster_engine.apimachinery.errors import ApiError, conflict, invalid, not_found
from cluster_engine.apimachinery.fields import FieldError, invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches import apply as server_side
from cluster_engine.apimachinery.patches import field_sets as fs
from cluster_engine.apimachinery.patches import managed_fields as mf
from cluster_engine.apimachinery.patches.managed_fields import Entry
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.answers import value_answer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.incoming import read_other
from cluster_engine.apiserver.managers import Managers, managers_of
from cluster_engine.apiserver.options import WriteOptions, manager_of, write_options
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.scale_objects import DEFAULT_PATHS, SCALE_VERSION, scale_of
from cluster_engine.apiserver.shapes import published_shape
from cluster_engine.apiserver.verbs.apply import read_config
from cluster_engine.apiserver.verbs.patch import (
    APPLY_PATCH,
    patch_type,
    patched_object,
    read_patched,
)
from cluster_engine.apiserver.write import UPDATE, Write
from cluster_engine.apiserver.writing import Writer, live_record
from cluster_engine.kinds.kind import Kind
from cluster_engine.store.changes import Record

SCALE = ("autoscaling", "v1", "Scale")
_SCALE_FIELDS = fs.of_paths(("f:spec", "f:replicas"))
_PATH_IN_SCALE = ("f:spec", "f:replicas")


def get_scale(core: Core, call: Call) -> Response:
    """GET …/scale."""
    record = live_record(core, call.kind, call.namespace, call.info.name)
    return value_answer(call, scale_of(call.kind, record.object))


def update_scale(core: Core, call: Call, writer: Writer) -> Response:
    """PUT …/scale."""
    options = write_options(call.query, "UpdateOptions")
    record = live_record(core, call.kind, call.namespace, call.info.name)
    scale = read_other(call, options, SCALE)
    return _write(core, call, writer, options, record, scale, None)


def patch_scale(core: Core, call: Call, writer: Writer) -> Response:
    """PATCH …/scale with any kind of patch."""
    type_ = patch_type(call)
    if type_ == APPLY_PATCH:
        return _apply_scale(core, call, writer)
    options = write_options(call.query, "PatchOptions")
    record = live_record(core, call.kind, call.namespace, call.info.name)
    current = scale_of(call.kind, record.object)
    patched = patched_object(call, current, type_, options, published_shape(*SCALE))
    scale = read_patched(call, patched, current, options, SCALE)
    return _write(core, call, writer, options, record, scale, None)


def _write(
    core: Core,
    call: Call,
    writer: Writer,
    options: WriteOptions,
    record: Record,
    scale: Object,
    managers: Managers | None,
) -> Response:
    metadata = scale.get("metadata") or {}
    _check(call, record, scale)
    paths = call.kind.scale_paths or DEFAULT_PATHS
    replicas = (scale.get("spec") or {}).get("replicas") or 0
    obj = _with(record.object, paths.spec, replicas)
    held = record.object["metadata"]["resourceVersion"]
    version = metadata.get("resourceVersion") or held
    obj = {**obj, "metadata": {**obj["metadata"], "resourceVersion": version}}
    write = Write(
        kind=call.kind,
        operation=UPDATE,
        namespace=call.namespace,
        name=call.info.name,
        object=obj,
        user=call.user,
        origin=call.origin,
        manager=manager_of(options, call.request.headers.get("user-agent", "")),
        subresource="scale",
        api_version=call.api_version,
        is_dry_run=options.is_dry_run,
        is_patch=True,
        warnings=call.warnings,
    )
    stored = writer.update(write, record, managers)
    return value_answer(call, scale_of(call.kind, stored.object))


def _check(call: Call, record: Record, scale: Object) -> None:
    metadata, held = scale.get("metadata") or {}, record.object["metadata"]
    name = metadata.get("name", "")
    if name != call.info.name:
        raise ApiError(
            400,
            "BadRequest",
            f"the name of the object ({name}) does not match the name on the URL "
            f"({call.info.name})",
        )
    problems: list[FieldError] = []
    replicas = (scale.get("spec") or {}).get("replicas") or 0
    if replicas < 0 and call.kind.types is None:
        text = "must be greater than or equal to 0"
        problems.append(invalid_value("spec.replicas", replicas, text))
    if problems:
        raise invalid("Scale", "autoscaling", held["name"], problems)
    uid = metadata.get("uid")
    if uid and uid != held["uid"]:
        why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {held['uid']}"
        plural = call.kind.plural
        resource = f"{plural}/scale.{call.kind.group}" if call.kind.group else f"{plural}/scale"
        raise conflict(resource, held["name"], why)


def _apply_scale(core: Core, call: Call, writer: Writer) -> Response:
    options = write_options(call.query, "PatchOptions", is_apply=True)
    config = read_config(call, options)
    kind = call.kind
    record = core.store.get(call.stored_resource, call.namespace, call.info.name)
    if record is None:
        raise not_found(kind.resource, call.info.name)
    held = managers_of(record).settled(kind).entries
    path = _path_of(kind)
    write = mf.Write(
        options.field_manager, SCALE_VERSION, rfc3339(core.clock.now_ms), "scale", fs.of_paths()
    )
    types = mf.OneShape(published_shape(*SCALE), {"metadata": {}, "spec": {}, "status": {}})
    applied = server_side.apply(
        scale_of(kind, record.object),
        config,
        _to_scale(held, path),
        types,
        write,
        kind="Scale",
        force=bool(options.is_forced),
    )
    entries = _to_parent(held, applied.entries, path, call.api_version)
    return _write(core, call, writer, options, record, applied.object, Managers(tuple(entries)))


def _to_scale(entries: Sequence[Entry], path: tuple[str, ...]) -> list[Entry]:
    """The entries that own the replicas, as a Scale would have them."""
    return [
        replace(entry, api_version=SCALE_VERSION, fields=_SCALE_FIELDS)
        for entry in entries
        if fs.contains(entry.fields, path)
    ]


def _to_parent(
    held: Sequence[Entry], of_scale: Sequence[Entry], path: tuple[str, ...], api_version: str
) -> list[Entry]:
    """The object's entries after those of its Scale have changed."""
    owners = {_identity(entry): entry for entry in of_scale}
    kept: list[Entry] = []
    for entry in held:
        if not fs.contains(entry.fields, path):
            kept.append(entry)
        elif _identity(entry) in owners:
            del owners[_identity(entry)]
            kept.append(entry)
        else:
            fields = fs.difference(entry.fields, fs.of_paths(path))
            if fields:
                kept.append(replace(entry, fields=fields))
    fields = fs.of_paths(path)
    for entry in owners.values():
        if fs.contains(entry.fields, _PATH_IN_SCALE):
            # Upstream looks the time up under the parent's entries, where there is none.
            kept.append(replace(entry, api_version=api_version, fields=fields, time=None))
    return kept


def _identity(entry: Entry) -> tuple[str, str, str]:
    return (entry.manager, entry.operation, entry.subresource)


def _path_of(kind: Kind) -> tuple[str, ...]:
    paths = kind.scale_paths or DEFAULT_PATHS
    return tuple(f"f:{name}" for name in paths.spec)


def _with(obj: Object, path: tuple[str, ...], value: Any) -> Object:
    """The object with one field set, sharing the rest."""
    if not path:
        return obj
    name, rest = path[0], path[1:]
    inner = _with(obj.get(name) or {}, rest, value) if rest else value
    return {**obj, name: inner}
