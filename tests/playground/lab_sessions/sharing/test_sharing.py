"""Sharing over REST and by its pages: links, the people who came by them, names and keys."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.utils import timezone

from playground.hosting.local import LocalHost
from playground.lab_sessions.models import Membership, Session, ShareLink
from playground.serving.application import make_application
from tests.playground.lab_sessions.test_rest import Browser

pytestmark = pytest.mark.django_db(transaction=True)


class Lab:
    """An owner's session, and guests who come by links."""

    def __init__(self, owner: Browser, body: dict[str, Any]) -> None:
        self.owner, self.body = owner, body
        self.path = f"sessions/{body['id']}"

    async def link(self, by: Browser | None = None, **wish: Any) -> dict[str, Any]:
        answer = await (by or self.owner).ask("POST", f"{self.path}/shares", wish)
        assert answer.status_code == 201, answer.content
        return dict(answer.json())

    async def guest(self, link: dict[str, Any]) -> Browser:
        guest = Browser()
        answer = await guest.client.post(link["url"].removeprefix("http://testserver"))
        assert answer.status_code == 302, answer.content
        return guest

    async def people(self) -> dict[str, dict[str, Any]]:
        answer = await self.owner.ask("GET", f"{self.path}/people")
        return {one["role"]: one for one in answer.json()["people"]}


@pytest.fixture
async def lab(host: LocalHost) -> Lab:
    owner = Browser()
    return Lab(owner, await owner.start())


async def role_of(lab: Lab, guest: Browser) -> str | int:
    answer = await guest.ask("GET", lab.path)
    return answer.json()["role"] if answer.status_code == 200 else answer.status_code


async def cluster(server: str, path: str = "/version", body: Any = None) -> tuple[int, Any]:
    """Status and answer of the cluster's API, as the gateway gives it."""
    scope = {
        "type": "http",
        "method": "POST" if body else "GET",
        "path": server.removeprefix("http://testserver") + path,
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"user-agent", b"kubectl/v1.37.2")],
    }
    talk = ApplicationCommunicator(make_application(), scope)
    await talk.send_input({"type": "http.request", "body": json.dumps(body or {}).encode()})
    status = (await talk.receive_output(2))["status"]
    return status, json.loads((await talk.receive_output(2))["body"])


@pytest.mark.parametrize("role", ["viewer", "editor", "teacher"])
async def test_a_link_lets_in_with_its_role_and_shows_who_came(lab: Lab, role: str) -> None:
    link = await lab.link(role=role, label="for the class")
    guest = await lab.guest(link)
    assert await role_of(lab, guest) == role
    listed = (await lab.owner.ask("GET", f"{lab.path}/shares")).json()["links"]
    me = (await guest.ask("GET", "me")).json()
    assert [(one["label"], one["uses"], one["people"]) for one in listed] == [
        ("for the class", 1, [me["id"]])
    ]


async def test_links_of_one_role_are_different_and_revoked_one_by_one(lab: Lab) -> None:
    first, second = await lab.link(role="editor"), await lab.link(role="editor")
    assert first["url"] != second["url"]
    await lab.owner.ask("DELETE", f"{lab.path}/shares/{first['id']}")
    assert (await Browser().client.post(first["url"][17:])).status_code == 410
    await lab.guest(second)


async def test_revoking_may_leave_those_who_came_by_it_or_send_them_out(lab: Lab) -> None:
    link = await lab.link(role="editor")
    guest = await lab.guest(link)
    answer = await lab.owner.ask("DELETE", f"{lab.path}/shares/{link['id']}")
    assert (answer.json(), await role_of(lab, guest)) == ({"left": 0}, "editor")
    answer = await lab.owner.ask("DELETE", f"{lab.path}/shares/{link['id']}?people=leave")
    assert (answer.json(), await role_of(lab, guest)) == ({"left": 1}, 404)


async def test_an_expired_link_lets_nobody_in(lab: Lab) -> None:
    link = await lab.link(minutes=5)
    past = timezone.now() - datetime.timedelta(seconds=1)
    await ShareLink.objects.filter(id=link["id"]).aupdate(expires_at=past)
    answer = await Browser().client.get(link["url"][17:])
    assert (answer.status_code, b"does not let anybody in" in answer.content) == (410, True)
    listed = (await lab.owner.ask("GET", f"{lab.path}/shares")).json()["links"]
    assert listed[0]["state"] == "expired"


