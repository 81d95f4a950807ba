"""What students may do is asked on the server, wherever the act happens."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cluster_engine.apimachinery.errors import ApiError
from playground.lab_sessions.door import SessionDoor
from tests.playground.classrooms.school import Person, School, frame

pytestmark = pytest.mark.django_db(transaction=True)
ALL = ["console", "clock", "extend", "share", "fork", "export", "faults", "lesson"]


async def seated(school: School, allowed: list[str]) -> tuple[Person, str, str]:
    """A student, the session, and the path of its cluster."""
    await school.open(allowed=allowed)
    await school.done("start")
    ann = await school.join("Ann")
    session = (await school.seat(ann))["url"].split("/")[2]
    body = (await ann.get(f"/api/v1/sessions/{session}")).json()
    return ann, session, body["server"].removeprefix("http://testserver")


async def tries(person: Person, session: str) -> dict[str, int]:
    """What the REST API says to each act."""
    base = f"/api/v1/sessions/{session}"
    answers = {
        "console": await person.post(f"{base}/terminals", {"kind": "console"}),
        "extend": await person.post(f"{base}/extend", {}),
        "share": await person.post(f"{base}/shares", {"role": "viewer"}),
        "export": await person.get(f"{base}/export?form=yaml"),
        "fork": await person.post(f"{base}/fork", {}),
        "end": await person.delete(base),
    }
    return {act: answer.status_code for act, answer in answers.items()}


async def at_the_door(path: str, method: str) -> int:
    scope: dict[str, Any] = {"type": "http", "path": path, "method": method, "headers": []}
    try:
        await SessionDoor().admit(scope)
    except ApiError as error:
        return error.code
    return 200


async def test_what_is_not_allowed_is_refused_everywhere(school: School) -> None:
    ann, session, server = await seated(school, [])
    refused = await tries(ann, session)
    assert refused == dict.fromkeys(refused, 403)
    for path in ("console", "clock", "clock/advance", "faults", "/console", "console/files/x"):
        assert await at_the_door(f"{server}/podyard/v1/{path}", "POST") == 403, path
    assert await at_the_door(f"{server}/podyard/v1/clock", "GET") == 200
    assert await at_the_door(f"{server}/api/v1/namespaces/default/pods", "POST") == 200
    page = await school.socket(f"/ws/sessions/{session}/", ann.visitor)
    await frame(page, "hello")
    await page.send_to(json.dumps({"type": "clock", "action": "speed", "value": 10}))
    assert "not yours" in (await frame(page, "error"))["message"]


async def test_what_is_allowed_works_and_a_clusters_end_is_the_teachers(school: School) -> None:
    ann, session, server = await seated(school, ALL)
    answers = await tries(ann, session)
    assert answers.pop("end") == 403
    assert answers.pop("extend") == 403, "classrooms have no extensions of their own"
    assert set(answers.values()) <= {200, 201}
    for path in ("console", "clock", "faults"):
        assert await at_the_door(f"{server}/podyard/v1/{path}", "POST") == 200


async def test_the_page_is_told_what_is_switched_off(school: School) -> None:
    ann, session, _ = await seated(school, ["console"])
    page = (await ann.get(f"/s/{session}/")).content.decode()
    _, _, rest = page.partition('id="session-data" type="application/json">')
    data = json.loads(rest.partition("<")[0])
    assert data["denied"] == [
        "clock",
        "end",
        "export",
        "extend",
        "faults",
        "fork",
        "lesson",
        "share",
    ]
    assert data["classroom"]["ws"] == f"/ws/classrooms/{school.room['id']}/seat/"


async def test_elsewhere_nothing_is_switched_off(school: School) -> None:
    ann = Person(school.teacher.visitor)
    answer = await ann.post("/api/v1/sessions", {})
    session = answer.json()["id"]
    page = (await ann.get(f"/s/{session}/")).content.decode()
    assert '"denied": []' in page
    assert "/ws/classrooms/" not in page


@pytest.mark.parametrize(
    ("allowed", "status"),
    [
        pytest.param(["lesson", "faults"], 200, id="lessons and faults allowed"),
        pytest.param(["lesson"], 403, id="another lesson brings its own faults"),
        pytest.param(["faults"], 403, id="no lessons"),
    ],
)
async def test_a_lesson_of_ones_own(school: School, allowed: list[str], status: int) -> None:
    ann, session, _ = await seated(school, allowed)
    asked = {"action": "start", "lesson": "pods-first"}
    assert (await ann.post(f"/api/v1/sessions/{session}/lesson", asked)).status_code == status
