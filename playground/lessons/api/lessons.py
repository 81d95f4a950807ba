"""Lessons over REST: what there is, and the lesson of a session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from django.http import HttpResponse

from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.models import Session
from playground.lab_sessions.problems import Invalid
from playground.lab_sessions.roles import Role
from playground.lab_sessions.rules import Act
from playground.lab_sessions.selectors import rules
from playground.lessons.progress import lesson_body, lesson_summary
from playground.lessons.selectors import lesson_get, lesson_state, lessons_list, progress_of
from playground.lessons.services import (
    hint_show,
    lesson_restart,
    lesson_start,
    question_answer,
    step_read,
    step_restart,
)

Doing: TypeAlias = Callable[[Session, dict[str, Any]], Awaitable[None]]


@endpoint("GET")
async def lessons(asked: ApiRequest) -> HttpResponse:
    """Every lesson, in order."""
    return reply({"lessons": [lesson_summary(one) for one in lessons_list()]})


@endpoint("GET")
async def lesson(asked: ApiRequest, slug: str) -> HttpResponse:
    """One lesson with its texts."""
    return reply(lesson_body(lesson_get(slug)))


@endpoint("GET", "POST")
async def session_lesson(asked: ApiRequest, session_id: str) -> HttpResponse:
    """The lesson of a session and where it stands; or something done in it."""
    is_acting = asked.method == "POST"
    session, role = await asked.session(session_id, needs_edit=is_acting)
    if is_acting:
        body = asked.body()
        act = ACTS.get(str(body.get("action")))
        if act is None:
            known = ", ".join(ACTS)
            message = f"action is {body.get('action')!r}: give one of {known}"
            raise Invalid(message, field="action")
        if act in _PUTTING_BACK:
            await _check(session, role, body)
        await act(session, body)
    return reply(await lesson_state(session.id))


async def _start(session: Session, body: dict[str, Any]) -> None:
    await lesson_start(session, _text(body, "lesson"))


async def _read(session: Session, body: dict[str, Any]) -> None:
    await step_read(session_id=session.id, step_id=_text(body, "step"))


async def _answer(session: Session, body: dict[str, Any]) -> None:
    choice = body.get("choice")
    if isinstance(choice, bool) or not isinstance(choice, int):
        raise Invalid(f"choice is {choice!r}: give a number, from 0", field="choice")
    await question_answer(session_id=session.id, step_id=_text(body, "step"), choice=choice)


async def _hint(session: Session, body: dict[str, Any]) -> None:
    await hint_show(session_id=session.id, step_id=_text(body, "step"))


async def _restart(session: Session, body: dict[str, Any]) -> None:
    await lesson_restart(session)


async def _restart_step(session: Session, body: dict[str, Any]) -> None:
    await step_restart(session)


ACTS: dict[str, Doing] = {
    "start": _start,
    "read": _read,
    "answer": _answer,
    "hint": _hint,
    "restart": _restart,
    "restart-step": _restart_step,
}


#: What acts on the cluster with full rights.
_PUTTING_BACK = (_start, _restart, _restart_step)


async def _check(session: Session, role: Role, body: dict[str, Any]) -> None:
    """A lesson brings faults of its own: another one is for those who may set them."""
    await rules().check(session.id, role, Act.LESSON)
    if body.get("action") != "start":
        return
    progress = await progress_of(session.id)
    if progress is None or progress.slug != body.get("lesson"):
        await rules().check(session.id, role, Act.FAULTS)


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not value:
        raise Invalid(f"{field} is {value!r}: give a text", field=field)
    return value
