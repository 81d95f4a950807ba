"""The gateway's HTTP side: whole answers, streams, refusals as Statuses."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator

from cluster_engine.apimachinery.errors import unauthorized
from cluster_engine.apiserver.requests import ADMIN, STDOUT, Request, Response
from playground.gateway.app import Gateway, Manners
from playground.gateway.door import Grant, Scope
from playground.hosting.host import ClusterPlan
from playground.hosting.local import LocalHost
from playground.hosting.quotas import HostLimits
from tests.playground.fakes import FakeEngine


@dataclass
class OpenDoor:
    """Lets everyone in."""

    grant: Grant = field(default_factory=lambda: Grant("a", "", ADMIN))
    is_closed: bool = False

    async def admit(self, scope: Scope) -> Grant:
        if self.is_closed:
            raise unauthorized()
        return Grant(
            self.grant.cluster_id, scope["path"], self.grant.user, self.grant.read_only_reason
        )


@dataclass
class Site:
    """A gateway in front of a fake engine."""

    engine: FakeEngine
    host: LocalHost
    door: OpenDoor
    gateway: Gateway

    def open(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        query: str = "",
    ) -> ApplicationCommunicator:
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(n.encode(), v.encode()) for n, v in (headers or {}).items()],
        }
        talk = ApplicationCommunicator(self.gateway, scope)
        talk.input_queue.put_nowait({"type": "http.request", "body": body, "more_body": False})
        return talk

    async def ask(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, str], bytes]:
        talk = self.open(*args, **kwargs)
        start = await talk.receive_output(1)
        body = b""
        while True:
            message = await talk.receive_output(1)
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], headers, body


async def make_site(manners: Manners | None = None, limits: HostLimits | None = None) -> Site:
    engine = FakeEngine()
    host = LocalHost(build=lambda plan: engine, limits=limits)
    await host.create("a", ClusterPlan())
    door = OpenDoor()
    return Site(engine, host, door, Gateway(lambda: host, door, manners))


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = await make_site()
    yield made
    await made.host.close_all()


async def test_a_request_reaches_the_cluster_as_it_was(site: Site) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(201, b"{}", {"content-type": "application/json"}, ('a "b"',))

    site.engine.answer = answer
    status, headers, body = await site.ask(
        "POST", "/api/v1/pods", b"text", {"X-A": "1"}, query="dryRun=All"
    )
    assert (status, body) == (201, b"{}")
    assert headers["warning"] == '299 - "a \\"b\\""'
    request = seen[0]
    assert (request.method, request.path, request.query) == ("POST", "/api/v1/pods", "dryRun=All")
    assert (request.body, request.headers["x-a"], request.user) == (b"text", "1", ADMIN)


async def test_a_body_in_pieces_is_put_together(site: Site) -> None:
    site.engine.answer = lambda request: Response(200, request.body)
    scope = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "headers": []}
    talk = ApplicationCommunicator(site.gateway, scope)
    for piece, more in ((b"one ", True), (b"two", False)):
        await talk.send_input({"type": "http.request", "body": piece, "more_body": more})
    await talk.receive_output(1)
    assert (await talk.receive_output(1))["body"] == b"one two"


async def test_a_body_that_breaks_off_is_never_acted_on(site: Site) -> None:
    asked: list[Request] = []
    site.engine.answer = lambda request: asked.append(request) or Response(200)
    scope = {"type": "http", "method": "PATCH", "path": "/x", "query_string": b"", "headers": []}
    talk = ApplicationCommunicator(site.gateway, scope)
    await talk.send_input({"type": "http.request", "body": b"a: 1", "more_body": True})
    await talk.send_input({"type": "http.disconnect"})
    assert (await talk.receive_output(1))["status"] == 400
    assert asked == []


async def test_a_warning_is_one_line(site: Site) -> None:
    site.engine.answer = lambda request: Response(200, warnings=("a\r\nset-cookie: b",))
    _, headers, _ = await site.ask("GET", "/x")
    assert headers["warning"] == '299 - "a  set-cookie: b"'


async def test_a_body_that_is_too_large_is_refused_as_a_status() -> None:
    site = await make_site(Manners(request_bytes_max=10))
    status, _, body = await site.ask("POST", "/x", b"x" * 11)
    assert (status, json.loads(body)["reason"]) == (413, "RequestEntityTooLarge")
    await site.host.close_all()


@pytest.mark.parametrize(
    ("asked", "is_packed"), [("gzip, br", True), ("br", False)], ids=["asked", "not asked"]
)
async def test_large_answers_are_compressed_when_asked(asked: str, is_packed: bool) -> None:
    site = await make_site(Manners(gzip_bytes_min=1000))
    site.engine.answer = lambda request: Response(200, b"abc" * 1000)
    _, headers, body = await site.ask("GET", "/x", headers={"accept-encoding": asked})
    assert (headers.get("content-encoding") == "gzip") == is_packed
    assert (gzip.decompress(body) if is_packed else body) == b"abc" * 1000
    await site.host.close_all()


async def test_an_exception_is_a_status_not_a_page(site: Site) -> None:
    def fail(request: Request) -> Response:
        raise RuntimeError("a bug")

    site.engine.answer = fail
    status, headers, body = await site.ask("GET", "/x")
    assert (status, headers["content-type"]) == (500, "application/json")
    assert json.loads(body)["kind"] == "Status"
    assert b"a bug" not in body


async def test_a_stranger_is_refused_as_a_status(site: Site) -> None:
    site.door.is_closed = True
    status, _, body = await site.ask("GET", "/x")
    assert (status, json.loads(body)["reason"]) == (401, "Unauthorized")


async def test_a_cluster_that_is_gone_is_a_status(site: Site) -> None:
    await site.host.close("a")
    status, _, body = await site.ask("GET", "/x")
    assert (status, json.loads(body)["reason"]) == (404, "NotFound")


async def test_a_stream_is_passed_on_piece_by_piece_to_its_end(site: Site) -> None:
    talk = site.open("GET", "/stream")
    assert (await talk.receive_output(1))["status"] == 200
    assert (await talk.receive_output(1))["more_body"]
    stream = site.engine.streams[0]
    stream.put(b"one\n")
    assert (await talk.receive_output(1))["body"] == b"one\n"
    stream.put(b"two\n")
    stream.put(b"three\n")
    assert (await talk.receive_output(1))["body"] == b"two\nthree\n"
    stream.finish()
    assert not (await talk.receive_output(1)).get("more_body")
    await talk.wait(1)
    assert stream.is_closed


async def test_a_client_that_goes_closes_its_stream(site: Site) -> None:
    talk = site.open("GET", "/stream")
    await talk.receive_output(1)
    await talk.send_input({"type": "http.disconnect"})
    await talk.wait(1)
    assert site.engine.streams[0].is_closed
    assert site.host.numbers()["podyard_streams"] == 0


async def test_a_watch_ends_after_its_own_timeout_in_wall_time(site: Site) -> None:
    seen: list[str] = []
    handle = site.engine.handle

    def note(request: Request) -> Response:
        seen.append(request.query)
        return handle(request)

    site.engine.handle = note  # type: ignore[method-assign]
    talk = site.open("GET", "/stream", query="watch=true&timeoutSeconds=0.05&a=b")
    await talk.receive_output(1)
    await talk.wait(2)
    assert seen == ["watch=true&a=b"]
    assert site.engine.streams[0].is_closed


async def test_streams_of_a_cluster_are_limited() -> None:
    site = await make_site(limits=HostLimits(streams_per_cluster_max=1))
    first = site.open("GET", "/stream")
    await first.receive_output(1)
    status, headers, body = await site.ask("GET", "/stream")
    assert (status, json.loads(body)["reason"]) == (429, "TooManyRequests")
    assert headers["retry-after"] == "5"
    await first.send_input({"type": "http.disconnect"})
    await first.wait(1)
    second = site.open("GET", "/stream")
    assert (await second.receive_output(1))["status"] == 200
    await site.host.close_all()


async def test_requests_of_a_cluster_are_limited() -> None:
    site = await make_site(limits=HostLimits(requests_per_second_max=1, requests_burst_max=2))
    statuses = [(await site.ask("GET", "/x"))[0] for _ in range(3)]
    assert statuses == [200, 200, 429]
    await site.host.close_all()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/pods", 200),
        ("POST", "/api/v1/namespaces/a/pods", 403),
        ("DELETE", "/api/v1/namespaces/a/pods/b", 403),
        ("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", 200),
    ],
    ids=["reading", "creating", "deleting", "asking what one may"],
)
async def test_an_ended_session_can_only_be_read(
    site: Site, method: str, path: str, status: int
) -> None:
    site.door.grant = Grant("a", "", ADMIN, "it has ended")
    answered, _, body = await site.ask(method, path)
    assert answered == status
    assert (b"it has ended" in body) == (status == 403)


@pytest.mark.parametrize(
    ("headers", "text"),
    [({"upgrade": "SPDY/3.1"}, "not SPDY"), ({}, "Upgrade request required")],
    ids=["SPDY", "no upgrade"],
)
async def test_exec_over_plain_http_is_refused_clearly(
    site: Site, headers: dict[str, str], text: str
) -> None:
    path = "/api/v1/namespaces/default/pods/a/exec"
    status, _, body = await site.ask("POST", path, headers=headers)
    assert status == 400
    assert text in json.loads(body)["message"]


async def test_beside_a_site_answers_are_sandboxed_and_cookieless() -> None:
    site = await make_site(Manners(is_beside_a_site=True))
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(200, b"<script>", {"set-cookie": "a=b", "content-type": "text/html"})

    site.engine.answer = answer
    _, headers, _ = await site.ask("GET", "/x", headers={"cookie": "c=d"})
    assert "set-cookie" not in headers
    assert headers["content-security-policy"].startswith("sandbox;")
    assert "cookie" not in seen[0].headers
    await site.host.close_all()


async def test_head_has_no_body(site: Site) -> None:
    _, headers, body = await site.ask("HEAD", "/abc")
    assert (headers["content-length"], body) == ("4", b"")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "", None, 200),
        ("PUT", "", {"speed": 10}, 200),
        ("PUT", "", {"speed": "max", "paused": True}, 200),
        ("PUT", "", {"speed": -1}, 400),
        ("PUT", "", {"sped": 1}, 400),
        ("POST", "/advance", {"seconds": 60}, 200),
        ("POST", "/advance", {"seconds": "a"}, 400),
        ("POST", "/advance", {"seconds": 1e308}, 400),
        ("POST", "/step", None, 200),
        ("DELETE", "", None, 405),
        ("GET", "/nothing", None, 404),
    ],
)
async def test_the_clock_has_an_address(
    site: Site, method: str, path: str, body: Any, status: int
) -> None:
    raw = json.dumps(body).encode() if body is not None else b""
    answered, _, text = await site.ask(method, f"/podyard/v1/clock{path}", raw)
    parsed = json.loads(text)
    assert answered == status, parsed
    if status == 200:
        assert set(parsed) == {"now", "speed", "paused"}
    else:
        assert parsed["kind"] == "Status"


async def test_a_clock_that_cannot_go_so_far_stays_as_it_is(site: Site) -> None:
    wish = b'{"now": 99999999999999999, "paused": true}'
    assert (await site.ask("PUT", "/podyard/v1/clock", wish))[0] == 400
    assert not json.loads((await site.ask("GET", "/podyard/v1/clock"))[2])["paused"]


async def test_advancing_moves_the_clock_by_that_much(site: Site) -> None:
    await site.ask("PUT", "/podyard/v1/clock", b'{"paused": true}')
    before = json.loads((await site.ask("GET", "/podyard/v1/clock"))[2])
    after = json.loads(
        (await site.ask("POST", "/podyard/v1/clock/advance", b'{"seconds": 86400}'))[2]
    )
    assert after["now"] - before["now"] == 86_400_000
    assert after["paused"]


async def test_frames_of_any_channel_are_bytes(site: Site) -> None:
    talk = site.open("GET", "/stream")
    await talk.receive_output(1)
    await talk.receive_output(1)
    site.engine.streams[0].put(b"\xff\x00", STDOUT)
    assert (await talk.receive_output(1))["body"] == b"\xff\x00"
    site.engine.streams[0].finish()
    await talk.wait(1)
