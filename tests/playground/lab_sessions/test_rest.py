"""The REST API: sessions from start to end, roles, limits, and what strangers see."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from django.apps import apps
from django.test import AsyncClient
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.hosting.local import LocalHost
from playground.lab_sessions.api.openapi import openapi
from playground.lab_sessions.janitor import Janitor
from playground.lab_sessions.models import Session
from playground.lab_sessions.roles import Role
from tests.playground.people import secret_as

pytestmark = pytest.mark.django_db(transaction=True)


class Browser:
    """Somebody with cookies."""

    def __init__(self, token: str = "") -> None:
        self.client = AsyncClient()
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = json.dumps(body) if body is not None else ""
        response = await self.client.generic(
            method,
            f"/api/v1/{path}",
            data,
            content_type="application/json",
            headers={**self._headers, **headers},
        )
        return response

    async def start(self, **wishes: Any) -> dict[str, Any]:
        response = await self.ask("POST", "sessions", wishes)
        assert response.status_code == 201, response.content
        return response.json()


async def test_a_session_starts_with_a_ready_cluster(host: LocalHost) -> None:
    body = await Browser().start(nodes=2)
    assert body["state"] == "running"
    assert body["url"] == f"http://testserver/s/{body['id']}/"
    assert body["server"] == f"http://testserver/k8s/{body['id']}/{body['token']}"
    assert host.has(body["id"])


async def test_the_starter_owns_it_by_cookie_and_anyone_by_token(host: LocalHost) -> None:
    browser = Browser()
    body = await browser.start()
    for asker in (browser, Browser(body["token"])):
        answer = await asker.ask("GET", f"sessions/{body['id']}")
        assert (answer.status_code, answer.json()["role"]) == (200, "owner")
        assert set(answer.json()["clock"]) == {"now", "speed", "paused"}


async def test_to_strangers_a_session_does_not_exist(host: LocalHost) -> None:
    body = await Browser().start()
    for stranger in (Browser(), Browser("wrong")):
        answer = await stranger.ask("GET", f"sessions/{body['id']}")
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not-found"


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"nodes": -1}, "nodes"),
        ({"nodes": 1_000_000}, "nodes"),
        ({"nodes": "3"}, "nodes"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"speed": "fast"}, "speed"),
        ({"seed": 1.5}, "seed"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"color": "red"}, "color"),
    ],
)
async def test_a_senseless_wish_names_its_field(
    host: LocalHost, wishes: dict[str, Any], field: str
) -> None:
    answer = await Browser().ask("POST", "sessions", wishes)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)


async def test_the_same_seed_gives_the_same_cluster(host: LocalHost) -> None:
    uids = []
    for _ in range(2):
        body = await Browser().start(seed=7, speed=0)
        answer = await host.call(body["id"], Request("GET", "/api/v1/nodes", user=ADMIN))
        uids.append([item["metadata"]["uid"] for item in json.loads(answer.body)["items"]])
    assert len(uids[0]) == 3
    assert uids[0] == uids[1]


@pytest.mark.parametrize("role", ["viewer", "editor"])
async def test_a_shared_link_gives_its_role(host: LocalHost, role: str) -> None:
    owner, guest = Browser(), Browser()
    body = await owner.start()
    path = f"sessions/{body['id']}"
    share = await owner.ask("POST", f"{path}/shares", {"role": role})
    link = share.json()["url"].removeprefix("http://testserver")
    page = await guest.client.get(link)
    assert (page.status_code, b"Join" in page.content) == (200, True)
    assert (await guest.ask("GET", path)).status_code == 404
    assert (await guest.client.post(link)).status_code == 302
    assert (await guest.ask("GET", path)).json()["role"] == role
    assert (await guest.ask("DELETE", path)).status_code == 403
    assert (await guest.ask("POST", f"{path}/extend")).status_code == 403
    changed = await guest.ask("POST", f"{path}/manifests", {"text": "", "action": "apply"})
    assert changed.status_code == (200 if role == "editor" else 403)
    terminal = await guest.ask("POST", f"{path}/terminals", {"kind": "sofa"})
    assert terminal.status_code == (422 if role == "editor" else 403)


async def test_a_body_that_is_too_large_is_refused_in_our_form(
    host: LocalHost, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = await Browser().ask("POST", "sessions", {"name": "x" * 2000})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")
    assert "1000 bytes" in answer.json()["error"]["message"]


async def test_a_fork_is_a_session_of_ones_own(host: LocalHost) -> None:
    owner = Browser()
    body = await owner.start()
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: mark\n"
    path = f"sessions/{body['id']}"
    await owner.ask("POST", f"{path}/manifests", {"text": text})
    twin = (await owner.ask("POST", f"{path}/fork")).json()
    assert twin["id"] != body["id"]
    delete = {"text": text, "action": "delete"}
    await owner.ask("POST", f"{path}/manifests", delete)
    again = await owner.ask("POST", f"sessions/{twin['id']}/manifests", delete)
    assert again.json()["results"][0]["outcome"] == "deleted"


async def test_who_only_looks_on_cannot_fork_and_so_not_read_secrets(host: LocalHost) -> None:
    body = await Browser().start()
    session = await Session.objects.aget(id=body["id"])
    path = f"sessions/{body['id']}/fork"
    viewer = Browser(await secret_as(session, Role.VIEWER))
    refused = await viewer.ask("POST", path)
    assert (refused.status_code, "Secrets" in refused.json()["error"]["message"]) == (403, True)
    editor = Browser(await secret_as(session, Role.EDITOR))
    assert (await editor.ask("POST", path)).status_code == 201


async def test_a_session_can_be_extended_a_few_times(host: LocalHost, settings: Any) -> None:
    settings.PODYARD_SESSION_EXTENSIONS_MAX = 2
    owner = Browser()
    body = await owner.start(minutes=5)
    path = f"sessions/{body['id']}/extend"
    first = (await owner.ask("POST", path)).json()
    gained = datetime.datetime.fromisoformat(first["expires_at"])
    gained_minutes = (gained - datetime.datetime.fromisoformat(body["expires_at"])).seconds / 60
    assert gained_minutes == settings.PODYARD_SESSION_EXTEND_MINUTES
    assert (await owner.ask("POST", path)).json()["extendable_minutes"] == 0
    assert (await owner.ask("POST", path)).status_code == 403


async def test_deleting_ends_it_for_everyone(host: LocalHost) -> None:
    owner = Browser()
    body = await owner.start()
    path = f"sessions/{body['id']}"
    assert (await owner.ask("DELETE", path)).status_code == 204
    answer = await owner.ask("GET", path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "ended")
    assert not host.has(body["id"])
    page = await owner.client.get(f"/s/{body['id']}/")
    assert (page.status_code, b'data-testid="start"' in page.content) == (410, True)


async def test_time_up_is_expired_then_ended(host: LocalHost) -> None:
    owner = Browser()
    body = await owner.start(minutes=1)
    path = f"sessions/{body['id']}"
    session = await Session.objects.aget(id=body["id"])
    janitor = Janitor()
    due = await janitor.sweep(now=timezone.now())
    assert due == session.expires_at
    assert await janitor.sweep(now=session.expires_at) == session.gone_at
    answer = (await owner.ask("GET", path)).json()
    assert (answer["state"], answer["clock"]["paused"]) == ("expired", True)
    refused = await owner.ask("POST", f"{path}/manifests", {"text": "a: b"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (410, "ended")
    assert (await owner.ask("GET", f"{path}/export")).status_code == 200
    assert await janitor.sweep(now=session.gone_at) is None
    answer = await owner.ask("GET", path)
    assert (answer.status_code, answer.json()["error"]["because"]) == (410, "time-up")


async def test_extending_brings_an_expired_session_back(host: LocalHost) -> None:
    owner = Browser()
    body = await owner.start(minutes=1)
    session = await Session.objects.aget(id=body["id"])
    await Janitor().sweep(now=session.expires_at)
    answer = (await owner.ask("POST", f"sessions/{body['id']}/extend")).json()
    assert answer["state"] == "running"


async def test_sessions_per_address_are_limited(host: LocalHost, settings: Any) -> None:
    settings.PODYARD_SESSIONS_PER_ADDRESS_MAX = 2
    for _ in range(2):
        await Browser().start()
    answer = await Browser().ask("POST", "sessions", {})
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too-many")


async def test_starts_a_minute_are_limited(host: LocalHost, settings: Any) -> None:
    settings.PODYARD_SESSION_STARTS_PER_ADDRESS_MINUTE_MAX = 1
    body = await Browser().start()
    await Browser(body["token"]).ask("DELETE", f"sessions/{body['id']}")
    answer = await Browser().ask("POST", "sessions", {})
    assert answer.status_code == 429


async def test_requests_of_an_address_are_limited(host: LocalHost, settings: Any) -> None:
    settings.PODYARD_API_REQUESTS_BURST_MAX = 2
    settings.PODYARD_API_REQUESTS_PER_SECOND_MAX = 0.01
    statuses = [(await Browser().ask("GET", "examples")).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


async def test_a_full_site_says_so(host: LocalHost) -> None:
    object.__setattr__(host.limits, "clusters_max", 1)
    await Browser().start()
    answer = await Browser().ask("POST", "sessions", {})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "full")


async def test_another_sites_page_may_not_act(host: LocalHost) -> None:
    answer = await Browser().ask("POST", "sessions", {}, origin="https://evil.example")
    assert answer.status_code == 403
    client = AsyncClient()
    form = await client.post("/api/v1/sessions", {"nodes": "1"})
    assert form.status_code == 422


async def test_a_wrong_method_names_the_right_ones(host: LocalHost) -> None:
    answer = await Browser().ask("PATCH", "sessions")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_my_sessions_are_listed_newest_first(host: LocalHost) -> None:
    browser = Browser()
    ids = [(await browser.start())["id"] for _ in range(2)]
    listed = (await browser.ask("GET", "sessions")).json()["sessions"]
    assert [one["id"] for one in listed] == ids[::-1]
    assert (await Browser().ask("GET", "sessions")).json() == {"sessions": []}


async def test_schemas_are_cacheable_and_complete(host: LocalHost) -> None:
    browser = Browser()
    answer = await browser.ask("GET", "schemas?apiVersion=v1&kind=Pod")
    body = answer.json()
    pod = body["definitions"][body["root"]]
    spec = body["definitions"][pod["properties"]["spec"]["ref"]]
    container = body["definitions"][spec["properties"]["containers"]["items"]["ref"]]
    assert container["properties"]["name"]["required"]
    assert "Image" in container["properties"]["image"]["description"].title()
    tag = answer.headers["etag"]
    again = await browser.ask("GET", "schemas?apiVersion=v1&kind=Pod", **{"if-none-match": tag})
    assert again.status_code == 304
    assert (await browser.ask("GET", "schemas?apiVersion=v1&kind=Pood")).status_code == 404
    kinds = (await browser.ask("GET", "schemas/kinds")).json()
    assert {"apiVersion": "apps/v1", "kind": "Deployment", "namespaced": True} in kinds


def addresses(resolver: URLResolver, before: str = "") -> list[tuple[str, str]]:
    """Every address below a resolver, as Django writes it, and the module that answers."""
    found = []
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += addresses(entry, path)
        else:
            found.append((path, entry.callback.__module__))
    return found


def test_every_address_is_described() -> None:
    """Of the sessions, and of every application whose config names an `openapi` module.
    `<slug:session_id>` is `{session}` in the description."""
    rooms = ("playground.lab_sessions", "playground.live")
    rooms += tuple(one.name for one in apps.get_app_configs() if hasattr(one, "openapi"))
    described = set(openapi()["paths"])
    served = {
        "/" + re.sub(r"<(?:\w+:)?(\w+?)(?:_id)?>", r"{\1}", path)
        for path, module in addresses(get_resolver())
        if path.startswith("api/v1/") and module.startswith(rooms)
    }
    assert served - described == {"/api/v1/openapi.json", "/api/v1/docs"}
    assert described - served == set()


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
async def test_the_api_has_a_page(host: LocalHost, accept: str) -> None:
    answer = await AsyncClient().get("/api/v1/docs", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(accept)
