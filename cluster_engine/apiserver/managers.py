"""Who owns which field: managed fields, kept beside the object and worked out when looked at.

A write only notes what was before and after; the field sets are computed when an object is encoded
for a client. Repeated writes by one component collapse into one note.

Models: k8s.io/apimachinery/pkg/util/managedfields and the reset fields of the registry strategies
of k8s.io/kubernetes (v1.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches import field_sets as fs
from cluster_engine.apimachinery.patches import managed_fields as mf
from cluster_engine.apimachinery.patches.managed_fields import Entry
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.shapes import KindTypes
from cluster_engine.kinds.kind import Kind
from cluster_engine.store.changes import Record

#: More notes than this are worked out at once, so that old objects can be forgotten.
_NOTES_MAX = 8
#: What a write of the status resets besides the spec, where that is not nothing.
_STATUS_RESETS: dict[str, tuple[tuple[str, ...], ...]] = {
    "deployments.apps": (("f:metadata", "f:labels"),),
    "pods": (("f:metadata", "f:deletionTimestamp"), ("f:metadata", "f:ownerReferences")),
    "certificatesigningrequests.certificates.k8s.io": (("f:status", "f:conditions"),),
}
_STATUS_RESETS_METADATA = frozenset(
    (
        "podcertificaterequests.certificates.k8s.io",
        "servicecidrs.networking.k8s.io",
        "storageversionmigrations.storagemigration.k8s.io",
        "resourceclaims.resource.k8s.io",
        "devicetaintrules.resource.k8s.io",
        "volumeattachments.storage.k8s.io",
        "csinodes.storage.k8s.io",
        "flowschemas.flowcontrol.apiserver.k8s.io",
        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
        "validatingadmissionpolicies.admissionregistration.k8s.io",
    )
)


@dataclass(frozen=True, slots=True)
class Note:
    """A write that has not been worked into the entries yet. `before` is None for a creation."""

    manager: str
    subresource: str
    api_version: str
    time_ms: int
    before: Object | None
    after: Object


@dataclass(frozen=True, slots=True)
class Managers:
    """Entries as they were, and the notes that came after them."""

    entries: tuple[Entry, ...] = ()
    notes: tuple[Note, ...] = ()

    def with_note(self, kind: Kind, note: Note) -> Managers:
        """The same with one more write."""
        if self.notes:
            last = self.notes[-1]
            if last.manager == note.manager and last.subresource == note.subresource:
                joined = Note(
                    note.manager,
                    note.subresource,
                    note.api_version,
                    note.time_ms,
                    last.before,
                    note.after,
                )
                return Managers(self.entries, (*self.notes[:-1], joined))
        grown = Managers(self.entries, (*self.notes, note))
        return grown.settled(kind) if len(grown.notes) > _NOTES_MAX else grown

    def settled(self, kind: Kind) -> Managers:
        """The same with every note worked in."""
        if not self.notes:
            return self
        entries = list(self.entries)
        types = KindTypes(kind)
        for note in self.notes:
            write = mf.Write(
                note.manager,
                note.api_version,
                rfc3339(note.time_ms),
                note.subresource,
                reset_fields(kind, note.subresource),
            )
            entries = mf.after_update(entries, note.before, note.after, types, write)
        return Managers(tuple(entries))


NOBODY = Managers()


def managers_of(record: Record) -> Managers:
    """The managers kept with a record."""
    held = record.managers
    return held if isinstance(held, Managers) else NOBODY


def entries_of(kind: Kind, record: Record) -> list[Object]:
    """`metadata.managedFields` of a record; what had to be worked out stays with it."""
    managers = managers_of(record)
    if managers.notes:
        managers = record.managers = managers.settled(kind)
    return mf.encode(managers.entries)


def given_or_held(kind: Kind, given: object, record: Record) -> Managers:
    """The managers a write starts from when its object brings managed fields of its own."""
    held = managers_of(record)
    if given is None:
        return held
    held = held.settled(kind)
    return Managers(tuple(mf.sent_or_live(given, held.entries)))


def is_same(managers: Managers, record: Record) -> bool:
    """Whether those are the record's managers, times aside."""
    return mf.encode(managers.entries) == mf.encode(managers_of(record).entries)


@lru_cache(maxsize=512)
def _reset_fields(resource: str, subresource: str, has_status: bool) -> fs.FieldSet:
    if subresource == "status":
        paths = [("f:spec",), *_STATUS_RESETS.get(resource, ())]
        if resource in _STATUS_RESETS_METADATA:
            paths.append(("f:metadata",))
        return fs.of_paths(*paths)
    return fs.of_paths(("f:status",)) if has_status else fs.of_paths()


def reset_fields(kind: Kind, subresource: str) -> fs.FieldSet:
    """What the API resets in such a write, whoever sends it."""
    has_status = any(part.name == "status" for part in kind.subresources)
    if kind.types is not None and subresource == "status":
        return fs.of_paths(("f:metadata",), ("f:spec",))
    return _reset_fields(kind.resource, subresource, has_status)
