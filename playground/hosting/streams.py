"""Engine streams as awaitable conversations.

Using a stream that changes the cluster is an input, which the ledger notes; what is read of any
stream is handed out only when all that has led to it is safe.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from cluster_engine.apiserver.requests import Frame, Stream
from playground.hosting.journal.deck import keep
from playground.hosting.journal.ledger import Ledger
from playground.hosting.journal.records import Op, pack_frame

_ALL_BYTES = 1 << 30


class LocalConversation:
    """A stream of a cluster in this process. `touched` tells the pump that there may be work.
    `number` is the stream's in the cluster's deck; 0: using it leaves no trace."""

    def __init__(
        self,
        stream: Stream,
        touched: Callable[[], None],
        closed: Callable[[], None],
        ledger: Ledger | None = None,
        number: int = 0,
    ) -> None:
        self._stream = stream
        self._touched = touched
        self._closed = closed
        self._ledger = ledger if number else None
        self._safety = ledger
        self._number = number
        self._ready = asyncio.Event()
        self._is_closed = False
        #: Whether somebody looks at it just now; the cluster of a kept terminal that nobody looks
        #: at may leave memory.
        self.is_looked_at = False
        #: Whether it lives on in the cluster without this conversation.
        self.is_kept = number > 0 and not stream.has_effects
        stream.on_ready = self._ready.set

    @property
    def is_left(self) -> bool:
        """Whether the stream lives on somewhere, but not in this conversation any more."""
        return self._is_closed and self.is_kept

    @property
    def label(self) -> str:
        """What a kept terminal was called."""
        return str(getattr(self._stream, "label", None) or "")

    @property
    def size(self) -> tuple[int, int]:
        """See host.Conversation.size."""
        columns, rows = getattr(self._stream, "size", (0, 0))
        return columns, rows

    def shown(self) -> list[Frame]:
        """See host.Conversation.shown."""
        return self._stream.read(_ALL_BYTES) if self.is_kept and not self._is_closed else []

    @property
    def position(self) -> int:
        """How many bytes of a kept terminal have been read, or gone by."""
        return int(getattr(self._stream, "position", 0))

    async def read(self, bytes_max: int = 65536) -> list[Frame]:
        """See host.Conversation.read."""
        while not self._is_closed:
            self._ready.clear()
            has_effects = self._stream.has_effects
            frames = self._stream.read(bytes_max)
            if frames:
                if self._ledger is not None and has_effects:
                    self._ledger.note(Op.READ, self._number, bytes_max)
                self._touched()
                if self._safety is not None:
                    await self._safety.settle()
                return frames
            if self._stream.is_done:
                break
            await self._ready.wait()
        return []

    def write(self, frame: Frame) -> None:
        """See host.Conversation.write."""
        if not self._is_closed:
            self._stream.write(frame)
            if self._ledger is not None:
                self._ledger.note(Op.WRITE, *pack_frame(self._number, frame))
            self._touched()

    def end_input(self, channel: int = 0) -> None:
        """See host.Conversation.end_input."""
        if not self._is_closed:
            self._stream.end_input(channel)
            if self._ledger is not None:
                self._ledger.note(Op.END_INPUT, self._number, channel)
            self._touched()

    def keep(self, label: str) -> bool:
        """See host.Conversation.keep."""
        if self._is_closed or self._ledger is None or not keep(self._stream, label):
            return False
        self.is_kept = True
        self._ledger.note(Op.KEEP, self._number, label)
        self._touched()
        return True

    def close(self) -> None:
        """See host.Conversation.close."""
        if self._is_closed:
            return
        self.is_kept = False
        self._stream.on_ready = None
        self._stream.close()
        if self._ledger is not None:
            self._ledger.deck.drop(self._number)
            self._ledger.note(Op.CLOSE, self._number)
        self._end()

    def leave(self) -> None:
        """The conversation is over, but not the stream: the cluster leaves memory."""
        if not self._is_closed:
            self._stream.on_ready = None
            self._end()

    def _end(self) -> None:
        self._is_closed = True
        self._ready.set()
        self._closed()
        self._touched()
