"""Watch streams: each client's own queue of changes, encoded when it reads them.

A stream holds changes, not bytes, so that a change waiting in a hundred streams costs a hundred
references; its bytes are made once, at the first read, and shared through the record. A stream that
falls too far behind is ended, as upstream's watch cache does.

Models: k8s.io/apiserver/pkg/storage/cacher and pkg/endpoints/handlers/watch.go (v0.37.2).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, cast

import orjson

from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.requests import STDIN, STDOUT, Frame, Recipe, Request
from cluster_engine.apiserver.selection import Selection
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.store.changes import ADDED, DELETED, MODIFIED, Change, Record
from cluster_engine.store.store import Store

#: What a waiting change costs a stream: it shares the object with the store.
_CHANGE_BYTES = 256


class Encoder(Protocol):
    """Makes the `object` of an event; one per representation a client may ask for."""

    def encode(self, record: Record) -> bytes:
        """The object of an event as JSON."""

    def bookmark(self, revision: int, *, is_end_of_initial: bool) -> bytes:
        """The object of a BOOKMARK event."""

    @property
    def has_columns(self) -> bool:
        """Whether the next table tells its columns."""

    @has_columns.setter
    def has_columns(self, has_columns: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class _Bookmark:
    revision: int
    is_end: bool


#: What waits in a stream: a change and its kind, a bookmark, or a line that is ready.
_Event: TypeAlias = tuple[str, Record] | _Bookmark | bytes


class WatchStream:
    """One client's watch. See `apiserver.requests.Stream`."""

    has_effects = False

    def __init__(
        self,
        request: Request,
        selection: Selection,
        encoder: Encoder,
        buffer_bytes_max: int,
        since: int,
    ) -> None:
        self.on_ready: Callable[[], None] | None = None
        self._request = request
        self.selection = selection
        #: The revision of the newest change this stream has been offered.
        self.revision = since
        #: When it ends by itself, None when it does not.
        self.deadline_ms: int | None = None
        self._endings: list[Callable[[], None]] = []
        self._encoder = encoder
        self._waiting: deque[_Event] = deque()
        self._room = max(buffer_bytes_max // _CHANGE_BYTES, 1)
        self._is_ended = False

    @property
    def is_done(self) -> bool:
        return self._is_ended

    def when_ended(self, action: Callable[[], None]) -> None:
        """Have something done, once, when the stream ends for whatever reason."""
        self._endings.append(action)

    def begin(self, records: Iterable[Record]) -> None:
        """Say first what exists already. Not bounded: the client asked for it."""
        self._waiting.extend((ADDED, record) for record in records)

    def offer(self, change: Change) -> None:
        """Take note of a change if the selection is concerned."""
        self.revision = change.revision
        event = event_of(change, self.selection)
        if event is None or self._is_ended:
            return
        if len(self._waiting) >= self._room:
            self.end()
            return
        self._push(event)

    def bookmark(self, *, is_end_of_initial: bool = False) -> None:
        """Tell the client how far it is."""
        self._push(_Bookmark(self.revision, is_end_of_initial))

    def fail(self, status: dict[str, object]) -> None:
        """Send an ERROR event and end."""
        self._push(_line("ERROR", orjson.dumps(status)))
        self.end()

    def end(self) -> None:
        """No more events; those that wait can still be read."""
        if self._is_ended:
            return
        self._is_ended = True
        for action in self._endings:
            action()
        self._wake()

    def read(self, bytes_max: int = 65536) -> list[Frame]:
        frames: list[Frame] = []
        size_bytes = 0
        while self._waiting and size_bytes < bytes_max:
            event = self._waiting.popleft()
            line = self._encoded(event)
            size_bytes += len(line)
            frames.append(Frame(STDOUT, line))
        return frames

    def write(self, frame: Frame) -> None:
        """A watch takes no input."""

    def end_input(self, channel: int = STDIN) -> None:
        """A watch takes no input."""

    def close(self) -> None:
        self._waiting.clear()
        self.end()

    def recipe(self) -> Recipe | None:
        """The request, what waits, and how far the encoder is. What waits is encoded for it."""
        self._waiting = deque(self._encoded(event) for event in self._waiting)
        if self._is_ended and not self._waiting:
            return None
        has_columns = self._encoder.has_columns
        return "watch", self._request, tuple(self._waiting), has_columns, self._is_ended

    def resume(self, lines: Iterable[bytes], *, has_columns: bool, is_ended: bool) -> None:
        """Go on where `recipe` was asked for."""
        self._waiting.extend(lines)
        self._encoder.has_columns = has_columns
        if is_ended:
            self.end()

    def _encoded(self, event: _Event) -> bytes:
        if isinstance(event, bytes):
            return event
        if isinstance(event, _Bookmark):
            body = self._encoder.bookmark(event.revision, is_end_of_initial=event.is_end)
            return _line("BOOKMARK", body)
        return _line(event[0], self._encoder.encode(event[1]))

    def _push(self, event: _Event) -> None:
        was_empty = not self._waiting
        self._waiting.append(event)
        if was_empty:
            self._wake()

    def _wake(self) -> None:
        if self.on_ready is not None:
            self.on_ready()


class WatchHub:
    """All open watches of a cluster, by resource."""

    def __init__(self, store: Store, watches_max: int) -> None:
        self._store = store
        self._watches_max = watches_max
        self._streams: dict[str, list[WatchStream]] = {}
        self._unsubscribe: dict[str, Callable[[], None]] = {}
        self._count = 0

    @property
    def is_full(self) -> bool:
        """Whether another watch would be too many."""
        return self._count >= self._watches_max

    def add(self, resource: str, stream: WatchStream) -> None:
        """Offer every change of `resource` to `stream` until it ends."""
        streams = self._streams.setdefault(resource, [])
        if resource not in self._unsubscribe:
            self._unsubscribe[resource] = self._store.subscribe(self._receive, resource)
        streams.append(stream)
        self._count += 1
        stream.when_ended(lambda: self._remove(resource, stream))

    def end_all(self, resource: str) -> None:
        """End the watches of a resource that is no longer served."""
        for stream in tuple(self._streams.get(resource, ())):
            stream.end()

    def _receive(self, change: Change) -> None:
        for stream in tuple(self._streams.get(change.resource, ())):
            stream.offer(change)

    def _remove(self, resource: str, stream: WatchStream) -> None:
        streams = self._streams.get(resource, [])
        if stream not in streams:
            return
        streams.remove(stream)
        self._count -= 1
        if not streams:
            del self._streams[resource]
            self._unsubscribe.pop(resource)()


class Timeouts:
    """Ends watches when the time they asked for is over.

    Clients come and go without leaving a trace in the cluster, so their appointments are not on its
    agenda but on one of their own, which no copy of the cluster has.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._agenda = Agenda()
        self._streams: dict[int, WatchStream] = {}
        self._next = 1

    def add(self, stream: WatchStream, seconds: int) -> None:
        """End `stream` after that many virtual seconds."""
        number = self._next
        self._next += 1
        self._streams[number] = stream
        stream.deadline_ms = self._core.clock.now_ms + seconds * 1000
        ticket = self._agenda.schedule(stream.deadline_ms, "watch", number)

        def forget() -> None:
            if self._streams.pop(number, None) is not None:
                self._agenda.cancel(ticket)

        stream.when_ended(forget)

    def next_due_ms(self) -> int | None:
        """When the next watch is over, None when none ends by itself."""
        return self._agenda.next_due_ms()

    def expire(self) -> None:
        """End what is over by now."""
        while (entry := self._agenda.pop_due(self._core.clock.now_ms)) is not None:
            stream = self._streams.pop(cast(int, entry.message), None)
            if stream is not None:
                stream.end()


def event_of(change: Change, selection: Selection) -> tuple[str, Record] | None:
    """What a change is to a client that sees only a selection: coming into it is ADDED, leaving
    it is DELETED with the object as it was."""
    namespace = selection.namespace
    if namespace and change.namespace != namespace:
        return None
    if selection.is_everything:
        return change.type, change.record
    previous = change.previous
    was = previous is not None and selection.matches(previous.object)
    if change.type == DELETED:
        return (DELETED, change.record) if was else None
    if selection.matches(change.object):
        return (MODIFIED if was else ADDED), change.record
    if not was or previous is None:
        return None
    return DELETED, _left(previous, change.revision)


def _left(previous: Record, revision: int) -> Record:
    """The last state a client saw, at the revision at which it stopped to see it."""
    metadata = {**previous.object["metadata"], "resourceVersion": str(revision)}
    return Record({**previous.object, "metadata": metadata}, revision, previous.managers)


def _line(type_: str, body: bytes) -> bytes:
    return b'{"type":"' + type_.encode() + b'","object":' + body + b"}\n"
