"""What can be done with a lesson in a session. Permissions are checked by the callers' selectors
(`session_open`)."""

from __future__ import annotations

import orjson
from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone

from cluster_engine.apiserver.requests import ADMIN, Request
from cluster_engine.simulation.limits import Limits
from playground.hosting.selectors import site_host
from playground.lab_sessions.manifests.actions import Action, perform
from playground.lab_sessions.models import Session
from playground.lab_sessions.problems import Invalid, Refused
from playground.lab_sessions.selectors import announcer
from playground.lab_sessions.services import session_reset
from playground.lab_sessions.templates import Template
from playground.lessons.checkpoints import checkpoint_return, checkpoint_write
from playground.lessons.checks.reader import part
from playground.lessons.format.lesson import Broken, Lesson, Step, StepKind
from playground.lessons.models import LessonRun, StepRun
from playground.lessons.problems import NoLesson, WrongStep
from playground.lessons.runs import Run, runs_open
from playground.lessons.selectors import lesson_get, run_of, tracker
from playground.lessons.tracking import step_pass
from playground.live.selectors import terminals


async def lesson_start(session: Session, slug: str) -> Run:
    """Begin a lesson in a session: its start state, then its first step. Raises NotFound, Refused
    when the session has a lesson already."""
    lesson = lesson_get(slug)
    async with tracker().beginning(session.id):
        if await run_of(session.id) is not None:
            raise Refused("this session has a lesson already; start another session")
        await lesson_prepare(session_id=session.id, lesson=lesson)
        return await _begin(session, lesson)


async def lesson_begin(session: Session, slug: str) -> None:
    """Begin a lesson in a session whose cluster is in its start state already. Nothing happens
    when it has one. Raises NotFound."""
    lesson = lesson_get(slug)
    async with tracker().beginning(session.id):
        if await run_of(session.id) is None:
            await _begin(session, lesson)


def lessons_listen() -> None:
    """Hear of sessions that begin and end. Idempotent."""
    book = announcer()
    if template_started not in book.start_listeners:
        book.start_listeners.append(template_started)
    if tracker().session_changed not in book.session_listeners:
        book.session_listeners.append(tracker().session_changed)


async def template_started(session: Session, template: Template) -> None:
    """A session was started from a template: begin its lesson, if it has one."""
    if template.lesson:
        await lesson_start(session, template.lesson)


async def lesson_restart(session: Session) -> None:
    """A new cluster in the lesson's start state, and the first step. Raises NoLesson."""
    run = await _run(session.id)
    async with run.lock:
        before = await site_host().clock(session.id)
        terminals().close_all(session.id)
        await session_reset(session=session)
        await _begin_again(run)
        await site_host().clock_set(session.id, speed=before.speed, is_paused=before.is_paused)
    await _moved(run)


async def lesson_renewed(session: Session) -> None:
    """The session was given a new cluster by somebody else: put the lesson's start state into it
    and begin with the first step. Nothing happens in a session without a lesson."""
    run = await run_of(session.id)
    if run is None:
        return
    run = tracker().runs.setdefault(session.id, run)
    async with run.lock:
        await _begin_again(run)
    await _moved(run)


async def step_restart(session: Session) -> None:
    """The cluster as it was when the current step began; its hints are hidden again. Raises
    NoLesson, Refused."""
    run = await _run(session.id)
    async with run.lock:
        step = run.step
        if step is None:
            raise WrongStep("all steps are done; start the lesson over")
        terminals().close_all(session.id)
        await checkpoint_return(run)
        await announcer().session_renewed(session, is_fresh=False)
        record = run.steps[step.id]
        record.hints, record.answer, record.started_at = 0, None, timezone.now()
        await record.asave(update_fields=["hints", "answer", "started_at"])
        run.outcomes = []
    await _moved(run)


async def lesson_prepare(*, session_id: str, lesson: Lesson) -> None:
    """Put a fresh cluster into the start state of a lesson. Raises Refused."""
    host = site_host()
    for name, text in lesson.start.manifests:
        report = await perform(
            host=host,
            cluster_id=session_id,
            user=ADMIN,
            text=text,
            action=Action.APPLY,
            limits=Limits(),
        )
        wrong = [one.message for one in report.problems if one.severity == "error"]
        wrong += [one.message for one in report.results if one.outcome == "failed"]
        if wrong:
            raise Refused(f"the lesson's {name} cannot be applied: {wrong[0]}")
    for name, text in lesson.start.files:
        path = f"/podyard/v1/console/files/{part(name)}"
        await host.call(session_id, Request("PUT", path, body=text.encode(), user=ADMIN))
    if lesson.start.settle_seconds:
        await host.clock_advance(session_id, lesson.start.settle_seconds * 1000)
    for broken in lesson.start.faults:
        await _break(session_id, broken)


