"""Sessions over REST: start, look, extend, fork, share, end, take away."""

from __future__ import annotations

from django.http import HttpResponse

from playground.gateway.kubeconfig import kubeconfig as kubeconfig_text
from playground.hosting.selectors import site_host
from playground.lab_sessions import exports
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.lifetimes import session_end, session_extend
from playground.lab_sessions.plans import read_wishes
from playground.lab_sessions.problems import Forbidden, Invalid
from playground.lab_sessions.roles import Role
from playground.lab_sessions.secrets import secret_of
from playground.lab_sessions.selectors import (
    session_body,
    session_path,
    sessions_of_visitor,
)
from playground.lab_sessions.services import session_fork, session_start
from playground.site.addresses import base_url, client_address


@endpoint("GET", "POST")
async def sessions(asked: ApiRequest) -> HttpResponse:
    """The visitor's live sessions; or a new one."""
    base = base_url(asked.http)
    if asked.method == "GET":
        found = await sessions_of_visitor(asked.known_visitor)
        return reply({"sessions": [session_body(one, role, base) for one, role in found]})
    wishes = read_wishes(asked.body())
    session = await session_start(
        wishes=wishes, visitor=asked.visitor, address=client_address(asked.http)
    )
    token = secret_of(session.id, session.nonce, Role.OWNER)
    return reply({**session_body(session, Role.OWNER, base), "token": token}, 201)


@endpoint("GET", "DELETE")
async def session(asked: ApiRequest, session_id: str) -> HttpResponse:
    """One session; or its end."""
    is_ending = asked.method == "DELETE"
    found, role = await asked.session(session_id, needs_own=is_ending)
    if is_ending:
        await session_end(session=found)
        return HttpResponse(status=204)
    clock = await site_host().clock(found.id)
    return reply({**session_body(found, role, base_url(asked.http)), "clock": clock.body()})


@endpoint("POST")
async def extend(asked: ApiRequest, session_id: str) -> HttpResponse:
    """Some more minutes."""
    found, role = await asked.session(session_id, needs_own=True)
    found = await session_extend(session=found)
    return reply(session_body(found, role, base_url(asked.http)))


@endpoint("POST")
async def fork(asked: ApiRequest, session_id: str) -> HttpResponse:
    """A copy of the cluster as it is now, in a session of one's own.

    Its owner reads everything in it, Secrets too, so only who may do that already may copy.
    """
    found, role = await asked.session(session_id)
    if not role.may_edit:
        raise Forbidden("a copy would show you its Secrets: ask the owner for a link that may edit")
    twin = await session_fork(
        session=found, visitor=asked.visitor, address=client_address(asked.http)
    )
    body = session_body(twin, Role.OWNER, base_url(asked.http))
    return reply({**body, "token": secret_of(twin.id, twin.nonce, Role.OWNER)}, 201)


@endpoint("POST")
async def shares(asked: ApiRequest, session_id: str) -> HttpResponse:
    """A link that lets others in."""
    found, _ = await asked.session(session_id, needs_own=True)
    word = asked.body().get("role", Role.VIEWER.value)
    if word not in (Role.VIEWER.value, Role.EDITOR.value):
        raise Invalid(f"role is {word!r}: give 'viewer' or 'editor'", field="role")
    secret = secret_of(found.id, found.nonce, Role(word))
    url = f"{base_url(asked.http)}/s/{found.id}/join/{secret}/"
    return reply({"role": word, "url": url}, 201)


@endpoint("GET")
async def kubeconfig(asked: ApiRequest, session_id: str) -> HttpResponse:
    """The file with which kubectl reaches the cluster in the caller's role."""
    found, role = await asked.session(session_id)
    text = kubeconfig_text(
        server=base_url(asked.http) + session_path(found, role),
        name=f"podyard-{found.id}",
        user=role.user.name,
    )
    return _download(text.encode(), "application/yaml", f"podyard-{found.id}.yaml")


@endpoint("GET")
async def export(asked: ApiRequest, session_id: str) -> HttpResponse:
    """Every object of the cluster in one file."""
    found, role = await asked.session(session_id)
    data = await exports.objects_of(site_host(), found.id, role.user)
    return _download(data, "application/json", f"podyard-{found.id}.json")


def _download(data: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
