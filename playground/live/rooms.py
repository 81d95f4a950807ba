"""One room per session that somebody looks at: it reads the cluster's frames once, numbers them,
keeps the last ones for those who come back, and hands them to everyone in it.

A room without people holds nothing and does nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings

from playground.hosting.host import SPEED_MAX, ClusterHost, UnknownCluster, View
from playground.lab_sessions.problems import TooMany
from playground.live.presence import Member, Presence

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Replay:
    """The last numbered frames. `floor`: frames after this number are all here."""

    floor: int = 0
    frames: deque[tuple[int, str]] = field(default_factory=deque)
    size: int = 0

    def add(self, seq: int, text: str) -> None:
        self.frames.append((seq, text))
        self.size += len(text)
        while self.frames and (
            len(self.frames) > settings.PODYARD_REPLAY_FRAMES_MAX
            or self.size > settings.PODYARD_REPLAY_BYTES_MAX
        ):
            self.floor, dropped = self.frames.popleft()
            self.size -= len(dropped)

    def forget(self, seq: int) -> None:
        self.floor, self.size = seq, 0
        self.frames.clear()


class Room:
    """The people who look at one session."""

    def __init__(self, session_id: str, host: ClusterHost) -> None:
        self.session_id = session_id
        self._host = host
        self.presence = Presence()
        #: Starts with the wall clock, so that numbers of an earlier room are never mistaken.
        self._seq = int(time.time() * 1000)
        self._replay = _Replay()
        self._view: View | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nobody looks."""
        return not self.presence.members

    async def join(self, member: Member) -> None:
        """Come in. Raises UnknownCluster, HostFull, TooMany."""
        most = settings.PODYARD_VIEWERS_PER_SESSION_MAX
        if len(self.presence.members) >= most:
            raise TooMany(f"{most} viewers look at this session already")
        if self._view is None:
            self._view = await self._host.view(self.session_id)
            self._view.frames_now()
            self._replay.forget(self._seq)
            self._task = asyncio.get_running_loop().create_task(self._read(self._view))
        self.presence.enter(member)

    def leave(self, member: Member) -> None:
        """Go out; the last one turns off the light."""
        self.presence.leave(member)
        if self.presence.members:
            return
        if self._view is not None:
            self._view.close()
            self._view = None
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._replay.forget(self._seq)

    def resume(self, member: Member, seq: int | None) -> None:
        """Send what a browser has missed after `seq`; the full scene when that is not known."""
        if seq is None or not self._replay.floor <= seq <= self._seq:
            member.mailbox.ask_scene()
            return
        for number, text in list(self._replay.frames):
            if number > seq:
                member.mailbox.put(text, is_kept=False)

    async def scene(self) -> list[str]:
        """The full state as frames, fit for what is broadcast from now on."""
        if self._view is not None:
            self._broadcast(self._view.frames_now())
        fresh = await self._host.view(self.session_id)
        try:
            frames = fresh.frames_now()
        finally:
            fresh.close()
        reading = await self._host.clock(self.session_id)
        texts = [_text({**frame, "seq": self._seq}) for frame in frames]
        return [*texts, _text({"type": "clock", **reading.body()})]

    def tell(self, frame: dict[str, Any]) -> None:
        """An unnumbered frame for everyone."""
        text = _text(frame)
        for member in self.presence.members:
            member.mailbox.put(text)

    def close(self, reason: str = "", code: int = 0) -> None:
        """The session has ended, or (with a code) sends everybody out for now."""
        for member in list(self.presence.members):
            member.mailbox.close(reason, code)

    def _broadcast(self, frames: list[dict[str, Any]]) -> None:
        for frame in frames:
            if frame["type"] == "clock":
                self.tell(frame)
                continue
            self._seq += 1
            text = _text({**frame, "seq": self._seq})
            self._replay.add(self._seq, text)
            for member in self.presence.members:
                member.mailbox.put(text, is_kept=False)

    async def _read(self, view: View) -> None:
        try:
            while (frame := await view.frame()) is not None:
                self._broadcast([frame])
                await self._show_leaping_clock()
        except UnknownCluster:
            pass
        except Exception:
            logger.exception("a room stopped")
        self.close()

    async def _show_leaping_clock(self) -> None:
        """At unlimited speed a browser cannot count along."""
        reading = await self._host.clock(self.session_id)
        if reading.speed == SPEED_MAX and not reading.is_paused:
            self.tell({"type": "clock", **reading.body()})


class Rooms:
    """The rooms that somebody is in."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}

    def enter(self, session_id: str, host: ClusterHost) -> Room:
        """The room of a session."""
        room = self._rooms.get(session_id)
        if room is None:
            room = self._rooms[session_id] = Room(session_id, host)
        return room

    def find(self, session_id: str) -> Room | None:
        """The room of a session, if anybody is in it."""
        return self._rooms.get(session_id)

    def tidy(self, room: Room) -> None:
        """Forget an empty room."""
        if room.is_empty and self._rooms.get(room.session_id) is room:
            del self._rooms[room.session_id]


def _text(frame: dict[str, Any]) -> str:
    return orjson.dumps(frame, option=orjson.OPT_NON_STR_KEYS).decode()
