"""Creating and updating: from a decoded, defaulted object to a committed record.

One function decides (`create`, `update`), the steps are below. Both doors, HTTP and typed, end
here, so the rules are the same for people and components.

Models: k8s.io/apiserver/pkg/registry/generic/registry/store.go and pkg/registry/rest (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.errors import (
    OBJECT_MODIFIED,
    ApiError,
    already_exists,
    bad_request,
    conflict,
    invalid,
    not_found,
    too_large,
)
from cluster_engine.apimachinery.fields import FieldError, invalid_value, without_repeats
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.admission.registry import Admission
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.managers import Managers, Note, given_or_held, is_same
from cluster_engine.apiserver.metadata import (
    GENERATED_PREFIX_LENGTH_MAX,
    check_change,
    check_new,
)
from cluster_engine.apiserver.write import Write
from cluster_engine.kinds.kind import Kind, Subresource
from cluster_engine.store.changes import Record
from cluster_engine.store.store import StaleRevision

_NAME_ATTEMPTS_MAX = 8
#: The order in which metadata is written, as upstream's struct has it.
_METADATA_ORDER = (
    "name",
    "generateName",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "labels",
    "annotations",
    "ownerReferences",
    "finalizers",
)


class Writer:
    """Commits creations and updates to the store."""

    def __init__(self, core: Core, admission: Admission) -> None:
        self._core = core
        self._admission = admission

    def create(self, write: Write, managers: Managers | None = None) -> Record:
        """Store a new object. A dry run goes through every step but the last.

        `managers`: the field managers when the caller has worked them out (server-side apply).
        """
        given = _take_managed_fields(write)
        asked_version = (write.object.get("metadata") or {}).get("resourceVersion")
        before_admission = _shallow(write.object)
        self._admission.mutate(write)
        self._fill_metadata(write)
        self._prepare(write, None)
        problems = check_new(write.kind, write.object["metadata"])
        if write.kind.validate is not None:
            problems.extend(write.kind.validate(write.object))
        self._refuse_invalid(write, problems)
        self._warn(write, None)
        self._admission.validate(write)
        if asked_version not in (None, "", "0") and not (write.is_dry_run or write.is_patch):
            raise ApiError(500, "", "resourceVersion should not be set on objects to be created")
        if managers is None:
            held = given_or_held(write.kind, given, Record(write.object, 0))
            note = self._note(write, None, before_admission)
            managers = held.with_note(write.kind, note)
        return self._commit_new(write, managers)

    def update(self, write: Write, record: Record, managers: Managers | None = None) -> Record:
        """Store `write.object` in place of `record`; the same record when nothing changes.

        `managers`: the field managers when the caller has worked them out (server-side apply).
        """
        given = _take_managed_fields(write)
        write.old = record.object
        self._check_version(write, record)
        before_admission = _shallow(write.object)
        self._admission.mutate(write)
        write.object = self._joined_metadata(write, record.object)
        self._prepare(write, record.object)
        self._refuse_invalid(write, self._problems_of_change(write, record.object))
        self._warn(write, record.object)
        self._admission.validate(write)
        if managers is None:
            managers = self._managers_after(write, record, given, before_admission)
        elif write.object == record.object and is_same(managers, record):
            return record
        return record if managers is None else self._commit_change(write, record, managers)

    def _managers_after(
        self, write: Write, record: Record, given: Any, after: Object
    ) -> Managers | None:
        """The managers after an update; None when nothing changes at all."""
        if write.subresource:
            given = None
        held = given_or_held(write.kind, given, record)
        if write.object == record.object and (given is None or is_same(held, record)):
            return None
        return held.with_note(write.kind, self._note(write, record.object, after))

    # --- steps

    def _fill_metadata(self, write: Write) -> None:
        kind, core = write.kind, self._core
        given = write.object.get("metadata") or {}
        namespace = given.get("namespace") or ""
        if kind.namespaced and namespace and namespace != write.namespace:
            raise namespace_mismatch()
        metadata: Object = {}
        for field in _METADATA_ORDER:
            value = given.get(field)
            if value is not None and value != "" and value != {} and value != []:
                metadata[field] = value
        for field in ("deletionTimestamp", "deletionGracePeriodSeconds"):
            metadata.pop(field, None)
        metadata["resourceVersion"] = ""  # Keeps its place; the store fills it in.
        if kind.namespaced and write.namespace:
            metadata["namespace"] = write.namespace
        if not metadata.get("name") and metadata.get("generateName"):
            metadata["name"] = self._generated(metadata["generateName"])
            write.is_name_generated = True
        metadata["uid"] = core.randomness.uid()
        metadata["creationTimestamp"] = rfc3339(core.clock.now_ms)
        metadata.pop("generation", None)
        if kind.has_generation:
            metadata["generation"] = 1
        write.object = {
            "apiVersion": kind.api_version,
            "kind": kind.kind,
            **write.object,
            "metadata": {f: metadata[f] for f in _METADATA_ORDER if f in metadata},
        }
        write.name = metadata.get("name", "")

    def _generated(self, prefix: str) -> str:
        return prefix[:GENERATED_PREFIX_LENGTH_MAX] + self._core.randomness.suffix()

    def _prepare(self, write: Write, old: Object | None) -> None:
        kind, subresource = write.kind, write.subresource
        if old is None or subresource in ("", "scale"):
            if old is not None and has_status(kind):
                _keep_status(write, old)
            if kind.prepare is not None:
                kind.prepare(write.object, old)
        elif subresource == "status":
            self._prepare_status(write, old)
        else:
            part = _part(kind, subresource)
            if part is not None and part.prepare is not None:
                part.prepare(write.object, old)
        if old is not None and kind.has_generation and subresource != "status":
            _count_generation(write, old)

    def _prepare_status(self, write: Write, old: Object) -> None:
        if write.kind.prepare_status is not None:
            write.kind.prepare_status(write.object, old)
            return
        status = write.object.get("status")
        write.object = {**old, "metadata": write.object["metadata"]}
        if status is not None:
            write.object["status"] = status

    def _joined_metadata(self, write: Write, old: Object) -> Object:
        """The new object with the metadata that no update may change."""
        given, held = write.object.get("metadata") or {}, old["metadata"]
        metadata: Object = {}
        for field in _METADATA_ORDER:
            value = given.get(field)
            if value is not None and value != "" and value != {} and value != []:
                metadata[field] = value
        for field in ("resourceVersion", "creationTimestamp", "generation", "deletionTimestamp"):
            if field in held:
                metadata[field] = held[field]
            elif field != "deletionTimestamp":
                metadata.pop(field, None)
        for field in ("uid", "deletionGracePeriodSeconds", "name", "namespace"):
            if field in held and field not in metadata:
                metadata[field] = held[field]
        if metadata == held:
            metadata = held
        else:
            metadata = {f: metadata[f] for f in _METADATA_ORDER if f in metadata}
        return {**write.object, "metadata": metadata}

    def _problems_of_change(self, write: Write, old: Object) -> list[FieldError]:
        kind = write.kind
        problems = check_change(write.object["metadata"], old["metadata"])
        if write.subresource in ("", "scale"):
            if kind.validate_update is not None:
                problems.extend(kind.validate_update(write.object, old))
        elif write.subresource == "status":
            if kind.validate_status is not None:
                problems.extend(kind.validate_status(write.object, old))
        else:
            part = _part(kind, write.subresource)
            if part is not None and part.validate is not None:
                problems.extend(part.validate(write.object, old))
        return problems

    def _refuse_invalid(self, write: Write, problems: list[FieldError]) -> None:
        if problems:
            name = write.object["metadata"].get("name", "")
            kind = write.kind
            raise invalid(kind.kind, kind.group, name, without_repeats(problems))

    def _warn(self, write: Write, old: Object | None) -> None:
        if write.kind.warn is not None and write.subresource == "":
            write.warnings.extend(write.kind.warn(write.object, old))

    def _check_version(self, write: Write, record: Record) -> None:
        metadata = write.object.get("metadata") or {}
        uid = metadata.get("uid")
        held = record.object["metadata"]
        if uid and uid != held["uid"] and not write.is_patch:
            raise uid_conflict(write.kind, held, uid)
        asked = metadata.get("resourceVersion")
        if not asked or asked == "0":
            if not write.kind.is_updated_unconditionally:
                path = "metadata.resourceVersion"
                problem = invalid_value(path, 0, "must be specified for an update")
                kind = write.kind
                raise invalid(kind.plural, kind.group, held["name"], [problem])
        elif asked != held["resourceVersion"]:
            raise conflict(write.resource, held["name"], OBJECT_MODIFIED)

    def _note(self, write: Write, before: Object | None, after: Object) -> Note:
        return Note(
            manager=write.manager,
            subresource=write.subresource,
            api_version=write.api_version or write.kind.api_version,
            time_ms=self._core.clock.now_ms,
            before=before,
            after=after,
        )

    # --- committing

    def _commit_new(self, write: Write, managers: Managers) -> Record:
        store, metadata = self._core.store, write.object["metadata"]
        resource = write.kind.stored_as or write.resource
        for _ in range(_NAME_ATTEMPTS_MAX):
            held = store.get(resource, metadata.get("namespace", ""), metadata["name"])
            if held is None:
                break
            if not write.is_name_generated:
                raise _exists(write, held)
            metadata["name"] = self._generated(metadata["generateName"])
        if write.is_dry_run:
            del metadata["resourceVersion"]
            return Record(write.object, 0, managers)
        if store.count(resource) >= self._core.limits.objects_max:
            raise too_large(f"a cluster holds at most {self._core.limits.objects_max} {resource}")
        record = store.put(
            resource,
            write.object,
            write.origin,
            time_ms=self._core.clock.now_ms,
            expected=None,
            managers=managers,
        )
        self._follow(write, None, record.object)
        return record

    def _commit_change(self, write: Write, record: Record, managers: Managers) -> Record:
        store, now_ms = self._core.store, self._core.clock.now_ms
        resource = write.kind.stored_as or write.resource
        if _is_finished(write.object, record.object):
            if not write.is_dry_run:
                store.delete(resource, record, write.origin, time_ms=now_ms)
                self._follow(write, record.object, None)
            return Record(write.object, record.revision, managers)
        if write.is_dry_run:
            return Record(write.object, record.revision, managers)
        try:
            stored = store.put(
                resource,
                write.object,
                write.origin,
                time_ms=now_ms,
                expected=record,
                managers=managers,
            )
        except StaleRevision:
            raise conflict(write.resource, write.name, OBJECT_MODIFIED) from None
        record.encoded = None
        self._follow(write, record.object, stored.object)
        return stored

    def _follow(self, write: Write, old: Object | None, new: Object | None) -> None:
        follower = self._core.followers.get(write.resource)
        if follower is not None:
            follower(old, new, write.origin)


def namespace_mismatch() -> ApiError:
    """400: the object names another namespace than the path."""
    return bad_request(
        "the namespace of the provided object does not match the namespace sent on the request"
    )


def uid_conflict(kind: Kind, held: Object, uid: str) -> ApiError:
    """409: an update names a uid that is not the object's."""
    path = "/".join(part for part in (kind.plural, held.get("namespace"), held["name"]) if part)
    prefix = f"/registry/{kind.group}/" if kind.group and "." in kind.group else "/registry/"
    why = (
        f"StorageError: invalid object, Code: 4, Key: {prefix}{path}, ResourceVersion: 0, "
        f"AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, "
        f"UID in object meta: {held['uid']}"
    )
    return conflict(kind.resource, held["name"], why)


