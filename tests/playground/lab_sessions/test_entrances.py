"""Ways into a session: a link to a copy, a file, the line; and what is said when it is over."""

from __future__ import annotations

import io
from typing import Any

import pytest

from playground.hosting.local import LocalHost
from playground.lab_sessions.lifetimes import session_end, session_expire
from playground.lab_sessions.models import Session
from tests.playground.lab_sessions.test_rest import Browser

pytestmark = pytest.mark.django_db(transaction=True)


async def fork_link(owner: Browser, body: dict[str, Any], **wish: Any) -> dict[str, Any]:
    wanted = {"role": "fork", **wish}
    answer = await owner.ask("POST", f"sessions/{body['id']}/shares", wanted)
    assert answer.status_code == 201, answer.content
    link: dict[str, Any] = answer.json()
    return link


def path_of(link: dict[str, Any]) -> str:
    return str(link["url"]).removeprefix("http://testserver")


async def test_a_link_to_a_copy_gives_everyone_their_own(host: LocalHost) -> None:
    owner, guest = Browser(), Browser()
    body = await owner.start(name="lab")
    path = path_of(await fork_link(owner, body))
    assert f"/s/{body['id']}/fork/" in path
    page = await guest.client.get(path)
    assert (page.status_code, b"A copy of lab" in page.content) == (200, True)
    assert await Session.objects.acount() == 1
    made = await guest.client.post(path)
    assert made.status_code == 302
    twin = await Session.objects.exclude(id=body["id"]).aget()
    assert (twin.kind, twin.forked_from) == ("fork", body["id"])
    mine = await guest.ask("GET", f"sessions/{twin.id}")
    assert mine.json()["role"] == "owner"
    assert (await guest.ask("GET", f"sessions/{body['id']}")).status_code == 404
    assert (await owner.ask("GET", f"sessions/{twin.id}")).status_code == 404


async def test_a_revoked_or_used_up_link_gives_no_copy(host: LocalHost) -> None:
    owner, guest = Browser(), Browser()
    body = await owner.start()
    once = await fork_link(owner, body, uses=1)
    assert (await guest.client.post(path_of(once))).status_code == 302
    assert (await Browser().client.post(path_of(once))).status_code == 410
    other = await fork_link(owner, body)
    await owner.ask("DELETE", f"sessions/{body['id']}/shares/{other['id']}")
    assert (await guest.client.get(path_of(other))).status_code == 410


async def test_a_link_to_a_copy_lets_nobody_in_and_the_other_way_round(host: LocalHost) -> None:
    owner, guest = Browser(), Browser()
    body = await owner.start()
    copies = path_of(await fork_link(owner, body))
    joins = path_of(await fork_link(owner, body, role="viewer"))
    assert (await guest.client.post(copies.replace("/fork/", "/join/"))).status_code == 404
    assert (await guest.client.post(joins.replace("/join/", "/fork/"))).status_code == 404


async def test_a_program_takes_a_copy_by_the_link_too(host: LocalHost) -> None:
    owner, guest = Browser(), Browser()
    body = await owner.start()
    secret = path_of(await fork_link(owner, body)).rstrip("/").rpartition("/")[2]
    answer = await guest.ask("POST", f"sessions/{body['id']}/fork", {"link": secret})
    assert (answer.status_code, answer.json()["kind"]) == (201, "fork")


async def test_a_copy_of_an_expired_session_runs(host: LocalHost) -> None:
    owner = Browser()
    body = await owner.start()
    await session_expire(session=await Session.objects.aget(id=body["id"]))
    twin = (await owner.ask("POST", f"sessions/{body['id']}/fork")).json()
    shown = (await owner.ask("GET", f"sessions/{twin['id']}")).json()
    assert (shown["state"], shown["clock"]["paused"]) == ("running", False)


async def test_a_file_is_brought_back_without_scripts(host: LocalHost) -> None:
    owner = Browser()
    body = await owner.start(name="lab")
    data = (await owner.ask("GET", f"sessions/{body['id']}/export")).content
    upload = io.BytesIO(data)
    upload.name = "lab.zip"
    answer = await owner.client.post("/import/", {"file": upload})
    assert answer.status_code == 302
    assert await Session.objects.filter(kind="import", name="lab").acount() == 1
    assert (await owner.client.post("/import/", {})).status_code == 422


async def test_the_page_of_an_ended_session_says_why(host: LocalHost) -> None:
    owner = Browser()
    body = await owner.start(template="web-shop")
    await session_end(session=await Session.objects.aget(id=body["id"]))
    page = await owner.client.get(f"/s/{body['id']}/")
    assert page.status_code == 410
    assert b"Its owner ended it" in page.content
    assert b'value="web-shop"' in page.content
    assert (await Browser().client.get(f"/s/{body['id']}/")).status_code == 404


async def test_the_first_page_lists_my_sessions_and_why_they_ended(host: LocalHost) -> None:
    owner = Browser()
    live = await owner.start(name="alive")
    over = await owner.start(name="bygone")
    late = await owner.start(name="late")
    await session_end(session=await Session.objects.aget(id=over["id"]))
    await session_expire(session=await Session.objects.aget(id=late["id"]))
    text = (await owner.client.get("/")).content.decode()
    assert text.count('data-testid="my-session"') == 3
    assert "4 hours left." in text
    assert "its owner ended it." in text
    assert "It can be looked at, exported and forked for 15 minutes." in text
    assert f"/api/v1/sessions/{live['id']}/export" in text
    assert f"/api/v1/sessions/{over['id']}/export" not in text


async def test_the_first_page_starts_from_a_template(host: LocalHost) -> None:
    browser = Browser()
    answer = await browser.client.post("/", {"template": "web-shop"})
    assert answer.status_code == 302
    assert await Session.objects.filter(template="web-shop").acount() == 1


async def test_a_full_site_leads_to_the_waiting_room(host: LocalHost) -> None:
    object.__setattr__(host.limits, "clusters_max", 1)
    owner, guest = Browser(), Browser()
    body = await owner.start()
    answer = await guest.client.post("/", {})
    assert answer.headers["location"].startswith("/waiting/")
    room = answer.headers["location"]
    page = (await guest.client.get(room)).content.decode()
    assert 'data-fact="position">1<' in page
    await owner.ask("DELETE", f"sessions/{body['id']}")
    assert (await guest.client.get(room)).headers["location"].startswith("/s/")


async def test_one_can_leave_the_waiting_room(host: LocalHost) -> None:
    object.__setattr__(host.limits, "clusters_max", 1)
    guest = Browser()
    await Browser().start()
    room = (await guest.client.post("/", {})).headers["location"]
    assert (await guest.client.post(room)).headers["location"] == "/"
    assert (await guest.client.get(room)).status_code == 404