async def _break(session_id: str, broken: Broken) -> None:
    body = {"fault": broken.fault, **({"target": broken.target} if broken.target else {})}
    headers = {"content-type": "application/json"}
    sent = orjson.dumps(body)
    request = Request("POST", "/podyard/v1/faults", headers=headers, body=sent, user=ADMIN)
    answer = await site_host().call(session_id, request)
    if answer.status >= 300:
        message = orjson.loads(answer.body).get("message", "refused")
        raise Refused(f"the lesson cannot begin with {broken.fault}: {message}")


async def step_read(*, session_id: str, step_id: str) -> None:
    """The reader goes on from a step that is only to be read. Raises NoLesson, WrongStep."""
    run = await _run(session_id)
    async with run.lock:
        step = _current(run, step_id, StepKind.READ)
        await step_pass(run, step)
        await checkpoint_write(run)
    await _moved(run)


async def question_answer(*, session_id: str, step_id: str, choice: int) -> None:
    """Choose an answer; the right one passes the step. Raises NoLesson, WrongStep, Invalid."""
    run = await _run(session_id)
    async with run.lock:
        step = _current(run, step_id, StepKind.QUESTION)
        if not 0 <= choice < len(step.answers):
            most = len(step.answers) - 1
            raise Invalid(f"choice is {choice}: give 0 to {most}", field="choice")
        record = run.steps[step.id]
        record.answer = choice
        record.attempts += 1
        await record.asave(update_fields=["answer", "attempts"])
        if step.answers[choice].is_right:
            await step_pass(run, step)
            await checkpoint_write(run)
    await _moved(run)


async def hint_show(*, session_id: str, step_id: str) -> None:
    """Show one hint more of a step that was begun; it costs nothing, and is remembered. Raises
    NoLesson, WrongStep."""
    run = await _run(session_id)
    async with run.lock:
        record = run.steps.get(step_id)
        number = run.lesson.index(step_id)
        if record is None or number < 0:
            raise WrongStep(f"step {step_id!r} has not begun")
        if record.hints < len(run.lesson.steps[number].hints):
            record.hints += 1
            await record.asave(update_fields=["hints"])
    await tracker().tell(run)


async def lessons_resume() -> None:
    """After a start of the server: look at every run again that is not finished."""
    tracker().start()
    for session_id in await runs_open():
        run = await run_of(session_id)
        if run is not None:
            tracker().add(run)


async def _run(session_id: str) -> Run:
    run = await run_of(session_id)
    if run is None:
        raise NoLesson("this session has no lesson")
    return tracker().runs.setdefault(session_id, run)


def _current(run: Run, step_id: str, kind: StepKind) -> Step:
    step = run.step
    if step is None or step.id != step_id or step.kind is not kind:
        where = f"step {step.id!r} of kind {step.kind}" if step is not None else "its end"
        raise WrongStep(f"the lesson is at {where}, not at {step_id!r}")
    return step


async def _moved(run: Run) -> None:
    """The next step may hold already."""
    await tracker().tell(run)
    tracker().add(run)


async def _begin(session: Session, lesson: Lesson) -> Run:
    run = await _create(session, lesson)
    await checkpoint_write(run)
    tracker().add(run)
    await tracker().tell(run)
    return run


async def _begin_again(run: Run) -> None:
    """Prepare the fresh cluster, forget what was done."""
    await lesson_prepare(session_id=run.session_id, lesson=run.lesson)
    await _forget(run)
    run.outcomes = []
    await checkpoint_write(run)


@sync_to_async
def _forget(run: Run) -> None:
    now = timezone.now()
    first = run.lesson.steps[0].id
    record = run.record
    with transaction.atomic():
        record.steps.all().delete()
        record.current, record.started_at, record.finished_at = first, now, None
        record.restarts += 1
        record.version = run.lesson.version
        record.save()
        run.steps = {first: StepRun.objects.create(run=record, step=first, started_at=now)}


@sync_to_async
def _create(session: Session, lesson: Lesson) -> Run:
    now = timezone.now()
    first = lesson.steps[0].id
    with transaction.atomic():
        record = LessonRun.objects.create(
            session=session, slug=lesson.slug, version=lesson.version, current=first, started_at=now
        )
        step = StepRun.objects.create(run=record, step=first, started_at=now)
    return Run(session.id, lesson, record, {first: step})