def live_record(core: Core, kind: Kind, namespace: str, name: str) -> Record:
    """The stored record. Raises ApiError 404."""
    record = core.store.get(kind.stored_as or kind.resource, namespace, name)
    if record is None:
        raise not_found(kind.resource, name)
    return record


def _take_managed_fields(write: Write) -> Any:
    """`metadata.managedFields` as sent, taken out of the object."""
    metadata = write.object.get("metadata")
    if not metadata or "managedFields" not in metadata:
        return None
    rest = {name: value for name, value in metadata.items() if name != "managedFields"}
    write.object = {**write.object, "metadata": rest}
    return metadata["managedFields"]


def _shallow(obj: Object) -> Object:
    """A copy that survives replaced fields of the object, its metadata and its spec."""
    copy = dict(obj)
    spec = copy.get("spec")
    if isinstance(spec, dict):
        copy["spec"] = dict(spec)
    return copy


def _part(kind: Kind, name: str) -> Subresource | None:
    return next((part for part in kind.subresources if part.name == name), None)


def has_status(kind: Kind) -> bool:
    return any(subresource.name == "status" for subresource in kind.subresources)


def _keep_status(write: Write, old: Object) -> None:
    new = dict(write.object)
    if "status" in old:
        new["status"] = old["status"]
    else:
        new.pop("status", None)
    write.object = new


def _count_generation(write: Write, old: Object) -> None:
    new = write.object
    if write.kind.types is not None:
        # Whatever is not metadata may be what users mean by a spec.
        if {**new, "metadata": None} == {**old, "metadata": None}:
            return
    elif new.get("spec") == old.get("spec"):
        return
    metadata = write.object["metadata"]
    generation = (old["metadata"].get("generation") or 0) + 1
    write.object = {**write.object, "metadata": {**metadata, "generation": generation}}


def _is_finished(new: Object, old: Object) -> bool:
    """Whether an update takes away the last thing a deletion waited for."""
    held = old["metadata"]
    return (
        "deletionTimestamp" in held
        and not new["metadata"].get("finalizers")
        and not held.get("deletionGracePeriodSeconds")
        and not (new.get("kind") == "Namespace" and (new.get("spec") or {}).get("finalizers"))
    )


def _exists(write: Write, held: Record) -> ApiError:
    error = already_exists(write.resource, write.object["metadata"]["name"])
    if "deletionTimestamp" in held.object["metadata"]:
        error.message = f"object is being deleted: {error.message}"
    return error
