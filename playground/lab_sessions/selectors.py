"""Questions about sessions. Nothing here changes anything."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.apps import apps
from django.utils import timezone

from playground.accounts.selectors import account_of
from playground.accounts.visitors import Visitor
from playground.hosting.quotas import Allowances
from playground.hosting.selectors import site_host
from playground.lab_sessions import secrets
from playground.lab_sessions.access import AccessBook, Entry, Key
from playground.lab_sessions.activity import Activity
from playground.lab_sessions.admissions import Admission, admission_of, person_of
from playground.lab_sessions.announcer import Announcer
from playground.lab_sessions.apps import LabSessionsConfig
from playground.lab_sessions.archives.parts import ArchiveParts
from playground.lab_sessions.archives.turns import Turns
from playground.lab_sessions.endings import (
    ended_details,
    ended_text,
    read_only_text,
    standing_text,
    warning_text,
)
from playground.lab_sessions.kinds import Kind, notice, policy_of
from playground.lab_sessions.life import State, state_at
from playground.lab_sessions.models import Membership, Session
from playground.lab_sessions.problems import Ended, Forbidden, NotFound
from playground.lab_sessions.roles import Role
from playground.lab_sessions.rules import Rules
from playground.lab_sessions.templates import Templates

MINUTE = datetime.timedelta(minutes=1)
#: How long a visitor is shown sessions that have ended.
_REMEMBERED = datetime.timedelta(days=7)
#: Sessions that a visitor is shown.
_LISTED_MAX = 50


def access_book() -> AccessBook:
    """The book of who may enter."""
    return _config().access_book


def announcer() -> Announcer:
    """Who is told of changes."""
    return _config().announcer


def allowances() -> Allowances:
    """How much each address may still ask of the REST API."""
    return _config().allowances


def activity() -> Activity:
    """Who did something lately."""
    return _config().activity


def rules() -> Rules:
    """What is switched off in sessions, and what their pages are told besides."""
    return _config().rules


def templates() -> Templates:
    """What a session can start from."""
    return _config().templates


def archive_turns() -> Turns:
    """Whose turn it is to write or read a session's file."""
    return _config().archive_turns


def waiting_lock() -> asyncio.Semaphore:
    """Held by whoever gives out places: one at a time."""
    return _config().waiting_turns.one()


def archive_parts() -> ArchiveParts:
    """What other apps put into a session's file."""
    return _config().archive_parts


def _config() -> LabSessionsConfig:
    return cast(LabSessionsConfig, apps.get_app_config("lab_sessions"))


async def session_get(session_id: str) -> Session:
    """A session, gone or not. Raises NotFound."""
    try:
        return await Session.objects.aget(id=session_id)
    except Session.DoesNotExist:
        raise NotFound(f"there is no session {session_id}") from None


async def session_entry(session_id: str) -> Entry:
    """The book's entry of a live session. Raises NotFound, Ended."""
    entry = access_book().find(session_id)
    if entry is not None:
        return entry
    session = await session_get(session_id)
    if session.state == State.ENDED:
        raise ended_problem(session)
    return entry_note(session)


def entry_note(session: Session) -> Entry:
    """Write a session into the book as it is now."""
    is_read_only = session.state in (State.EXPIRED, State.ENDED)
    return access_book().note(
        session.id,
        session.nonce,
        is_read_only=is_read_only,
        is_waiting=session.state in (State.HIBERNATED, State.RESERVED),
        refusal=read_only_text(session) if is_read_only else "",
    )


def ended_problem(session: Session) -> Ended:
    """The refusal that says why and when the session ended."""
    return Ended(ended_text(session), details=ended_details(session))


def expired_problem(session: Session) -> Ended:
    """The refusal of a change to a session that can only be looked at."""
    return Ended(read_only_text(session), details=ended_details(session))


async def session_key(session_id: str, secret: str) -> Key | None:
    """The key of a person's secret; None when it is wrong, or no longer holds.

    Raises NotFound, Ended.
    """
    book = access_book()
    known = book.key(session_id, secret)
    if known is not None:
        return known
    entry = await session_entry(session_id)
    claim = secrets.read_member_secret(session_id, entry.nonce, secret)
    while claim is not None:
        epoch = book.epoch
        member = await Membership.objects.filter(id=claim.member, session=session_id).afirst()
        if member is None or (member.role, member.turn) != (claim.role, claim.turn):
            return None
        if epoch == book.epoch:
            return book.keep(secret, Key(session_id, member.id, claim.role, person_of(member)))
    return None


async def session_admission(
    session: Session, *, visitor: Visitor | None, secret: str = ""
) -> Admission | None:
    """What a visitor's cookie or a secret gives, whichever is more; the cookie's when equal."""
    found: list[Membership] = []
    if visitor is not None:
        mine = Membership.objects.filter(session=session, visitor=visitor.id)
        found += [member async for member in mine]
    claim = secrets.read_member_secret(session.id, session.nonce, secret) if secret else None
    if claim is not None:
        claimed = Membership.objects.filter(
            session=session, id=claim.member, role=claim.role.value, turn=claim.turn
        )
        found += [member async for member in claimed]
    if not found:
        return None
    best = min(found, key=lambda member: list(Role).index(Role(member.role)))
    return admission_of(session, best)


