"""What the store says about a write: who did it, because of what, and what became of the object."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cluster_engine.apimachinery.objects import Object

ADDED = "ADDED"
MODIFIED = "MODIFIED"
DELETED = "DELETED"


class Source(StrEnum):
    """Where a person acts from."""

    EDITOR = "editor"
    CONSOLE = "console"
    KUBECTL = "kubectl"
    API = "api"
    LESSON = "lesson"
    TEACHER = "teacher"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a request, whoever they are inside the cluster. The host says so; the
    engine only notes it, for the timeline and the record of what people did."""

    id: str
    name: str
    #: A `Source`.
    source: str = Source.API
    #: What their client calls itself, as `kubectl/v1.37.2 …`; empty for the page.
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Why a write happens: the actor (a user or component), its request and what it reacts to."""

    actor: str
    request_id: str = ""
    #: Revision of the change that made the actor write; 0 for a person's own request.
    cause: int = 0
    #: The person behind it, if it was one.
    caller: Caller | None = None


@dataclass(slots=True)
class Record:
    """A stored object at one revision, with what the API server keeps beside it."""

    object: Object
    revision: int
    #: Field managers in the API server's own form; the store only carries them.
    managers: Any = None
    #: Encoded bytes made at the first read, by encoding name. A memo: never part of a snapshot.
    encoded: dict[str, bytes] | None = None

    def __reduce__(self) -> tuple[type[Record], tuple[Any, ...]]:
        return Record, (self.object, self.revision, self.managers)


@dataclass(frozen=True, slots=True)
class Change:
    """One committed write."""

    revision: int
    type: str
    resource: str
    namespace: str
    name: str
    record: Record
    previous: Record | None
    origin: Origin
    time_ms: int

    @property
    def object(self) -> Object:
        """The object after the write; for a deletion its last state, with the new revision."""
        return self.record.object
