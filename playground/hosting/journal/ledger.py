"""One cluster's side of the journal: it notes inputs, and knows which of them are safe."""

from __future__ import annotations

import asyncio
from typing import Any

from playground.hosting.host import HostError
from playground.hosting.journal.deck import Deck
from playground.hosting.journal.records import Op, Record, pack_request
from playground.hosting.journal.writer import Writer

#: An answer waits so long for the journal; then the caller is told that it does not know.
PATIENCE_SECONDS = 20.0
#: What a record costs besides its bytes.
_RECORD_BYTES = 100


class NotWritten(HostError):
    """What was asked has been done but is not safe yet, or never will be."""


class Ledger:
    """Fulfils writer.Author. Without a writer nothing is noted and everything is safe."""

    def __init__(self, cluster_id: str, deck: Deck, writer: Writer | None, number: int = 0) -> None:
        self.cluster_id = cluster_id
        self.deck = deck
        #: How many records there are.
        self.number = number
        self.is_lost = False
        #: Since the last snapshot: what a replay would have to read.
        self.bytes_since = 0
        #: How many records the last snapshot holds; -1: there is none.
        self.saved_number = -1
        #: How many snapshots were begun.
        self.saves = 0
        #: Whether the cluster is further than the last record says.
        self.is_ahead = False
        self._writer = writer
        self._safe = number
        self._waiters: list[tuple[int, asyncio.Future[None]]] = []

    @property
    def is_kept(self) -> bool:
        """Whether there is a journal."""
        return self._writer is not None

    @property
    def is_settled(self) -> bool:
        """Whether everything noted is safe."""
        return self._writer is None or self._safe >= self.number

    @property
    def is_unsaved(self) -> bool:
        """Whether the last snapshot is not all there is."""
        return self.is_ahead or self.number != self.saved_number

    def turn_to(self, deck: Deck) -> None:
        """Another cluster goes on under the same name; a snapshot of it follows."""
        self.deck = deck
        self.saved_number = self.number

    def begin_save(self) -> int:
        """A snapshot is taken now; its turn, for `is_newest`."""
        self.saves += 1
        self.bytes_since, self.saved_number = 0, self.number
        return self.saves

    def is_newest(self, turn: int) -> bool:
        """Whether a snapshot is still worth writing: a later one may have overtaken it, and must
        not be undone by it."""
        return turn == self.saves and not self.is_lost

    def end(self) -> None:
        """No more is noted: the cluster is out of memory."""
        self.lost()

    def note(self, op: Op, *data: Any) -> None:
        """Something has come in, just now."""
        if self._writer is None or self.is_lost:
            return
        engine = self.deck.engine
        record = Record(op, engine.steps, engine.now_ms, engine.revision, data)
        self._writer.append(self, self.number, record)
        self.number += 1
        self.is_ahead = False
        self.bytes_since += _RECORD_BYTES + _size(data)

    def note_request(self, request: Any, stream_number: int) -> None:
        """A request that may have changed the cluster was answered."""
        if self._writer is not None:
            self.note(Op.REQUEST, pack_request(request), stream_number)

    async def settle(self) -> None:
        """Until everything noted so far is safe. Raises NotWritten."""
        if self.is_settled:
            return
        if self.is_lost:
            raise NotWritten("this session is served by another process now; try again")
        safe = asyncio.get_running_loop().create_future()
        self._waiters.append((self.number, safe))
        try:
            await asyncio.wait_for(asyncio.shield(safe), PATIENCE_SECONDS)
        except TimeoutError:
            raise NotWritten("it could not be written down yet; look again in a while") from None

    def written(self, number: int) -> None:
        """See writer.Author."""
        self._safe = number
        while self._waiters and self._waiters[0][0] <= number:
            _, safe = self._waiters.pop(0)
            if not safe.done():
                safe.set_result(None)

    def lost(self) -> None:
        """See writer.Author."""
        self.is_lost = True
        for _, safe in self._waiters:
            if not safe.done():
                safe.set_exception(NotWritten("this session is served by another process now"))
        self._waiters.clear()


def _size(value: Any) -> int:
    """About the bytes of a record's data."""
    if isinstance(value, bytes | str):
        return len(value)
    if isinstance(value, tuple):
        return sum(_size(item) for item in value)
    return 8
