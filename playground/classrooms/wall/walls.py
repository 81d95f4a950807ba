"""A wall gathers what changes in a room and sends it on: each student at most four times a second,
all changes of a tick in one frame, at most ten frames a second.

Clusters are not viewed: a note that one has done something marks its student, and at the next tick
its summary is asked for, a few hundred bytes. A wall that nobody looks at does not exist.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import orjson
from django.conf import settings
from django.utils import timezone

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.classrooms.hub import News
from playground.classrooms.models import Classroom
from playground.classrooms.progress import standing_of
from playground.classrooms.selectors import hub, present, room_get, session_of, students_of
from playground.classrooms.wall.attention import Patience
from playground.classrooms.wall.entry import Known, entry
from playground.classrooms.wall.rooms import room_body
from playground.hosting.host import ClusterHost, HostError
from playground.lab_sessions.life import State
from playground.lab_sessions.models import Session
from playground.lab_sessions.problems import TooMany
from playground.live.mailbox import Mailbox

logger = logging.getLogger(__name__)

#: How often everybody is looked at again, because time alone changes who needs help.
_REVIEW_SECONDS = 5.0
_SUMMARY = Request("GET", "/podyard/v1/summary", headers={"accept": "application/json"}, user=ADMIN)
#: What of a student is to be read again: nothing (time has passed), the record, the cluster.
_TIME, _FACTS, _CLUSTER = 0, 1, 2


class Wall:
    """The wall of one room, for all of its teacher's pages."""

    def __init__(self, room_id: str, host: ClusterHost, base_url: str) -> None:
        self.room_id = room_id
        self._host = host
        self._base_url = base_url
        self._mailboxes: dict[Mailbox, None] = {}
        self._known: dict[str, Known] = {}
        self._by_session: dict[str, str] = {}
        self._asleep: set[str] = set()
        self._sent: dict[str, dict[str, Any]] = {}
        self._sent_at: dict[str, float] = {}
        #: Students that wait for their turn, and what is to be read of them.
        self._dirty: dict[str, int] = {}
        self._is_room_changed = False
        self._wakeup = asyncio.Event()
        #: Everybody has been read once.
        self._loaded = asyncio.Event()
        self._seq = int(time.time() * 1000)
        self._task: asyncio.Task[None] | None = None
        self._stop_listening = hub().listen(room_id, self._hear)

    @property
    def is_empty(self) -> bool:
        """Whether nobody looks."""
        return not self._mailboxes

    async def join(self, mailbox: Mailbox) -> None:
        """One more page; it gets the whole first. Raises TooMany."""
        most = settings.PODYARD_WALLS_PER_CLASSROOM_MAX
        if len(self._mailboxes) >= most:
            raise TooMany(f"{most} pages show this wall already")
        self._mailboxes[mailbox] = None
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run(), name="wall")
        await self._loaded.wait()
        mailbox.ask_scene()

    def leave(self, mailbox: Mailbox) -> None:
        """One less; the last one takes the wall down."""
        self._mailboxes.pop(mailbox, None)
        if self._mailboxes:
            return
        self._stop_listening()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def hello(self) -> str:
        """The whole, fit for what is sent from now on."""
        room = await room_get(self.room_id)
        frame = {
            "type": "hello",
            "seq": self._seq,
            "room": room_body(room, self._base_url),
            "students": list(self._sent.values()),
        }
        return orjson.dumps(frame).decode()

    def note_cluster(self, session_id: str) -> None:
        """A cluster has done something."""
        student_id = self._by_session.get(session_id)
        if student_id is not None:
            self._mark(student_id, _CLUSTER)

    def _hear(self, news: News) -> None:
        if news.say is not None:
            return
        if news.student_id:
            self._mark(news.student_id, _FACTS)
            return
        self._is_room_changed = True
        self._wakeup.set()

    def _mark(self, student_id: str, what: int) -> None:
        self._dirty[student_id] = self._dirty.get(student_id, _TIME) | what
        self._wakeup.set()

    # The loop

    async def _run(self) -> None:
        tick_s = 1 / settings.PODYARD_WALL_FRAMES_PER_SECOND_MAX
        try:
            await self._mark_everybody(_FACTS | _CLUSTER)
            await self._tick()
            self._loaded.set()
            review_at = time.monotonic() + _REVIEW_SECONDS
            while True:
                await self._sleep(review_at)
                if time.monotonic() >= review_at:
                    review_at = time.monotonic() + _REVIEW_SECONDS
                    for student_id in self._known:
                        self._dirty.setdefault(student_id, _TIME)
                await self._tick()
                await asyncio.sleep(tick_s)
        except Exception:
            logger.exception("a wall stopped")
            self._loaded.set()
            for mailbox in list(self._mailboxes):
                mailbox.close()

    async def _sleep(self, review_at: float) -> None:
        """Until something can be sent; what waits for its turn is not news."""
        while not self._is_room_changed:
            self._wakeup.clear()
            moment = min([review_at, *(self._turn(one) for one in self._dirty)])
            delay_s = moment - time.monotonic()
            if delay_s <= 0:
                return
            timer = asyncio.get_running_loop().call_later(delay_s, self._wakeup.set)
            await self._wakeup.wait()
            timer.cancel()

    def _turn(self, student_id: str) -> float:
        """When that student may be sent again."""
        pause_s = 1 / settings.PODYARD_WALL_STUDENT_FRAMES_PER_SECOND_MAX
        return self._sent_at.get(student_id, 0.0) + pause_s

    async def _tick(self) -> None:
        """Read what has changed, send what differs from what was sent."""
        if self._is_room_changed:
            self._is_room_changed = False
            room = await room_get(self.room_id)
            self._tell({"type": "room", "room": room_body(room, self._base_url)})
            await self._mark_everybody(_FACTS)
        now = time.monotonic()
        due = {one: what for one, what in self._dirty.items() if self._turn(one) <= now}
        for student_id in due:
            del self._dirty[student_id]
        removed = await self._read_facts([one for one, what in due.items() if what & _FACTS])
        changed: dict[str, dict[str, Any]] = {}
        for student_id, what in due.items():
            known = self._known.get(student_id)
            if known is None:
                continue
            if what & _CLUSTER or not known.summary:
                await self._read_cluster(known)
            known.here = hub().here.get(student_id, 0)
            shown = entry(known, _patience(), timezone.now())
            if shown != self._sent.get(student_id):
                changed[student_id] = shown
                self._sent_at[student_id] = now
        self._send(changed, removed)

    def _send(self, changed: dict[str, dict[str, Any]], removed: list[str]) -> None:
        for student_id in removed:
            self._sent.pop(student_id, None)
            self._sent_at.pop(student_id, None)
        self._sent |= changed
        frame: dict[str, Any] = {"type": "wall"}
        if changed:
            frame["set"] = list(changed.values())
        if removed:
            frame["remove"] = removed
        if changed or removed:
            self._tell(frame)

    def _tell(self, frame: dict[str, Any]) -> None:
        self._seq += 1
        text = orjson.dumps({**frame, "seq": self._seq}).decode()
        for mailbox in self._mailboxes:
            mailbox.put(text, is_kept=False)

    # Reading

    async def _mark_everybody(self, what: int) -> None:
        room = await room_get(self.room_id)
        for student in await students_of(room):
            self._mark(student.id, what)

    async def _read_facts(self, student_ids: list[str]) -> list[str]:
        """Read those students anew; gives those that are no longer in the room."""
        if not student_ids:
            return []
        rows = present(Classroom(id=self.room_id)).filter(id__in=student_ids)
        found = {student.id: student async for student in rows}
        await self._note_asleep([session_of(student) for student in found.values()])
        for student_id, student in found.items():
            known = self._known.get(student_id)
            if known is None:
                known = self._known[student_id] = Known(student)
            session_id = session_of(student)
            if session_id != session_of(known.student):
                known.summary = {}
            known.student = student
            if session_id:
                self._by_session[session_id] = student_id
                known.standing = await standing_of(session_id)
        removed = [one for one in student_ids if one not in found and one in self._known]
        for student_id in removed:
            session_id = session_of(self._known.pop(student_id).student)
            self._by_session.pop(session_id, None)
        return removed

    async def _note_asleep(self, session_ids: list[str]) -> None:
        """Whose clusters sleep: a look from the wall must not wake them."""
        self._asleep.difference_update(session_ids)
        asleep = Session.objects.filter(id__in=session_ids, state=State.HIBERNATED.value)
        self._asleep.update([one async for one in asleep.values_list("id", flat=True)])

    async def _read_cluster(self, known: Known) -> None:
        session_id = session_of(known.student)
        if not session_id or session_id in self._asleep or not self._host.has(session_id):
            return
        try:
            answer = await self._host.call(session_id, _SUMMARY)
        except HostError:
            return
        if answer.status == 200:
            known.take_summary(orjson.loads(answer.body), timezone.now())


class Walls:
    """The walls that somebody looks at."""

    def __init__(self) -> None:
        self._walls: dict[str, Wall] = {}
        self._heard: ClusterHost | None = None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._walls)

    def enter(self, room_id: str, host: ClusterHost, base_url: str) -> Wall:
        """The wall of a room."""
        if self._heard is not host:
            self._heard = host
            host.listen(self._note)
        wall = self._walls.get(room_id)
        if wall is None:
            wall = self._walls[room_id] = Wall(room_id, host, base_url)
        return wall

    def tidy(self, wall: Wall) -> None:
        """Forget a wall that nobody looks at."""
        if wall.is_empty and self._walls.get(wall.room_id) is wall:
            del self._walls[wall.room_id]

    def _note(self, session_id: str) -> None:
        for wall in self._walls.values():
            wall.note_cluster(session_id)


def _patience() -> Patience:
    return Patience(
        stuck_seconds=60.0 * settings.PODYARD_WALL_STUCK_MINUTES,
        idle_seconds=60.0 * settings.PODYARD_WALL_IDLE_MINUTES,
    )
