"""A site with everybody in it: one session with people of every role, and people beside it.

When a new path needs something to exist, make it in `make_world` and name it in `parameters`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.test import AsyncClient

from playground.accounts.people import person_enter, visitor_for
from playground.accounts.rights import Right
from playground.accounts.services import invitation_make, invitation_redeem
from playground.accounts.visitors import COOKIE, Visitor, cookie_of, new_visitor
from playground.lab_sessions.kinds import Kind
from playground.lab_sessions.models import Session, ShareLink
from playground.lab_sessions.openings import Opening
from playground.lab_sessions.plans import Wishes, read_wishes
from playground.lab_sessions.roles import Role
from playground.lab_sessions.secrets import address_key
from playground.lab_sessions.services import session_start
from playground.lab_sessions.sharing.people import session_join
from playground.lab_sessions.waiting.services import ticket_take
from playground.reviews.recorder import WriteRecorder

CSRF_TOKEN = "c" * 32
MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
#: In the session, by their role in it. Guests.
MEMBERS = tuple(role.value for role in Role)
#: In a classroom. Guests, the teacher by a one-time link.
CLASS = ("student", "class teacher")
#: Accounts: one like any other, one of each group, and a superuser.
ACCOUNTS = ("account", *(f"{right.group}s" for right in Right), "superuser")
ROLES = ("stranger", *MEMBERS, *CLASS, *ACCOUNTS)


@dataclass
class World:
    """What exists; made anew after a path has changed something."""

    session: Session
    visitors: dict[str, Visitor] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    #: Values for what is in angle brackets in a path: `name`, or `segment-before/name`.
    parameters: dict[str, str] = field(default_factory=dict)

    async def client(self, role: str) -> AsyncClient:
        """A browser of somebody with that role; forms need the token `CSRF_TOKEN`."""
        client = AsyncClient(enforce_csrf_checks=True)
        client.cookies["csrftoken"] = CSRF_TOKEN
        if role in self.users:
            await client.aforce_login(self.users[role])
        if role in self.visitors:
            client.cookies[COOKIE] = cookie_of(self.visitors[role])
        return client

    async def server(self, role: str) -> str:
        """The path of the cluster's API for a role; a made-up secret for who has none."""
        client = await self.client(role)
        answer = await client.get(f"/api/v1/sessions/{self.session.id}/kubeconfig")
        found = re.search(r"server: http://[^/]+(/k8s/\S+)", answer.content.decode())
        return found[1] if found else f"/k8s/{self.session.id}/made-up"

    async def token(self, role: str) -> str:
        """The secret of a role."""
        return (await self.server(role)).rpartition("/")[2]


async def make_world(*, has_submission: bool = False) -> World:
    """Everybody, and what the paths are about."""
    visitors = {role: new_visitor() for role in (*MEMBERS, *CLASS)}
    session = await session_start(
        wishes=Wishes(name="lab", nodes=1, minutes=60, speed=1, seed=1),
        visitor=visitors[Role.OWNER.value],
        address="192.0.2.1",
    )
    world = World(session, visitors)
    for role in Role:
        if role is not Role.OWNER:
            await session_join(session=session, visitor=visitors[role.value], role=role)
    path = await invitation_make(right=Right.TEACH)
    await invitation_redeem(token=_last(path), visitor=visitors["class teacher"])
    await _accounts(world)
    await _things(world)
    if has_submission:
        await add_submission(world)
    return world


async def _accounts(world: World) -> None:
    for role in ACCOUNTS:
        user = await User.objects.acreate(
            username=f"{role} of {world.session.id}", is_superuser=role == "superuser"
        )
        if role.removesuffix("s") in [right.group for right in Right]:
            await user.groups.aadd(await Group.objects.aget(name=role.removesuffix("s")))
        world.users[role] = user
        person = await sync_to_async(person_enter)(user=user, guest=None)
        world.visitors[role] = visitor_for(person)


async def _things(world: World) -> None:
    owner = await world.client(Role.OWNER.value)
    api = f"/api/v1/sessions/{world.session.id}"
    shared = await _send(owner, f"{api}/shares", {"role": "viewer"})
    link = await ShareLink.objects.aget(session=world.session)
    forked = await _send(owner, f"{api}/shares", {"role": "fork"})
    waiting = await ticket_take(
        wishes=read_wishes({}),
        opening=Opening(new_visitor(), address_key("192.0.2.2"), Kind.GUEST),
    )
    await _send(owner, f"{api}/terminals", {"kind": "console"})
    room = await _classroom(world)
    world.parameters = {
        "session_id": world.session.id,
        "secret": _last(shared["url"]),
        "shares/number": str(link.id),
        "terminals/number": "1",
        "fork/secret": _last(forked["url"]),
        "ticket": waiting.secret,
        "person": world.visitors[Role.VIEWER.value].id,
        "token": _last(await invitation_make(right=Right.REVIEW)),
        "provider_id": "none",
        "uidb36": "1",
        "key": "made-up",
        "room_id": room["id"],
        "code": room["code"],
        "lessons/slug": (await _send(owner, "/api/v1/lessons"))["lessons"][0]["slug"],
    }


async def add_submission(world: World) -> None:
    """Review is on in the session, and the editor has submitted something."""
    apps.get_app_config("reviews").recorder = WriteRecorder()
    owner, editor = await world.client(Role.OWNER.value), await world.client(Role.EDITOR.value)
    session = f"/api/v1/sessions/{world.session.id}"
    switched = await owner.put(f"{session}/review", {"on": True}, content_type="application/json")
    assert switched.status_code == 200, switched.content
    await _send(editor, f"{session}/manifests", {"action": "apply", "text": MANIFEST})
    written = await _send(editor, f"/api/v1/writes?session={world.session.id}")
    found = await _send(editor, f"/api/v1/reviews?session={world.session.id}")
    world.parameters["submission_id"] = found["submissions"][0]["id"]
    world.parameters["versions/number"] = "1"
    world.parameters["writes/number"] = str(written["writes"][0]["number"])


async def _classroom(world: World) -> Any:
    teacher, student = await world.client("class teacher"), await world.client("student")
    wishes = {"title": "Rollouts", "seats": 1, "nodes": 1, "minutes": 30}
    room = await _send(teacher, "/api/v1/classrooms", wishes)
    await _send(student, "/api/v1/classrooms/join", {"code": room["code"], "name": "Eve"})
    return room


async def _send(client: AsyncClient, path: str, body: Any = None) -> Any:
    """What the site says to a request that must work."""
    if body is None:
        answer = await client.get(path)
    else:
        answer = await client.post(path, body, content_type="application/json")
    assert answer.status_code < 300, f"{path}: {answer.content.decode()}"
    return answer.json()


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
