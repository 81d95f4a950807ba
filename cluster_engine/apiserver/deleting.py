"""Deleting: at once, or by marking the object while a grace period or finalizers are pending.

Models: k8s.io/apiserver/pkg/registry/rest/delete.go and registry/generic/registry/store.go
(v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.errors import ApiError, conflict
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import parse_rfc3339, rfc3339
from cluster_engine.apiserver.admission.registry import Admission
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.write import Write
from cluster_engine.kinds.kind import Kind
from cluster_engine.store.changes import Record

ORPHAN, FOREGROUND = "orphan", "foregroundDeletion"
_POLICIES = {"Orphan": ORPHAN, "Foreground": FOREGROUND}


@dataclass(frozen=True, slots=True)
class DeleteOptions:
    """`metav1.DeleteOptions`, decoded and valid."""

    grace_seconds: int | None = None
    uid: str | None = None
    resource_version: str | None = None
    orphan_dependents: bool | None = None
    propagation: str = ""
    is_dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Deletion:
    """What became of the object: its last state, and whether it is gone."""

    record: Record
    is_gone: bool
    #: Whether it was updated on the way, and so is worth showing.
    is_marked: bool = False


class Deleter:
    """Carries out deletions."""

    def __init__(self, core: Core, admission: Admission) -> None:
        self._core = core
        self._admission = admission

    def delete(self, write: Write, record: Record, options: DeleteOptions) -> Deletion:
        """Delete `record`, or mark it. Raises ApiError when a precondition fails."""
        check_preconditions(write.kind, record.object, options)
        write.old = record.object
        if not write.is_admitted:
            self._admission.mutate(write)
            self._admission.validate(write)
        if write.resource == "namespaces" and record.object.get("spec", {}).get("finalizers"):
            return self._end_namespace(write, record, options)
        end = self._core.enders.get(write.resource)
        if end is not None and "deletionTimestamp" not in record.object["metadata"]:
            return self._end(write, record, end(record.object))
        marked = self._graceful(write.kind, record.object, options)
        if marked is None:
            return Deletion(record, False)
        finalizers = wanted_finalizers(record.object["metadata"], options)
        if finalizers != (marked["metadata"].get("finalizers") or []):
            marked = _with(marked, finalizers=finalizers or None)
        seconds = marked["metadata"].get("deletionGracePeriodSeconds")
        if finalizers and not seconds:
            marked = self._mark_now(marked)
        is_changed = marked["metadata"] != record.object["metadata"]
        if is_changed:
            record = self._put(write, record, marked)
        if finalizers or marked["metadata"].get("deletionGracePeriodSeconds"):
            return Deletion(record, False, True)
        return Deletion(self._remove(write, record), True, is_changed)

    def _graceful(self, kind: Kind, obj: Object, options: DeleteOptions) -> Object | None:
        """The object with its grace period set; unchanged when there is none; None when a
        deletion that is at least as soon is under way."""
        if kind.grace_seconds is None:
            return obj
        asked = options.grace_seconds
        if asked is not None and asked < 0:
            asked = 1
        metadata = obj["metadata"]
        now_ms = self._core.clock.now_ms
        if "deletionTimestamp" in metadata:
            held = metadata.get("deletionGracePeriodSeconds") or 0
            if held == 0:
                return obj
            if asked is None or asked >= held:
                return None
            due_ms = parse_rfc3339(metadata["deletionTimestamp"]) + (asked - held) * 1000
            if due_ms < now_ms:
                due_ms, asked = now_ms, min(asked, 1)
            return _with(obj, deletionTimestamp=rfc3339(due_ms), deletionGracePeriodSeconds=asked)
        seconds = kind.grace_seconds(_asking(obj, asked))
        changes: Object = {
            "deletionTimestamp": rfc3339(now_ms + seconds * 1000),
            "deletionGracePeriodSeconds": seconds,
        }
        if metadata.get("generation"):
            changes["generation"] = metadata["generation"] + 1
        return _with(obj, **changes)

    def _mark_now(self, obj: Object) -> Object:
        metadata = obj["metadata"]
        now = rfc3339(self._core.clock.now_ms)
        changes: Object = {"deletionGracePeriodSeconds": 0}
        since = metadata.get("deletionTimestamp")
        if since is None and metadata.get("generation"):
            changes["generation"] = metadata["generation"] + 1
        if since is None or since > now:
            changes["deletionTimestamp"] = now
        return _with(obj, **changes)

    def _end_namespace(self, write: Write, record: Record, options: DeleteOptions) -> Deletion:
        """A namespace with finalizers in its spec waits for its content to go."""
        obj = record.object
        if "deletionTimestamp" in obj["metadata"]:
            return Deletion(record, False, True)
        marked = _with(obj, deletionTimestamp=rfc3339(self._core.clock.now_ms))
        finalizers = wanted_finalizers(obj["metadata"], options)
        marked = _with(marked, finalizers=finalizers or None)
        status = {**(obj.get("status") or {}), "phase": "Terminating"}
        return Deletion(self._put(write, record, {**marked, "status": status}), False, True)

    def _end(self, write: Write, record: Record, marked: Object) -> Deletion:
        stored = self._put(write, record, marked)
        follower = self._core.followers.get(write.resource)
        if follower is not None and not write.is_dry_run:
            follower(record.object, stored.object, write.origin)
        return Deletion(stored, False, True)

    def _put(self, write: Write, record: Record, obj: Object) -> Record:
        if write.is_dry_run:
            return Record(obj, record.revision, record.managers)
        stored = self._core.store.put(
            write.kind.stored_as or write.resource,
            obj,
            write.origin,
            time_ms=self._core.clock.now_ms,
            expected=record,
            managers=record.managers,
        )
        record.encoded = None
        return stored

    def _remove(self, write: Write, record: Record) -> Record:
        if write.is_dry_run:
            return record
        resource = write.kind.stored_as or write.resource
        now_ms = self._core.clock.now_ms
        last = self._core.store.delete(resource, record, write.origin, time_ms=now_ms)
        follower = self._core.followers.get(write.resource)
        if follower is not None:
            follower(record.object, None, write.origin)
        return last


def wanted_finalizers(metadata: Object, options: DeleteOptions) -> list[str]:
    """The finalizers of an object after a deletion with those options was asked for."""
    held = metadata.get("finalizers") or []
    others = [name for name in held if name not in (ORPHAN, FOREGROUND)]
    if options.orphan_dependents is not None:
        policy = ORPHAN if options.orphan_dependents else ""
    elif options.propagation:
        policy = _POLICIES.get(options.propagation, "")
    else:
        policy = next((name for name in held if name in (ORPHAN, FOREGROUND)), "")
    wanted = [*others, policy] if policy else others
    return held if sorted(held) == sorted(wanted) else wanted


def check_preconditions(kind: Kind, obj: Object, options: DeleteOptions) -> None:
    """Raises ApiError 409 when the object is not the one the client means."""
    metadata = obj["metadata"]
    if options.uid is not None and options.uid != metadata["uid"]:
        raise _stale(kind, metadata, "UID", options.uid, metadata["uid"])
    version = options.resource_version
    if version is not None and version != metadata["resourceVersion"]:
        raise _stale(kind, metadata, "ResourceVersion", version, metadata["resourceVersion"])


def _stale(kind: Kind, metadata: Object, what: str, asked: str, held: str) -> ApiError:
    fate = "deleted and then recreated" if what == "UID" else "modified"
    why = (
        f"the {what} in the precondition ({asked}) does not match the {what} in record ({held}). "
        f"The object might have been {fate}"
    )
    subject = f"{kind.kind}.{kind.group}" if kind.group else kind.kind
    return conflict(subject, metadata["name"], why)


def _asking(obj: Object, seconds: int | None) -> Object:
    """The object as if its own grace period were what the client asks for."""
    if seconds is None:
        return obj
    spec = {**(obj.get("spec") or {}), "terminationGracePeriodSeconds": seconds}
    return {**obj, "spec": spec}


def _with(obj: Object, **fields: object) -> Object:
    metadata = {**obj["metadata"], **fields}
    metadata = {name: value for name, value in metadata.items() if value is not None}
    return {**obj, "metadata": metadata}