async def test_a_link_for_one_person_lets_one_in_again_and_again(lab: Lab) -> None:
    link = await lab.link(uses=1)
    guest = await lab.guest(link)
    assert (await guest.client.post(link["url"][17:])).status_code == 302
    assert (await Browser().client.post(link["url"][17:])).status_code == 410


async def test_a_client_without_cookies_joins_for_a_token_of_its_own(lab: Lab) -> None:
    link = await lab.link(role="editor")
    secret = link["url"].rstrip("/").rpartition("/")[2]
    answer = await Browser().ask("POST", f"{lab.path}/join", {"secret": secret})
    token = answer.json()["token"]
    assert token not in (secret, lab.body["token"])
    assert (await role_of(lab, Browser(token)), await role_of(lab, Browser(secret))) == (
        "editor",
        404,
    )


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"role": "owner"}, "role"),
        ({"role": 7}, "role"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 10**9}, "minutes"),
        ({"uses": True}, "uses"),
        ({"label": "x" * 61}, "label"),
        ({"label": "a\x00"}, "label"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
async def test_a_senseless_link_names_its_field(lab: Lab, wish: Any, field: str) -> None:
    answer = await lab.owner.ask("POST", f"{lab.path}/shares", wish)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


async def test_there_is_a_limit_of_links(lab: Lab, settings: Any) -> None:
    settings.PODYARD_LINKS_PER_SESSION_MAX = 1
    await lab.link()
    answer = await lab.owner.ask("POST", f"{lab.path}/shares", {})
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too-many")


async def test_there_is_a_limit_of_people(lab: Lab, settings: Any) -> None:
    settings.PODYARD_PEOPLE_PER_SESSION_MAX = 1
    link = await lab.link()
    assert (await Browser().client.post(link["url"][17:])).status_code == 429


async def test_a_link_is_a_qr_code_too(lab: Lab) -> None:
    link = await lab.link()
    answer = await lab.owner.ask("GET", f"{lab.path}/shares/{link['id']}/qr.svg")
    assert (answer.headers["content-type"], answer.content[:4]) == ("image/svg+xml", b"<svg")


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 403), ("teacher", 200)])
async def test_who_may_share_and_decide_about_people(lab: Lab, role: str, status: int) -> None:
    guest = await lab.guest(await lab.link(role=role))
    other = (await (await lab.guest(await lab.link(role="viewer"))).ask("GET", "me")).json()["id"]
    created = await guest.ask("POST", f"{lab.path}/shares", {})
    assert created.status_code == (201 if status == 200 else status)
    assert (await guest.ask("GET", f"{lab.path}/shares")).status_code == status
    person = f"{lab.path}/people/{other}"
    assert (await guest.ask("PATCH", person, {"role": "editor"})).status_code == status
    assert (await guest.ask("DELETE", lab.path)).status_code == 403


async def test_a_teacher_decides_about_neither_owners_nor_teachers(lab: Lab) -> None:
    link = await lab.link(role="teacher")
    teacher, other = await lab.guest(link), await lab.guest(link)
    ids = [(await lab.people())["owner"]["id"], (await other.ask("GET", "me")).json()["id"]]
    for number in ids:
        person = f"{lab.path}/people/{number}"
        assert (await teacher.ask("PATCH", person, {"role": "viewer"})).status_code == 403
        assert (await teacher.ask("DELETE", person)).status_code == 403
    viewer = await lab.guest(await lab.link())
    person = f"{lab.path}/people/{(await viewer.ask('GET', 'me')).json()['id']}"
    assert (await teacher.ask("PATCH", person, {"role": "owner"})).status_code == 403


async def test_an_owner_hands_the_session_over_and_goes_on_as_an_editor(lab: Lab) -> None:
    guest = await lab.guest(await lab.link(role="editor"))
    person = f"{lab.path}/people/{(await guest.ask('GET', 'me')).json()['id']}"
    answer = await lab.owner.ask("PATCH", person, {"role": "owner"})
    assert (answer.status_code, answer.json()["role"]) == (200, "owner")
    assert (await role_of(lab, lab.owner), await role_of(lab, guest)) == ("editor", "owner")
    owners = Membership.objects.filter(session=lab.body["id"], role="owner")
    assert await owners.acount() == 1
    assert (await lab.owner.ask("DELETE", lab.path)).status_code == 403


