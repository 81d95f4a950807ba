"""The clusters behind seats: everything that classrooms do with sessions goes through here."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable
from typing import Any

import orjson
from django.conf import settings

from cluster_engine.apiserver.requests import ADMIN, Caller, Request, Source
from cluster_engine.simulation.limits import Limits
from playground.accounts.visitors import Visitor
from playground.classrooms.models import Classroom
from playground.hosting.host import parse_speed
from playground.hosting.selectors import site_host
from playground.lab_sessions import services
from playground.lab_sessions.holding import (
    is_held,
    session_end_at,
    session_hold,
    session_let_go,
)
from playground.lab_sessions.kinds import Kind
from playground.lab_sessions.life import EndReason, State
from playground.lab_sessions.lifetimes import session_begin
from playground.lab_sessions.manifests.actions import Action, perform
from playground.lab_sessions.models import Session
from playground.lab_sessions.plans import Wishes
from playground.lab_sessions.problems import Ended, Refused
from playground.lab_sessions.roles import Role
from playground.lab_sessions.sharing.people import member_set
from playground.lessons.selectors import lesson_get
from playground.lessons.services import lesson_begin, lesson_prepare, lesson_renewed
from playground.live.selectors import terminals
from playground.reviews.services import review_switch

_MINUTE = datetime.timedelta(minutes=1)
_DAY = datetime.timedelta(days=1)
_FAULTS = "/podyard/v1/faults"
_SEED_MAX = 2**31 - 1
_REASONS = {
    None: "you have left this student",
    Role.VIEWER: "you look on",
    Role.TEACHER: "the student lets you help",
}


def room_visitor(room: Classroom) -> Visitor:
    """Who owns a cluster before anybody sits on it."""
    return Visitor(f"room-{room.id}"[:32], room.title[:60], "slategray")


async def cluster_make(room: Classroom) -> str:
    """A cluster in the room's start state, its clock stopped; the session's id. Raises Refused."""
    wishes = Wishes(
        name=room.title[:60],
        nodes=room.nodes,
        minutes=room.minutes,
        speed=parse_speed(room.speed),
        seed=secrets.randbelow(_SEED_MAX),
        template=room.template,
    )
    session = await services.session_start(
        wishes=wishes,
        visitor=room_visitor(room),
        address=f"classroom:{room.id}",
        kind=Kind.CLASSROOM,
        reserved_until=room.ends_at + _DAY,
    )
    try:
        await site_host().clock_set(session.id, is_paused=True)
        if room.lesson:
            await lesson_prepare(session_id=session.id, lesson=lesson_get(room.lesson))
        await cluster_prepare(room, session.id)
    except BaseException:
        await services.session_end(session=session, because=EndReason.CLASSROOM)
        raise
    return session.id


async def cluster_prepare(room: Classroom, session_id: str) -> None:
    """Put what every cluster of the room starts with on top of its template and lesson, and let it
    come to rest. Raises Refused."""
    caller = Caller(room.teacher, room.title, Source.TEACHER)
    if room.manifests:
        await cluster_apply(session_id, room.manifests, caller)
    if room.manifests or room.template:
        settle_ms = settings.PODYARD_CLASSROOM_SETTLE_SECONDS * 1000
        await site_host().clock_advance(session_id, settle_ms)
    for name in room.faults:
        await fault_set(session_id, name, caller)


async def cluster_apply(session_id: str, text: str, caller: Caller) -> None:
    """Apply a text in the teacher's name. Raises Refused with the first problem."""
    report = await perform(
        host=site_host(),
        cluster_id=session_id,
        user=ADMIN,
        text=text,
        action=Action.APPLY,
        limits=Limits(),
        caller=caller,
    )
    wrong = [problem for problem in report.problems if problem.severity == "error"]
    if wrong:
        raise Refused(f"line {wrong[0].line}: {wrong[0].message}")
    failed = [result for result in report.results if result.outcome == "failed"]
    if failed:
        raise Refused(failed[0].message)


async def cluster_give(
    room: Classroom, session_id: str, *, student: Visitor, ends_at: datetime.datetime
) -> None:
    """Somebody sits down: the cluster is theirs, its clock runs, their time begins."""
    session = await Session.objects.aget(id=session_id)
    session.name = student.name[:60]
    await session.asave(update_fields=["name"])
    reason = "somebody sits here now"
    await member_set(session=session, visitor=room_visitor(room), role=None, reason=reason)
    await member_set(session=session, visitor=student, role=Role.OWNER, reason=reason)
    if room.is_reviewed:
        await cluster_review(room, session_id)
    session = await session_begin(session=session)
    if room.lesson:
        await lesson_begin(session, room.lesson)
    await session_end_at(session=session, moment=ends_at)
    await site_host().clock_set(session_id, speed=parse_speed(room.speed), is_paused=False)


