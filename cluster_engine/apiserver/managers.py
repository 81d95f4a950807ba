"""Who owns which field: managed fields, kept beside the object and worked out when looked at.

A write only notes what was before and after; the field sets are computed when an object is encoded
for a client. Repeated writes by one component collapse into one note.

Models: k8s.io/apimachinery/pkg/util/managedfields (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object

#: More notes than this are worked out at once, so that old objects can be forgotten.
_NOTES_MAX = 8


@dataclass(frozen=True, slots=True)
class Note:
    """A write that has not been worked into the entries yet."""

    manager: str
    subresource: str
    api_version: str
    time_ms: int
    before: Object
    after: Object


@dataclass(frozen=True, slots=True)
class Managers:
    """Entries as in `metadata.managedFields`, and the notes that come after them."""

    entries: tuple[Object, ...] = ()
    notes: tuple[Note, ...] = ()

    def with_note(self, note: Note) -> Managers:
        """The same with one more write."""
        if not self.notes:
            return Managers(self.entries, (note,))
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
        return Managers(self.entries, (*self.notes, note))


NOBODY = Managers()