async def test_guests_leave_but_owners_hand_over_first(lab: Lab) -> None:
    guest = await lab.guest(await lab.link())
    assert (await guest.ask("DELETE", f"{lab.path}/people/me")).status_code == 204
    assert await role_of(lab, guest) == 404
    refused = await lab.owner.ask("DELETE", f"{lab.path}/people/me")
    assert (refused.status_code, "hand" in refused.json()["error"]["message"]) == (403, True)


async def test_each_persons_kubeconfig_is_theirs(lab: Lab) -> None:
    link = await lab.link(role="editor")
    guests = [await lab.guest(link), await lab.guest(link)]
    servers = [(await one.ask("GET", lab.path)).json()["server"] for one in guests]
    assert len({*servers, lab.body["server"]}) == 3
    await guests[0].ask("PATCH", "me", {"name": "Jane Doe"})
    config = (await guests[0].ask("GET", f"{lab.path}/kubeconfig")).content.decode()
    assert (servers[0] in config, "user: jane-doe" in config) == (True, True)


@pytest.mark.parametrize(
    "change",
    [
        ("PATCH", "", {"role": "viewer"}),
        ("DELETE", "", None),
    ],
    ids=["another role", "sent out"],
)
async def test_a_kubeconfig_ends_with_its_role_at_once(lab: Lab, change: Any) -> None:
    guest = await lab.guest(await lab.link(role="editor"))
    server = (await guest.ask("GET", lab.path)).json()["server"]
    assert (await cluster(server))[0] == 200
    number = (await guest.ask("GET", "me")).json()["id"]
    method, _, body = change
    await lab.owner.ask(method, f"{lab.path}/people/{number}", body)
    assert (await cluster(server))[0] == 401
    assert (await cluster(lab.body["server"]))[0] == 200


async def test_a_former_role_does_not_come_back_with_the_role(lab: Lab) -> None:
    guest = await lab.guest(await lab.link(role="editor"))
    before = (await guest.ask("GET", lab.path)).json()["server"]
    person = f"{lab.path}/people/{(await guest.ask('GET', 'me')).json()['id']}"
    for role in ("viewer", "editor"):
        await lab.owner.ask("PATCH", person, {"role": role})
    after = (await guest.ask("GET", lab.path)).json()["server"]
    assert ((await cluster(before))[0], (await cluster(after))[0]) == (401, 200)


async def test_a_key_that_got_about_is_renewed(lab: Lab) -> None:
    renewed = await lab.owner.ask("POST", f"{lab.path}/key")
    assert (
        (await cluster(lab.body["server"]))[0],
        await role_of(lab, Browser(lab.body["token"])),
    ) == (
        401,
        404,
    )
    assert (await cluster(renewed.json()["server"]))[0] == 200


async def test_whoami_says_the_persons_name(lab: Lab) -> None:
    guest = await lab.guest(await lab.link(role="editor"))
    await guest.ask("PATCH", "me", {"name": "Žofie  B."})
    server = (await guest.ask("GET", lab.path)).json()["server"]
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
    _, answer = await cluster(server, path, review)
    user = answer["status"]["userInfo"]
    assert (user["username"], user["groups"]) == (
        "ofie-b",
        ["system:masters", "system:authenticated"],
    )
    assert user["extra"]["podyard.dev/person"] == ["Žofie B."]


@pytest.mark.parametrize(
    "name",
    ["", "   ", "x" * 41, "a\u202eb", 7, None],
    ids=["empty", "blank", "long", "bidi", "number", "null"],
)
async def test_a_name_must_be_short_and_readable(lab: Lab, name: Any) -> None:
    answer = await lab.owner.ask("PATCH", "me", {"name": name})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "name")


async def test_a_name_is_kept_in_the_cookie_and_in_every_session(lab: Lab) -> None:
    other = await lab.owner.start()
    await lab.owner.ask("PATCH", "me", {"name": "  Ada   L. "})
    assert (await lab.owner.ask("GET", "me")).json()["name"] == "Ada L."
    for number in (lab.body["id"], other["id"]):
        session = await Session.objects.aget(id=number)
        names = [member.name async for member in session.members.all()]
        assert names == ["Ada L."]