async def cluster_review(room: Classroom, session_id: str) -> None:
    """Review in it is as in the room, and the teacher's. Raises Refused."""
    session = await Session.objects.aget(id=session_id)
    teacher = Visitor(room.teacher, room.title[:60], "")
    await review_switch(session, room.is_reviewed, by=teacher, base_url=room.site_url)


async def cluster_extend(session_id: str, minutes: int) -> datetime.datetime | None:
    """More time; one that had expired runs again. When it ends now, None for one that is gone."""
    session = await Session.objects.filter(id=session_id).afirst()
    if session is None or session.state in (State.ENDED, State.RESERVED):
        return None
    if session.state == State.EXPIRED:
        session = await services.session_extend(session=session, minutes=minutes)
    else:
        await session_end_at(session=session, moment=session.expires_at + minutes * _MINUTE)
    return session.expires_at


async def cluster_freeze(session_id: str) -> None:
    """Its clock and its time stand still."""
    session = await Session.objects.filter(id=session_id).afirst()
    if session is not None:
        await session_hold(session=session)


async def cluster_resume(session_id: str, after: datetime.timedelta) -> None:
    """Both go on."""
    session = await Session.objects.filter(id=session_id).afirst()
    if session is not None:
        await session_let_go(session=session, after=after)


async def cluster_reset(session_id: str) -> None:
    """The session has a new cluster, in the room's start state: what hears of a renewal puts the
    room's part into it, the lesson its own."""
    session = await Session.objects.aget(id=session_id)
    if session.state != State.RUNNING:
        raise Ended("this session is not running")
    terminals().close_all(session_id)
    await services.session_reset(session=session)
    await lesson_renewed(session)
    await site_host().clock_set(session_id, is_paused=is_held(session))


async def cluster_end(session_id: str) -> None:
    """The cluster goes at once."""
    session = await Session.objects.filter(id=session_id).afirst()
    if session is not None and session.state != State.ENDED:
        await services.session_end(session=session, because=EndReason.CLASSROOM)


async def cluster_close(session_id: str) -> None:
    """The class is over: the cluster can be looked at and taken away for a while."""
    session = await Session.objects.filter(id=session_id).afirst()
    if session is None:
        return
    if session.state in (State.RUNNING, State.OVERTIME, State.HIBERNATED):
        await services.session_expire(session=session, because=EndReason.CLASSROOM)


async def teacher_role(session_id: str, visitor: Visitor, role: Role | None) -> None:
    """What the teacher may do in a student's session; None: nothing any more."""
    session = await Session.objects.filter(id=session_id).afirst()
    if session is not None:
        await member_set(session=session, visitor=visitor, role=role, reason=_REASONS[role])


async def student_moved(session_id: str, before: str, student: Visitor) -> None:
    """A student came back as somebody else (another browser): the cluster is theirs there now."""
    session = await Session.objects.aget(id=session_id)
    gone = Visitor(before, student.name, student.color)
    reason = "you have come back on another device"
    await member_set(session=session, visitor=gone, role=None, reason=reason)
    await member_set(session=session, visitor=student, role=Role.OWNER, reason=reason)


# Faults


async def fault_set(session_id: str, name: str, caller: Caller) -> None:
    """Break something in a cluster. Raises Refused."""
    await _ask(session_id, "POST", _FAULTS, {"fault": name}, caller)


async def faults_mend(session_id: str, caller: Caller) -> None:
    """Undo every fault of a cluster. Raises Refused."""
    found = await _ask(session_id, "GET", _FAULTS, None, caller)
    for fault in found.get("faults", ()):
        await _ask(session_id, "DELETE", f"{_FAULTS}/{fault['id']}", None, caller)


async def _ask(
    session_id: str, method: str, path: str, body: dict[str, Any] | None, caller: Caller
) -> dict[str, Any]:
    sent = b"" if body is None else orjson.dumps(body)
    headers = {"accept": "application/json", "content-type": "application/json"}
    request = Request(method, path, "", headers, sent, ADMIN, "", caller)
    answer = await site_host().call(session_id, request)
    found = orjson.loads(answer.body) if answer.body else {}
    if answer.status >= 400:
        raise Refused(str(found.get("message", "refused")))
    return found if isinstance(found, dict) else {}


def alive(session_ids: Iterable[str]) -> list[str]:
    """Those whose cluster this process has."""
    return [one for one in session_ids if one and site_host().has(one)]
