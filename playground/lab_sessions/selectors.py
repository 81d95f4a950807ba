"""Questions about sessions. Nothing here changes anything."""

from __future__ import annotations

import datetime
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from playground.hosting.quotas import Allowances
from playground.hosting.selectors import site_host
from playground.lab_sessions.access import AccessBook, Entry
from playground.lab_sessions.announcer import Announcer
from playground.lab_sessions.apps import LabSessionsConfig
from playground.lab_sessions.models import Membership, Session, State
from playground.lab_sessions.problems import Ended, Forbidden, NotFound
from playground.lab_sessions.roles import Role, stronger
from playground.lab_sessions.visitors import Visitor

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
    if session.state == State.GONE:
        raise Ended(ENDED)
    is_read_only = session.state == State.READ_ONLY
    return access_book().note(session.id, session.nonce, is_read_only=is_read_only)


async def session_role(
    session: Session, *, visitor: Visitor | None, secret: str = ""
) -> Role | None:
    """The strongest role that a visitor's cookie and a secret give."""
    entry = access_book().find(session.id)
    role = None
    if secret:
        if entry is None:
            entry = access_book().note(
                session.id, session.nonce, is_read_only=session.state != State.RUNNING
            )
        role = access_book().role(entry, secret)
    if visitor is not None:
        member = await Membership.objects.filter(session=session, visitor=visitor.id).afirst()
        role = stronger(role, Role(member.role) if member else None)
    return role


async def session_open(
    session_id: str,
    *,
    visitor: Visitor | None,
    secret: str = "",
    needs_edit: bool = False,
    needs_own: bool = False,
) -> tuple[Session, Role]:
    """A session and the caller's role in it.

    Raises NotFound for strangers too, Forbidden when the role does not allow it, Ended when the
    session is gone, or read-only and to be changed.
    """
    session = await session_get(session_id)
    role = await session_role(session, visitor=visitor, secret=secret)
    if role is None:
        raise NotFound(f"there is no session {session_id}, or it was not shared with you")
    if session.state == State.GONE or not site_host().has(session_id):
        raise Ended(ENDED)
    if needs_own and not role.may_own:
        raise Forbidden("only the owner of the session may do that")
    if needs_edit and not role.may_edit:
        raise Forbidden("you are looking on: ask the owner for a link that may edit")
    if needs_edit and not needs_own and session.state == State.READ_ONLY:
        raise Ended(READ_ONLY)
    return session, role


def session_path(session: Session, role: Role) -> str:
    """The path of the cluster's API server for a role."""
    entry = access_book().find(session.id) or access_book().note(
        session.id, session.nonce, is_read_only=session.state != State.RUNNING
    )
    return f"/k8s/{session.id}/{entry.secrets[role]}"


def extendable_minutes(session: Session) -> int:
    """How many minutes one more extension gives; 0: none left."""
    if session.state == State.GONE or session.extensions >= settings.PODYARD_SESSION_EXTENSIONS_MAX:
        return 0
    return int(settings.PODYARD_SESSION_EXTEND_MINUTES)


def session_warning(session: Session, now: datetime.datetime | None = None) -> str:
    """What to tell people about the end of the session; empty when it is far."""
    if session.state == State.READ_ONLY:
        left = session.gone_at - (now or timezone.now())
        return f"{READ_ONLY} It can be exported for {_minutes(left)}."
    left = session.expires_at - (now or timezone.now())
    if left <= datetime.timedelta(minutes=settings.PODYARD_SESSION_WARNING_MINUTES_FIRST):
        return f"This session ends in {_minutes(left)}."
    return ""


def _minutes(span: datetime.timedelta) -> str:
    count = max(1, round(span.total_seconds() / 60))
    return "1 minute" if count == 1 else f"{count} minutes"


def session_body(session: Session, role: Role, base_url: str) -> dict[str, Any]:
    """A session as the REST API and the page show it to one role."""
    return {
        "id": session.id,
        "name": session.name,
        "role": role.value,
        "state": session.state,
        "url": f"{base_url}/s/{session.id}/",
        "server": f"{base_url}{session_path(session, role)}",
        "kubeconfig_url": f"{base_url}/api/v1/sessions/{session.id}/kubeconfig",
        "created_at": session.created_at.isoformat(),
        "expires_at": session.expires_at.isoformat(),
        "extendable_minutes": extendable_minutes(session) if role.may_own else 0,
        "nodes": session.nodes,
        "seed": session.seed,
    }


async def sessions_of_visitor(visitor: Visitor | None) -> list[tuple[Session, Role]]:
    """The live sessions a visitor has a role in, newest first."""
    if visitor is None:
        return []
    members = Membership.objects.filter(visitor=visitor.id).exclude(session__state=State.GONE)
    rows = members.select_related("session").order_by("-session__created_at")[:_LISTED_MAX]
    return [(member.session, Role(member.role)) async for member in rows]


@sync_to_async
def sessions_of_address(address: str) -> tuple[int, int]:
    """How many live sessions an address has, and how many it started in the last minute."""
    minute_ago = timezone.now() - datetime.timedelta(minutes=1)
    of_address = Session.objects.filter(address=address)
    live = of_address.exclude(state=State.GONE).count()
    return live, of_address.filter(created_at__gte=minute_ago).count()


ENDED = "This session has ended. Start a new one: it takes a second."
READ_ONLY = "This session has ended and can only be looked at."
