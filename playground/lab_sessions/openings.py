"""How a session comes to be: who may, where there is room, its record, its owner, its start."""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass, replace

import orjson
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cluster_engine.apiserver.requests import ADMIN, Request
from cluster_engine.simulation.limits import Limits
from playground.accounts.visitors import Visitor
from playground.hosting.selectors import site_host
from playground.lab_sessions import secrets
from playground.lab_sessions.kinds import Kind, notice, policy_of
from playground.lab_sessions.life import State, next_moment
from playground.lab_sessions.manifests.actions import Action, perform
from playground.lab_sessions.models import Membership, Session
from playground.lab_sessions.plans import Wishes, speed_text
from playground.lab_sessions.problems import Full, Refused, TooMany
from playground.lab_sessions.roles import Role
from playground.lab_sessions.selectors import (
    MINUTE,
    announcer,
    entry_note,
    sessions_of_address,
    sessions_of_kind,
)
from playground.lab_sessions.templates import Template

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opening:
    """Who opens a session, and as what."""

    visitor: Visitor
    #: Keyed hash of the address it is started from.
    address: str
    kind: Kind


async def address_check(key: str) -> None:
    """Whether that address may start one more. Raises TooMany."""
    live, recent = await sessions_of_address(key)
    if live >= settings.PODYARD_SESSIONS_PER_ADDRESS_MAX:
        raise TooMany(
            f"{live} sessions are running from your address, and no more are allowed; "
            "end one, or wait until one ends"
        )
    if recent >= settings.PODYARD_SESSION_STARTS_PER_ADDRESS_MINUTE_MAX:
        raise TooMany("too many sessions were started from your address; wait a minute")


async def kind_check(kind: Kind) -> None:
    """Whether there is room for one more of its kind. Raises Full."""
    most = policy_of(kind).sessions_max
    if most and await sessions_of_kind(kind) >= most:
        raise Full(f"all {most} places for sessions of this kind are taken")


def session_new(wishes: Wishes, opening: Opening) -> Session:
    """A session's record as it begins; nothing is stored yet."""
    now = timezone.now()
    policy = policy_of(opening.kind)
    expires_at = now + wishes.minutes * MINUTE
    session = Session(
        id=secrets.new_id(),
        name=wishes.name,
        kind=opening.kind.value,
        nonce=secrets.new_nonce(),
        nodes=wishes.nodes,
        seed=wishes.seed,
        speed=speed_text(wishes.speed),
        template=wishes.template,
        address=opening.address,
        created_at=now,
        expires_at=expires_at,
        gone_at=expires_at + policy.read_only_minutes * MINUTE,
        active_at=now,
    )
    session.due_at = next_moment(session, policy, notice(), now)
    return session


def session_hold(session: Session, until: datetime.datetime) -> None:
    """Hold it for somebody until then: its time begins when they come (lifetimes.session_take)."""
    session.state = State.RESERVED.value
    session.due_at = session.gone_at = until


async def session_settle(session: Session, opening: Opening) -> None:
    """Store a session whose cluster is there; without its record the cluster goes again."""
    try:
        await _save(session, opening.visitor)
    except BaseException:
        await site_host().close(session.id)
        raise
    entry_note(session)
    announcer().plan_changed()


async def template_apply(session: Session, template: Template) -> None:
    """What the template begins with, applied. Raises Refused when the cluster does not take it."""
    if template.manifests:
        limits = replace(Limits(), yaml_bytes_max=settings.PODYARD_MANIFEST_BYTES_MAX)
        report = await perform(
            host=site_host(),
            cluster_id=session.id,
            user=ADMIN,
            text=template.manifests,
            action=Action.APPLY,
            limits=limits,
        )
        wrong = [problem.message for problem in report.problems if problem.severity == "error"]
        if wrong:
            logger.error("template %s is refused: %s", template.name, wrong[0])
            raise Refused(f"template {template.name} cannot be applied: {wrong[0]}")
    for fault in template.faults:
        await _break(session, fault)


async def _break(session: Session, fault: str) -> None:
    body = orjson.dumps({"fault": fault})
    headers = {"content-type": "application/json"}
    request = Request("POST", "/podyard/v1/faults", "", headers, body, ADMIN)
    answer = await site_host().call(session.id, request)
    if answer.status >= 300:
        logger.error("fault %s is refused: %r", fault, answer.body[:200])
        raise Refused(f"fault {fault} is not known to this site")


@sync_to_async
def _save(session: Session, visitor: Visitor) -> None:
    with transaction.atomic():
        session.save(force_insert=True)
        Membership.objects.create(
            session=session,
            visitor=visitor.id,
            role=Role.OWNER.value,
            name=visitor.name,
            color=visitor.color,
            joined_at=session.created_at,
        )
