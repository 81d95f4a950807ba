"""Sharing over REST: links, the people in a session, one's own name and key."""

from __future__ import annotations

from django.http import HttpResponse

from playground.accounts.visitors import remember
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.models import Membership, Session
from playground.lab_sessions.problems import Invalid, NotFound
from playground.lab_sessions.roles import FORK, Role
from playground.lab_sessions.rules import Act
from playground.lab_sessions.selectors import rules, session_admit, session_body, session_get
from playground.lab_sessions.sharing import links, people
from playground.lab_sessions.sharing.wishes import (
    read_link_wish,
    read_person_name,
    read_role,
)
from playground.site.addresses import base_url


@endpoint("GET", "POST")
async def shares(asked: ApiRequest, session_id: str) -> HttpResponse:
    """The links of a session, and who came by which; or a new one."""
    admission = await asked.admission(session_id, needs_own=True)
    session, base = admission.session, base_url(asked.http)
    if asked.method == "POST":
        await rules().check(session_id, admission.role, Act.SHARE)
        wish = read_link_wish(asked.body())
        if wish.role == FORK:
            await rules().check(session_id, admission.role, Act.FORK)
        link = await links.link_make(admission=admission, wish=wish)
        return reply(links.link_body(session, link, base, []), 201)
    came = await _came_by(session)
    found = [
        links.link_body(session, one, base, came.get(one.id, []))
        for one in await links.links_of(session)
    ]
    return reply({"links": found})


async def _came_by(session: Session) -> dict[int, list[str]]:
    came: dict[int, list[str]] = {}
    for member in await people.members_of(session):
        if member.link_id is not None:
            came.setdefault(member.link_id, []).append(member.visitor)
    return came


@endpoint("DELETE")
async def share(asked: ApiRequest, session_id: str, number: int) -> HttpResponse:
    """Revoke a link; with `people=leave` those who came by it leave too."""
    admission = await asked.admission(session_id, needs_own=True)
    word = asked.http.GET.get("people", "stay")
    if word not in ("stay", "leave"):
        raise Invalid(f"people is {word!r}: give 'stay' or 'leave'", field="people")
    gone = await links.link_revoke(admission=admission, number=number, is_clearing=word == "leave")
    return reply({"left": gone})


@endpoint("GET")
async def share_qr(asked: ApiRequest, session_id: str, number: int) -> HttpResponse:
    """A link as a QR code."""
    admission = await asked.admission(session_id, needs_own=True)
    link = await links.link_get(admission.session, number)
    url = base_url(asked.http) + links.link_path(admission.session, link)
    return HttpResponse(links.qr_svg(url), content_type="image/svg+xml")


@endpoint("POST")
async def join(asked: ApiRequest, session_id: str) -> HttpResponse:
    """Come in by a link's secret: what its address ends with."""
    session = await session_get(session_id)
    secret = asked.body().get("secret")
    if not isinstance(secret, str):
        raise Invalid("secret is missing: give what the link ends with", field="secret")
    await links.link_join(session=session, secret=secret, visitor=asked.visitor)
    admission = await session_admit(session_id, visitor=asked.visitor)
    body = session_body(admission, base_url(asked.http))
    return reply({**body, "token": admission.secret})


@endpoint("GET")
async def people_of(asked: ApiRequest, session_id: str) -> HttpResponse:
    """Everybody who may use the session."""
    admission = await asked.admission(session_id)
    found = await people.members_of(admission.session)
    return reply({"people": [_shown(member, admission.role) for member in found]})


@endpoint("PATCH", "DELETE")
async def person(asked: ApiRequest, session_id: str, person: str) -> HttpResponse:
    """Give somebody another role; or send them out. "me" is oneself, and leaves."""
    admission = await asked.admission(session_id)
    chosen = admission.person.id if person == "me" else person
    if asked.method == "DELETE":
        await people.person_remove(admission=admission, person=chosen)
        return HttpResponse(status=204)
    role = read_role(asked.body().get("role"), tuple(Role))
    await people.member_change(admission=admission, person=chosen, role=role)
    members = {one.visitor: one for one in await people.members_of(admission.session)}
    if chosen not in members:
        raise NotFound(f"there is no person {chosen} in this session")
    return reply(_shown(members[chosen], admission.role))


def _shown(member: Membership, to: Role) -> dict[str, object]:
    body = people.member_body(member)
    if not to.may_own:
        body.pop("link")
    return body


@endpoint("POST")
async def key(asked: ApiRequest, session_id: str) -> HttpResponse:
    """Another secret for the caller; what was handed out before stops working."""
    admission = await asked.admission(session_id)
    await people.key_renew(admission=admission)
    renewed = await session_admit(session_id, visitor=admission.person)
    body = session_body(renewed, base_url(asked.http))
    return reply({**body, "token": renewed.secret})


@endpoint("GET", "PATCH")
async def me(asked: ApiRequest) -> HttpResponse:
    """Who the caller is to others; or another name."""
    visitor = asked.visitor
    if asked.method == "GET":
        return reply(visitor.body())
    named = await people.person_rename(
        visitor=visitor, name=read_person_name(asked.body().get("name"))
    )
    response = reply(named.body())
    asked.new_visitor = None
    remember(asked.http, response, named)
    return response