async def session_admit(
    session_id: str,
    *,
    visitor: Visitor | None,
    secret: str = "",
    needs_edit: bool = False,
    needs_own: bool = False,
    needs_end: bool = False,
) -> Admission:
    """The session, and who the caller is in it.

    Raises NotFound for strangers too, Forbidden when the role does not allow it, Ended when the
    session has ended, or expired and to be changed.
    """
    session = await session_get(session_id)
    admission = await session_admission(session, visitor=visitor, secret=secret)
    if admission is None:
        raise NotFound(f"there is no session {session_id}, or it was not shared with you")
    role = admission.role
    if session.state == State.ENDED or not site_host().has(session_id):
        raise ended_problem(session)
    if needs_end and not role.may_end:
        raise Forbidden("only the owner of the session may do that")
    if needs_own and not role.may_own:
        raise Forbidden("only the owner of the session, or a teacher in it, may do that")
    if needs_edit and not role.may_edit:
        raise Forbidden("you are looking on: ask the owner for a link that may edit")
    if needs_edit and not needs_own and session.state == State.EXPIRED:
        raise expired_problem(session)
    return admission


async def session_open(
    session_id: str,
    *,
    visitor: Visitor | None,
    secret: str = "",
    needs_edit: bool = False,
    needs_own: bool = False,
) -> tuple[Session, Role]:
    """A session and the caller's role in it. See session_admit."""
    admission = await session_admit(
        session_id, visitor=visitor, secret=secret, needs_edit=needs_edit, needs_own=needs_own
    )
    return admission.session, admission.role


def session_state(session: Session) -> State:
    """What the session is now: its stored state, or idle, or warned."""
    known = activity().last(session.id)
    if known is not None and known > session.active_at:
        session.active_at = known
    return state_at(session, notice(), timezone.now())


def extendable_minutes(session: Session) -> int:
    """How many minutes one more extension gives; 0: none left."""
    policy = policy_of(session.kind)
    if session.state == State.ENDED or session.extensions >= policy.extensions_max:
        return 0
    return policy.extend_minutes


def session_warning(session: Session) -> str:
    """What to tell people about the end of the session; empty when it is far."""
    return "" if session.state == State.ENDED else warning_text(session)


def session_times(session: Session, *, may_own: bool) -> dict[str, Any]:
    """What the page counts and shows: state, end, warning, and why it ended."""
    is_over = session.state in (State.EXPIRED, State.ENDED)
    return {
        "state": session_state(session).value,
        "expires_at": session.expires_at.isoformat(),
        "overtime_until": _overtime_until(session),
        "extendable_minutes": extendable_minutes(session) if may_own else 0,
        "warning": session_warning(session),
        "ended": ended_details(session) if is_over else None,
    }


def _overtime_until(session: Session) -> str | None:
    if session.state != State.OVERTIME:
        return None
    grace = policy_of(session.kind).overtime_minutes * MINUTE
    return (session.expires_at + grace).isoformat()


def session_body(admission: Admission, base_url: str) -> dict[str, Any]:
    """A session as the REST API and the page show it to one person."""
    session, role = admission.session, admission.role
    return {
        "id": session.id,
        "name": session.name,
        "role": role.value,
        "kind": session.kind,
        "url": f"{base_url}/s/{session.id}/",
        "server": f"{base_url}{admission.path}",
        "kubeconfig_url": f"{base_url}/api/v1/sessions/{session.id}/kubeconfig",
        "created_at": session.created_at.isoformat(),
        **session_times(session, may_own=role.may_own),
        "nodes": session.nodes,
        "seed": session.seed,
    }


async def sessions_of_visitor(visitor: Visitor | None) -> list[Admission]:
    """The live sessions a visitor has a role in, newest first."""
    if visitor is None:
        return []
    members = Membership.objects.filter(visitor=visitor.id).exclude(session__state=State.ENDED)
    rows = members.select_related("session").order_by("-session__created_at")[:_LISTED_MAX]
    return [admission_of(member.session, member) async for member in rows]


async def sessions_shown(visitor: Visitor | None) -> list[dict[str, Any]]:
    """A visitor's sessions as the first page shows them, those that ended lately too."""
    if visitor is None:
        return []
    since = timezone.now() - _REMEMBERED
    members = Membership.objects.filter(visitor=visitor.id).exclude(
        session__state=State.ENDED, session__gone_at__lt=since
    )
    rows = members.select_related("session").order_by("-session__created_at")[:_LISTED_MAX]
    return [
        {
            "id": member.session.id,
            "name": member.session.name,
            "state": session_state(member.session).value,
            "text": standing_text(member.session),
            "is_open": member.session.state != State.ENDED,
            "may_export": Role(member.role).may_edit and member.session.state != State.ENDED,
            "created_at": member.session.created_at,
        }
        async for member in rows
    ]


@sync_to_async
def sessions_of_address(address: str) -> tuple[int, int]:
    """How many live sessions an address has, and how many it started in the last minute."""
    minute_ago = timezone.now() - datetime.timedelta(minutes=1)
    of_address = Session.objects.filter(address=address)
    live = of_address.exclude(state=State.ENDED).count()
    return live, of_address.filter(created_at__gte=minute_ago).count()


async def sessions_of_kind(kind: Kind) -> int:
    """How many live sessions there are of a kind."""
    live = Session.objects.filter(kind=kind.value).exclude(state=State.ENDED)
    return await live.acount()


async def kind_for(visitor: Visitor | None, template: object = None) -> Kind:
    """What a session is that somebody starts for themselves."""
    found = templates().get(template) if isinstance(template, str) else None
    if found is not None and found.lesson:
        return Kind.LESSON
    has_account = visitor is not None and await account_of(visitor.id) is not None
    return Kind.ACCOUNT if has_account else Kind.GUEST
