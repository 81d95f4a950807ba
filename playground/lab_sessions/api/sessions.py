"""Sessions over REST: start, look, extend, fork, end, take away."""

from __future__ import annotations

import re
from dataclasses import replace

from django.conf import settings
from django.http import HttpResponse

from playground.gateway.kubeconfig import kubeconfig as kubeconfig_text
from playground.hosting.selectors import site_host
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.archives.manifests import manifests_of
from playground.lab_sessions.archives.services import session_export, session_import
from playground.lab_sessions.lifetimes import session_end, session_extend
from playground.lab_sessions.models import Session
from playground.lab_sessions.plans import read_wishes
from playground.lab_sessions.problems import Forbidden, Invalid, TooLarge
from playground.lab_sessions.rules import Act
from playground.lab_sessions.selectors import (
    kind_for,
    rules,
    session_admit,
    session_body,
    session_get,
    sessions_of_visitor,
    templates,
)
from playground.lab_sessions.services import session_fork
from playground.lab_sessions.sharing.forks import link_fork
from playground.lab_sessions.waiting.services import session_ask
from playground.site.addresses import base_url, client_address

_SAFE = re.compile(r"[^A-Za-z0-9._-]+")


@endpoint("GET", "POST")
async def sessions(asked: ApiRequest) -> HttpResponse:
    """The visitor's live sessions; or a new one."""
    base = base_url(asked.http)
    if asked.method == "GET":
        found = await sessions_of_visitor(asked.known_visitor)
        return reply({"sessions": [session_body(one, base) for one in found]})
    body = asked.body()
    kind = await kind_for(asked.known_visitor, body.get("template"))
    session = await session_ask(
        wishes=read_wishes(body, kind),
        visitor=asked.visitor,
        address=client_address(asked.http),
        kind=kind,
    )
    return await _begun(asked, session)


@endpoint("GET", "DELETE")
async def session(asked: ApiRequest, session_id: str) -> HttpResponse:
    """One session; or its end."""
    is_ending = asked.method == "DELETE"
    admission = await asked.admission(session_id, needs_end=is_ending)
    if is_ending:
        await rules().check(session_id, admission.role, Act.END)
        await session_end(session=admission.session)
        return HttpResponse(status=204)
    clock = await site_host().clock(session_id)
    return reply({**session_body(admission, base_url(asked.http)), "clock": clock.body()})


@endpoint("POST")
async def extend(asked: ApiRequest, session_id: str) -> HttpResponse:
    """Some more minutes."""
    admission = await asked.admission(session_id, needs_own=True)
    await rules().check(session_id, admission.role, Act.EXTEND)
    extended = await session_extend(session=admission.session)
    return reply(session_body(replace(admission, session=extended), base_url(asked.http)))


@endpoint("POST")
async def fork(asked: ApiRequest, session_id: str) -> HttpResponse:
    """A copy of the cluster as it is now, in a session of one's own; by right, or by a link.

    Its owner reads everything in it, Secrets too, so only who may do that already may copy, and
    whom the owner gives a link for it.
    """
    secret = asked.body().get("link")
    if secret is not None:
        twin = await link_fork(
            session=await session_get(session_id),
            secret=str(secret),
            visitor=asked.visitor,
            address=client_address(asked.http),
        )
        return await _begun(asked, twin)
    found, role = await asked.session(session_id)
    if not role.may_edit:
        raise Forbidden("a copy would show you its Secrets: ask the owner for a link that may edit")
    await rules().check(found.id, role, Act.FORK)
    twin = await session_fork(
        session=found, visitor=asked.visitor, address=client_address(asked.http)
    )
    return await _begun(asked, twin)


async def _begun(asked: ApiRequest, session: Session) -> HttpResponse:
    admission = await session_admit(session.id, visitor=asked.visitor)
    body = session_body(admission, base_url(asked.http))
    return reply({**body, "token": admission.secret}, 201)


@endpoint("GET")
async def kubeconfig(asked: ApiRequest, session_id: str) -> HttpResponse:
    """The file with which kubectl reaches the cluster in the caller's role."""
    admission = await asked.admission(session_id)
    name = f"podyard-{session_id}"
    text = kubeconfig_text(
        server=base_url(asked.http) + admission.path, name=name, user=admission.user.name
    )
    return _download(text.encode(), "application/yaml", f"{name}.yaml")


@endpoint("GET")
async def export(asked: ApiRequest, session_id: str) -> HttpResponse:
    """The session as one file; `?form=yaml`: the manifests alone."""
    found, role = await asked.session(session_id)
    await rules().check(found.id, role, Act.EXPORT)
    form = asked.http.GET.get("form", "file")
    name = f"podyard-{_SAFE.sub('-', found.name).strip('-') or found.id}"
    if form == "yaml":
        text = await manifests_of(site_host(), found.id, role.user)
        return _download(text, "application/yaml", f"{name}.yaml")
    if form != "file":
        raise Invalid(f"form is {form!r}: give 'file' or 'yaml'", field="form")
    if not role.may_edit:
        raise Forbidden(
            "the file would show you the session's Secrets: take the manifests (?form=yaml), "
            "or ask the owner for a link that may edit"
        )
    return _download(await session_export(session=found), "application/zip", f"{name}.zip")


@endpoint("POST")
async def import_file(asked: ApiRequest) -> HttpResponse:
    """A session from a file: a form with a field `file`, or the bytes themselves."""
    data = _uploaded(asked)
    session = await session_import(
        data=data, visitor=asked.visitor, address=client_address(asked.http)
    )
    return await _begun(asked, session)


@endpoint("GET")
async def template_list(asked: ApiRequest) -> HttpResponse:
    """What a session can start from."""
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "summary": one.summary,
            "nodes": one.nodes,
            "lesson": one.lesson or None,
        }
        for one in templates().all()
        if one.is_listed
    ]
    return reply({"templates": rows})


def _uploaded(asked: ApiRequest) -> bytes:
    """The bytes of the file. Raises Invalid, TooLarge."""
    most = settings.PODYARD_IMPORT_FILE_BYTES_MAX
    if asked.http.content_type == "multipart/form-data":
        file = asked.http.FILES.get("file")
        if file is None:
            raise Invalid("send the file in the form field 'file'", field="file")
        if file.size is None or file.size > most:
            raise TooLarge(f"the file has more than {most} bytes, the most that is accepted")
        return bytes(file.read())
    if asked.http.content_type not in ("application/zip", "application/octet-stream"):
        raise Invalid("send a session file as application/zip, or in a form as field 'file'")
    data = asked.http.read(most + 1)
    if not data:
        raise Invalid("the file is empty")
    return bytes(data)


def _download(data: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
