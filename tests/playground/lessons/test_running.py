"""A lesson in a session: begun, passed step by step, asked for over REST, told over the socket,
started over, and there again after the server was started anew."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.apps import apps
from django.test import AsyncClient

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.accounts.visitors import COOKIE
from playground.hosting.local import LocalHost
from playground.lab_sessions.models import Session
from playground.lab_sessions.services import session_end, session_reset
from playground.lessons.format.library import Library
from playground.lessons.models import Checkpoint, LessonRun
from playground.lessons.progress import Progress
from playground.lessons.selectors import progress_listeners, progress_of, tracker
from playground.lessons.services import lesson_renewed, lesson_start, lessons_resume
from playground.lessons.templates import LessonTemplates
from playground.lessons.tracking import Tracker
from playground.serving.application import make_application
from tests.playground.lessons.folders import HEAD, TEXT, write

pytestmark = pytest.mark.django_db(transaction=True)

START = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: zero}\n"


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Path]:
    """The site offers one small lesson."""
    config = apps.get_app_config("lessons")
    sources = apps.get_app_config("lab_sessions").templates._sources
    before, held = config.library, list(sources)
    write(tmp_path, start=START)
    config.library = Library(tmp_path)
    sources[:] = [*held[:1], LessonTemplates(config.library)]
    yield tmp_path
    config.library = before
    sources[:] = held


class Pupil:
    """A browser in a session with the small lesson, its clock stopped."""

    def __init__(self, host: LocalHost) -> None:
        self.host = host
        self.client = AsyncClient()
        self.id = ""

    async def begin(self) -> Pupil:
        body = {"template": "lesson:small", "speed": 0}
        started = await self.client.post(
            "/api/v1/sessions", json.dumps(body), content_type="application/json"
        )
        assert started.status_code == 201, started.content
        self.id = started.json()["id"]
        return self

    async def state(self) -> dict[str, Any]:
        return (await self.client.get(f"/api/v1/sessions/{self.id}/lesson")).json()

    async def act(self, status: int = 200, **body: Any) -> dict[str, Any]:
        response = await self.client.post(
            f"/api/v1/sessions/{self.id}/lesson",
            json.dumps(body),
            content_type="application/json",
        )
        assert response.status_code == status, response.content
        return response.json()

    async def call(self, method: str, name: str, text: str = "") -> int:
        """Make, change or delete a config map, as kubectl would."""
        path = "/api/v1/namespaces/default/configmaps"
        body = {"metadata": {"name": name}, "data": {"text": text}}
        if method != "POST":
            path += f"/{name}"
        request = Request(
            method,
            path,
            headers={"content-type": "application/json"},
            body=json.dumps(body).encode(),
            user=ADMIN,
        )
        return (await self.host.call(self.id, request)).status

    async def until(self, current: str) -> dict[str, Any]:
        """Wait until the lesson is at a step, by itself."""
        for _ in range(100):
            progress = (await self.state())["progress"]
            if progress["current"] == current:
                return progress
            await asyncio.sleep(0.05)
        raise AssertionError(f"never at {current!r}: {progress}")

    async def to_second(self) -> None:
        await self.act(action="read", step="first")

    async def to_fourth(self) -> None:
        await self.to_second()
        await self.call("POST", "one")
        await self.until("third")
        await self.act(action="answer", step="third", choice=1)


@pytest.fixture
async def pupil(host: LocalHost, library: Path) -> Pupil:
    return await Pupil(host).begin()


async def test_a_session_from_the_template_has_the_lesson(pupil: Pupil) -> None:
    state = await pupil.state()
    assert state["lesson"]["title"] == "A small lesson"
    assert state["lesson"]["files"] == {"one.yaml": TEXT.split("one.yaml\n")[1].split("```")[0]}
    assert "right" not in json.dumps(state["lesson"])
    assert (state["progress"]["current"], state["progress"]["total"]) == ("first", 5)
    session = await Session.objects.aget(id=pupil.id)
    assert (session.kind, session.nodes, session.template) == ("lesson", 1, "lesson:small")
    assert await pupil.call("GET", "zero") == 200


async def test_it_begins_with_what_is_broken(pupil: Pupil) -> None:
    for _ in range(2):
        request = Request("GET", "/podyard/v1/faults", user=ADMIN)
        answer = await pupil.host.call(pupil.id, request)
        found = json.loads(answer.body)["faults"]
        assert [(one["fault"], one["target"]) for one in found] == [("kubelet-down", "node-1")]
        await pupil.act(action="restart")


async def test_all_the_way(pupil: Pupil) -> None:
    await pupil.act(409, action="answer", step="first", choice=0)
    await pupil.to_second()
    await pupil.call("POST", "other")
    for _ in range(100):
        checks = (await pupil.state())["progress"]["checks"]
        if checks:
            break
        await asyncio.sleep(0.05)
    assert checks == [
        {
            "says": "there is a config map called one",
            "holds": False,
            "missing": "there is no configMap one in namespace default",
        }
    ]
    await pupil.call("POST", "one")
    await pupil.until("third")
    wrong = await pupil.act(action="answer", step="third", choice=0)
    assert wrong["progress"]["current"] == "third"
    assert wrong["progress"]["steps"][2]["answer"] == {
        "choice": 0,
        "right": False,
        "because": "It is not.",
    }
    right = await pupil.act(action="answer", step="third", choice=1)
    assert right["progress"]["current"] == "fourth"
    await pupil.call("PUT", "one", "hello")
    await pupil.until("fifth")
    await pupil.call("POST", "two")
    done = await pupil.until("")
    assert done["finished_at"] is not None
    assert [step["passed_at"] is not None for step in done["steps"]] == [True] * 5
    assert done["steps"][2]["attempts"] == 2


async def test_what_is_to_be_kept_must_still_hold(pupil: Pupil) -> None:
    await pupil.to_fourth()
    await pupil.call("PUT", "one", "hello")
    await pupil.until("fifth")
    await pupil.call("PUT", "one", "other")
    await pupil.call("POST", "two")
    for _ in range(100):
        progress = (await pupil.state())["progress"]
        if len(progress["checks"]) == 2 and progress["checks"][0]["holds"]:
            break
        await asyncio.sleep(0.05)
    assert [check["holds"] for check in progress["checks"]] == [True, False]
    assert progress["checks"][1]["missing"] == "it holds other"
    assert progress["current"] == "fifth"
    await pupil.call("PUT", "one", "hello")
    await pupil.until("")


async def test_hints_come_one_by_one_and_are_remembered(pupil: Pupil) -> None:
    await pupil.act(409, action="hint", step="second")
    await pupil.to_second()
    assert (await pupil.state())["progress"]["steps"][1]["hints"] == []
    for shown in (["Do it."], ["Do it.", "Really."], ["Do it.", "Really."]):
        state = await pupil.act(action="hint", step="second")
        assert state["progress"]["steps"][1]["hints"] == shown
    found = await progress_of(pupil.id)
    assert found is not None
    assert (found.hints, found.step_title, found.done) == (2, "Second", 1)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "action"),
        ({"action": "jump"}, 422, "action"),
        ({"action": "read"}, 422, "step"),
        ({"action": "answer", "step": "third"}, 422, "choice"),
        ({"action": "answer", "step": "third", "choice": True}, 422, "choice"),
        ({"action": "start", "lesson": "small"}, 400, None),
        ({"action": "start", "lesson": "none"}, 404, None),
        ({"action": "read", "step": "second"}, 409, None),
    ],
    ids=[
        "nothing",
        "an unknown act",
        "a text of no step",
        "an answer without a choice",
        "a choice that is no number",
        "a second lesson",
        "an unknown lesson",
        "a step that is not reached",
    ],
)
async def test_senseless_acts(
    pupil: Pupil, body: dict[str, Any], status: int, field: str | None
) -> None:
    error = (await pupil.act(status, **body))["error"]
    assert error.get("field") == field


async def test_a_choice_that_is_not_there(pupil: Pupil) -> None:
    await pupil.to_second()
    await pupil.call("POST", "one")
    await pupil.until("third")
    error = (await pupil.act(422, action="answer", step="third", choice=7))["error"]
    assert error["message"] == "choice is 7: give 0 to 1"


async def test_those_who_look_on_do_nothing(pupil: Pupil) -> None:
    shared = await pupil.client.post(
        f"/api/v1/sessions/{pupil.id}/shares",
        json.dumps({"role": "viewer"}),
        content_type="application/json",
    )
    viewer = Pupil(pupil.host)
    viewer.id = pupil.id
    link = shared.json()["url"].removeprefix("http://testserver")
    await viewer.client.post(link)
    assert (await viewer.state())["lesson"]["slug"] == "small"
    await viewer.act(403, action="read", step="first")
    stranger = Pupil(pupil.host)
    stranger.id = pupil.id
    assert (await stranger.client.get(f"/api/v1/sessions/{pupil.id}/lesson")).status_code == 404


async def test_a_session_without_a_lesson(host: LocalHost, library: Path) -> None:
    pupil = Pupil(host)
    started = await pupil.client.post("/api/v1/sessions", "{}", content_type="application/json")
    pupil.id = started.json()["id"]
    assert await pupil.state() == {"lesson": None, "progress": None}
    assert await progress_of(pupil.id) is None
    for action in ("restart", "restart-step"):
        assert (await pupil.act(404, action=action))["error"]["code"] == "no-lesson"
    state = await pupil.act(action="start", lesson="small")
    assert state["progress"]["current"] == "first"


async def test_of_those_who_begin_at_once_one_does(host: LocalHost, library: Path) -> None:
    pupil = Pupil(host)
    started = await pupil.client.post("/api/v1/sessions", "{}", content_type="application/json")
    path = f"/api/v1/sessions/{started.json()['id']}/lesson"
    asked = json.dumps({"action": "start", "lesson": "small"})
    answers = await asyncio.gather(
        *(pupil.client.post(path, asked, content_type="application/json") for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400]


async def test_the_socket_tells(pupil: Pupil) -> None:
    cookie = pupil.client.cookies[COOKIE].value
    headers = [
        (b"host", b"testserver"),
        (b"origin", b"http://testserver"),
        (b"cookie", f"{COOKIE}={cookie}".encode()),
    ]
    socket = WebsocketCommunicator(make_application(), f"/ws/sessions/{pupil.id}/", headers=headers)
    await socket.connect(2)
    while json.loads(await socket.receive_from(2))["type"] != "scene":
        pass
    await pupil.to_second()
    await pupil.call("POST", "one")
    told = []
    while "third" not in told:
        frame = json.loads(await socket.receive_from(3))
        if frame["type"] == "lesson":
            told.append(frame["current"])
    assert told == ["second", "third"]
    await socket.disconnect()


async def test_listeners_are_told(pupil: Pupil) -> None:
    told: list[tuple[str, int, str]] = []

    async def listen(session_id: str, progress: Progress) -> None:
        told.append((session_id, progress.done, progress.step_title))

    progress_listeners().append(listen)
    await pupil.to_second()
    await pupil.call("POST", "one")
    await pupil.until("third")
    assert told[0] == (pupil.id, 1, "Second")
    assert told[-1] == (pupil.id, 2, "Third")


async def test_the_lesson_is_started_over(pupil: Pupil) -> None:
    await pupil.to_fourth()
    await pupil.call("DELETE", "zero")
    state = await pupil.act(action="restart")
    assert state["progress"]["current"] == "first"
    assert [step["passed_at"] for step in state["progress"]["steps"]] == [None] * 5
    assert await pupil.call("GET", "zero") == 200
    assert await pupil.call("GET", "one") == 404
    assert (await pupil.host.clock(pupil.id)).is_paused
    assert (await LessonRun.objects.aget(session=pupil.id)).restarts == 1
    await pupil.to_second()
    await pupil.until("second")


async def test_a_step_is_started_over(pupil: Pupil) -> None:
    await pupil.to_second()
    await pupil.act(action="hint", step="second")
    await pupil.call("DELETE", "zero")
    await pupil.call("POST", "wrong")
    state = await pupil.act(action="restart-step")
    assert state["progress"]["current"] == "second"
    assert state["progress"]["steps"][1]["hints"] == []
    assert await pupil.call("GET", "zero") == 200
    assert await pupil.call("GET", "wrong") == 404
    await pupil.call("POST", "one")
    await pupil.until("third")


async def test_a_step_without_a_checkpoint_cannot(pupil: Pupil) -> None:
    await pupil.to_second()
    await Checkpoint.objects.all().adelete()
    error = (await pupil.act(400, action="restart-step"))["error"]
    assert error["message"] == "this step cannot be started over; start the lesson over"


async def test_a_new_cluster_begins_the_lesson_anew(pupil: Pupil) -> None:
    await pupil.to_fourth()
    session = await Session.objects.aget(id=pupil.id)
    await session_reset(session=session)
    await lesson_renewed(session)
    assert (await pupil.state())["progress"]["current"] == "first"
    assert await pupil.call("GET", "zero") == 200


async def test_after_a_start_of_the_server_it_goes_on(pupil: Pupil) -> None:
    await pupil.to_second()
    await tracker().stop()
    apps.get_app_config("lessons").tracker = Tracker()
    await pupil.call("POST", "one")
    assert (await pupil.state())["progress"]["current"] == "second"
    await lessons_resume()
    await pupil.until("third")


async def test_an_edited_lesson_goes_on_with_the_first_step_left(
    pupil: Pupil, library: Path
) -> None:
    await pupil.to_second()
    await tracker().stop()
    config = apps.get_app_config("lessons")
    config.tracker = Tracker()
    head = HEAD.replace("id: second", "id: renamed")
    text = TEXT.replace("{#second}", "{#renamed}")
    write(library / "new", head=head, text=text)
    config.library = Library(library / "new")
    config.library._lessons = None
    (library / "new" / "small" / "solution" / "way.sh").write_text(
        "# step: renamed\nx\n# step: fourth\ny\n# step: fifth\nz\n"
    )
    assert (await pupil.state())["progress"]["current"] == "renamed"


async def test_who_ends_a_session_ends_its_lesson(pupil: Pupil) -> None:
    assert pupil.id in tracker().runs
    await session_end(session=await Session.objects.aget(id=pupil.id))
    assert pupil.id not in tracker().runs


async def test_a_busy_cluster_is_looked_at_twice_a_second(pupil: Pupil) -> None:
    await pupil.to_second()
    await asyncio.sleep(0.7)
    before = tracker().looks_total
    for number in range(60):
        await pupil.call("POST", f"busy-{number}")
        await asyncio.sleep(0.02)
    assert 1 <= tracker().looks_total - before <= 4


async def test_an_idle_cluster_is_not_looked_at(pupil: Pupil) -> None:
    await pupil.to_second()
    await asyncio.sleep(0.7)
    before = tracker().looks_total
    await pupil.call("GET", "zero")
    await asyncio.sleep(0.7)
    assert tracker().looks_total == before


async def test_the_pages(host: LocalHost, library: Path) -> None:
    client = AsyncClient()
    listed = await client.get("/lessons/")
    assert "A small lesson" in listed.content.decode()
    one = await client.get("/lessons/small/")
    assert "Start the lesson" in one.content.decode()
    assert (await client.get("/lessons/none/")).status_code == 404
    assert (await client.post("/lessons/none/start")).status_code == 404
    assert (await client.get("/lessons/small/start")).status_code == 302
    lessons = (await client.get("/api/v1/lessons")).json()["lessons"]
    assert [row["template"] for row in lessons] == ["lesson:small"]
    assert (await client.get("/api/v1/lessons/small")).json()["steps"][1]["hints"] == 2
    started = await client.post("/lessons/small/start")
    assert started.status_code == 302
    session_id = started.headers["location"].rstrip("/").rpartition("/")[2]
    session = await Session.objects.aget(id=session_id)
    assert (session.name, session.kind) == ("small", "lesson")
    with pytest.raises(Exception, match="already"):
        await lesson_start(session, "small")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"action": "start", "lesson": "small"}, id="begin"),
        pytest.param({"action": "restart"}, id="the whole lesson again"),
        pytest.param({"action": "restart-step"}, id="the step again"),
    ],
)
async def test_nobody_puts_a_cluster_back_past_a_review(pupil: Pupil, body: dict[str, Any]) -> None:
    on = await pupil.client.put(
        f"/api/v1/sessions/{pupil.id}/review", json.dumps({"on": True}), "application/json"
    )
    assert on.status_code == 200, on.content
    assert (await pupil.act(403, **body))["error"]["code"] == "forbidden"
    await pupil.act(action="read", step="first")
