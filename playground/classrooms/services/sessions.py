"""What a classroom does when a session of one of its students changes by itself."""

from __future__ import annotations

from django.utils import timezone

from playground.classrooms import clusters
from playground.classrooms.life import RoomState
from playground.classrooms.models import Stage
from playground.classrooms.progress import progress_follow
from playground.classrooms.results import result_keep
from playground.classrooms.selectors import hub, seat_by_session
from playground.lab_sessions.kinds import Kind
from playground.lab_sessions.life import State
from playground.lab_sessions.models import Session
from playground.lab_sessions.selectors import announcer
from playground.lessons.selectors import progress_listeners


def classrooms_listen() -> None:
    """Hear of sessions, and of progress in lessons. Idempotent."""
    book = announcer()
    if session_follow not in book.session_listeners:
        book.session_listeners.append(session_follow)
    if session_prepare_again not in book.renew_listeners:
        book.renew_listeners.append(session_prepare_again)
    if progress_follow not in progress_listeners():
        progress_listeners().append(progress_follow)


async def session_prepare_again(session: Session, is_fresh: bool) -> None:
    """A listener of renewals: a new cluster of a seat begins as every cluster of its room does."""
    if session.kind != Kind.CLASSROOM or not is_fresh:
        return
    seat = await seat_by_session(session.id)
    if seat is not None:
        await clusters.cluster_prepare(seat.classroom, session.id)


async def session_follow(session: Session) -> None:
    """A listener of sessions: a student whose time is up has finished."""
    if session.kind != Kind.CLASSROOM:
        return
    seat = await seat_by_session(session.id)
    student = seat.student if seat is not None else None
    if seat is None or student is None:
        return
    is_over = session.state in (State.EXPIRED, State.ENDED)
    is_open = seat.classroom.state != RoomState.ENDED
    if is_over and is_open and student.stage == Stage.WORKING:
        await result_keep(student)
        student.stage, student.finished_at = Stage.FINISHED, timezone.now()
        student.hand_at = None
        await student.asave(update_fields=["stage", "finished_at", "hand_at"])
    hub().student(seat.classroom_id, student.id)
