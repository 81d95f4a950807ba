"""The teacher's actions: what each does, when, to whom, and that it is nobody else's."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import orjson
import pytest

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.accounts.rights import Right
from playground.audit.models import Entry
from playground.classrooms.actions import ACTIONS
from playground.classrooms.models import Deed
from playground.hosting.local import LocalHost
from tests.playground.classrooms.school import (
    OTHER_TEACHER,
    STRANGER,
    TEACHER,
    Person,
    School,
    frame,
    grant_teaching,
)

pytestmark = pytest.mark.django_db(transaction=True)
POD = """apiVersion: v1
kind: Pod
metadata:
  name: {name}
spec:
  containers:
  - name: a
    image: nginx
"""


async def pods(host: LocalHost, session: str) -> list[str]:
    path = "/api/v1/namespaces/default/pods"
    answer = await host.call(session, Request("GET", path, user=ADMIN))
    return [item["metadata"]["name"] for item in orjson.loads(answer.body)["items"]]


@pytest.fixture
async def started(school: School) -> School:
    await school.open()
    await school.done("start")
    return school


async def session_of(school: School, person: Person) -> str:
    return str((await school.seat(person))["url"].split("/")[2])


async def id_of(school: School, person: Person) -> str:
    return str((await school.seat(person))["student"]["id"])


@pytest.mark.parametrize("action", sorted(ACTIONS))
async def test_an_action_is_the_rooms_teachers_alone(started: School, action: str) -> None:
    ann = await started.join("Ann")
    await grant_teaching(OTHER_TEACHER)
    before = await Deed.objects.acount()
    for person in (ann, Person(OTHER_TEACHER), Person(STRANGER)):
        answer = await started.act(action, by=person, value="x")
        assert answer.status_code == 404, (action, person.visitor.id)
    assert await Deed.objects.acount() == before
    assert (await started.seat(ann))["state"] == "working"


async def test_classrooms_are_made_by_teachers_alone(school: School) -> None:
    ann = Person(STRANGER)
    assert (await ann.post("/api/v1/classrooms", {"title": "Mine"})).status_code == 403
    assert (await ann.get("/api/v1/classrooms")).status_code == 403
    assert (await ann.get("/teach/")).status_code == 403
    assert (await ann.get("/teach/new/")).status_code == 403
    await school.open()
    for what in ("", "/results.csv", "/replay.zip", "/qr.svg"):
        path = f"/api/v1/classrooms/{school.room['id']}{what}"
        assert (await ann.get(path)).status_code == 404
    assert (await ann.delete(f"/api/v1/classrooms/{school.room['id']}")).status_code == 404
    assert (await ann.get(f"/teach/{school.room['id']}/")).status_code == 404
    assert Right.TEACH.value == "teach"


async def test_a_message_reaches_everybody_and_those_who_come_later(started: School) -> None:
    ann = await started.join("Ann")
    strip = await started.strip(ann)
    await frame(strip, "seat")
    await started.done("message", value="Ten minutes left")
    assert (await frame(strip, "message"))["text"] == "Ten minutes left"
    bob = await started.join("Bob")
    said = (await frame(await started.strip(bob), "seat"))["messages"]
    assert [one["text"] for one in said] == ["Ten minutes left"]
    await started.done("message", value="Only you", students=[await id_of(started, ann)])
    seat = await frame(await started.strip(bob), "seat")
    assert [one["text"] for one in seat["messages"]] == ["Ten minutes left"]


async def test_a_manifest_goes_into_every_cluster_in_the_teachers_name(
    started: School, host: LocalHost
) -> None:
    people = [await started.join(name) for name in ("Ann", "Bob")]
    outcome = await started.done("manifest", value=POD.format(name="shared"))
    assert len(outcome["done"]) == 2
    for person in people:
        session = await session_of(started, person)
        assert await pods(host, session) == ["shared"]
        writes = await host.person_writes(session, 0)
        assert (writes[-1].caller.id, writes[-1].caller.source) == (TEACHER.id, "teacher")


async def test_a_manifest_that_is_wrong_is_told_per_student(started: School) -> None:
    await started.join("Ann")
    answer = (await started.act("manifest", value="kind: Nonsense\napiVersion: v1\n")).json()
    assert answer["done"] == []
    assert "line" in answer["failed"][0]["message"]


async def test_the_same_is_broken_everywhere_and_mended(started: School, host: LocalHost) -> None:
    ann, bob = await started.join("Ann"), await started.join("Bob")
    assert {"dns-down", "node-down"} <= {one["name"] for one in started.room["faults"]}
    await started.done("break", value="dns-down")
    faults = Request("GET", "/podyard/v1/faults", user=ADMIN)
    for person in (ann, bob):
        answer = await host.call(await session_of(started, person), faults)
        assert [one["fault"] for one in orjson.loads(answer.body)["faults"]] == ["dns-down"]
    await started.done("mend", students=[await id_of(started, ann)])
    left = []
    for person in (ann, bob):
        answer = await host.call(await session_of(started, person), faults)
        left.append(len(orjson.loads(answer.body)["faults"]))
    assert left == [0, 1]
    answer = await started.act("break", value="nonsense")
    assert "give one of" in answer.json()["failed"][0]["message"]


async def test_a_reset_brings_back_the_start_state_under_the_same_address(
    school: School, host: LocalHost
) -> None:
    await school.open(manifests=POD.format(name="given"))
    await school.done("start")
    ann = await school.join("Ann")
    session = await session_of(school, ann)
    await school.done("manifest", value=POD.format(name="extra"))
    assert await pods(host, session) == ["extra", "given"]
    await school.done("reset", students=[await id_of(school, ann)])
    assert await session_of(school, ann) == session
    assert await pods(host, session) == ["given"]
    assert not (await host.clock(session)).is_paused
    assert (await ann.get(f"/s/{session}/")).status_code == 200


async def test_more_time_for_one_keeps_the_room_open_for_it(started: School) -> None:
    ann, bob = await started.join("Ann"), await started.join("Bob")
    before = [(await started.seat(one))["ends_at"] for one in (ann, bob)]
    await started.done("extend", value="30", students=[await id_of(started, ann)])
    after = [(await started.seat(one))["ends_at"] for one in (ann, bob)]
    assert after[0] > before[0]
    assert after[1] == before[1]
    room = (await started.teacher.get(f"/api/v1/classrooms/{started.room['id']}")).json()
    assert room["ends_at"] >= after[0]
    await started.done("extend", value=15)
    assert (await started.seat(bob))["ends_at"] > after[1]


async def test_a_freeze_stops_clocks_and_takes_no_time_from_anybody(
    started: School, host: LocalHost
) -> None:
    ann = await started.join("Ann")
    session = await session_of(started, ann)
    await started.done("freeze")
    assert (await host.clock(session)).is_paused
    late = await started.join("Late")
    assert (await host.clock(await session_of(started, late))).is_paused
    page = await started.socket(f"/ws/sessions/{session}/", ann.visitor)
    await frame(page, "hello")
    await page.send_to(json.dumps({"type": "clock", "action": "resume"}))
    assert "not yours" in (await frame(page, "error"))["message"]
    assert (await host.clock(session)).is_paused
    await started.done("resume")
    assert not (await host.clock(session)).is_paused
    assert not (await host.clock(await session_of(started, late))).is_paused


async def test_looking_is_seen_and_helping_is_asked_for(started: School) -> None:
    ann = await started.join("Ann")
    session, student = await session_of(started, ann), await id_of(started, ann)
    seat_path = f"/api/v1/classrooms/{started.room['id']}/seat"
    assert (await started.teacher.get(f"/s/{session}/")).status_code == 404
    looked = await started.done("look", students=[student])
    assert looked["url"] == f"/s/{session}/"
    assert (await started.teacher.get(looked["url"])).status_code == 200
    assert (await started.seat(ann))["teacher"] == "look"
    manifests = f"/api/v1/sessions/{session}/manifests"
    apply = {"text": POD.format(name="help"), "action": "apply"}
    assert (await started.teacher.post(manifests, apply)).status_code == 403
    assert (await ann.post(seat_path, {"action": "let-in"})).status_code == 409
    await started.done("help", students=[student])
    assert (await started.teacher.post(manifests, apply)).status_code == 403
    assert (await ann.post(seat_path, {"action": "let-in"})).status_code == 200
    assert (await started.teacher.post(manifests, apply)).status_code == 200
    assert (await ann.post(seat_path, {"action": "send-out"})).status_code == 200
    assert (await started.teacher.post(manifests, apply)).status_code == 403
    await started.done("leave", students=[student])
    assert (await started.teacher.get(f"/s/{session}/")).status_code == 404
    assert (await started.seat(ann))["teacher"] == ""


async def test_a_student_is_renamed_or_sent_out(started: School) -> None:
    ann = await started.join("Rude Word")
    student, session = await id_of(started, ann), await session_of(started, ann)
    await started.done("rename", students=[student], value="Ann")
    assert (await started.seat(ann))["student"]["name"] == "Ann"
    await started.done("remove", students=[student])
    seat_path = f"/api/v1/classrooms/{started.room['id']}/seat"
    assert (await ann.get(seat_path)).status_code == 404
    assert (await ann.get(f"/s/{session}/")).status_code == 410
    assert not await Entry.objects.filter(data__contains="Rude").aexists()


async def test_a_hand_goes_up_and_is_lowered(started: School) -> None:
    ann = await started.join("Ann")
    path = f"/api/v1/classrooms/{started.room['id']}/seat"
    assert (await ann.post(path, {"action": "raise-hand"})).json()["hand"]
    await started.done("lower-hand", students=[await id_of(started, ann)])
    assert (await started.seat(ann))["hand"] is None


async def test_results_are_a_table_that_no_spreadsheet_takes_for_formulas(
    started: School,
) -> None:
    await started.join("=1+1")
    await started.done("end")
    answer = await started.teacher.get(f"/api/v1/classrooms/{started.room['id']}/results.csv")
    (row,) = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert row["student"] == "'=1+1"
    assert row["stage"] == "finished"
    assert float(row["minutes"]) >= 0


async def test_the_replay_holds_every_session_the_results_and_the_record(started: School) -> None:
    await started.join("Ann")
    await started.done("message", value="Well done")
    answer = await started.teacher.get(f"/api/v1/classrooms/{started.room['id']}/replay.zip")
    data = b"".join([piece async for piece in answer.streaming_content])
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.namelist() == ["results.csv", "record.json", "students/001-Ann.zip"]
    record = json.loads(archive.read("record.json"))
    assert [one["action"] for one in record["done"]] == ["start", "message"]
    assert record["said"][0]["text"] == "Well done"
    session = zipfile.ZipFile(io.BytesIO(archive.read("students/001-Ann.zip")))
    assert any("timeline" in name for name in session.namelist())


async def test_what_makes_no_sense_now_is_refused(school: School) -> None:
    await school.open()
    assert (await school.act("freeze")).status_code == 409
    assert (await school.act("resume")).status_code == 409
    assert (await school.act("dance")).status_code == 422
    assert (await school.act("message", value=" ")).status_code == 422
    assert (await school.act("start", students=["x"])).status_code == 422
    await school.done("start")
    assert (await school.act("look")).status_code == 422
    assert (await school.act("look", students=["nobody"])).status_code == 404
    assert (await school.act("extend", value="many")).status_code == 422
    assert (await school.act("extend", value=100_000)).status_code == 422


async def test_every_act_is_written_down_and_in_the_audit_log(started: School) -> None:
    await started.join("Ann")
    await started.done("break", value="dns-down")
    deed = await Deed.objects.alast()
    assert deed is not None
    assert (deed.action, deed.visitor, deed.value) == ("break", TEACHER.id, "dns-down")
    entry = await Entry.objects.alast()
    assert entry is not None
    assert (entry.action, entry.subject) == (
        "classroom.break",
        f"classroom {started.room['id']}",
    )


async def test_a_room_that_is_deleted_takes_its_clusters_with_it(
    started: School, host: LocalHost
) -> None:
    ann = await started.join("Ann")
    session = await session_of(started, ann)
    answer = await started.teacher.delete(f"/api/v1/classrooms/{started.room['id']}")
    assert answer.status_code == 204
    assert not host.has(session)


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        pytest.param({"title": ""}, "title", id="no title"),
        pytest.param({"seats": 0}, "seats", id="no seats"),
        pytest.param({"seats": 1000}, "seats", id="too many seats"),
        pytest.param({"minutes": "ten"}, "minutes", id="no number"),
        pytest.param({"template": "none-such"}, "template", id="an unknown template"),
        pytest.param({"lesson": "none-such"}, "lesson", id="an unknown lesson"),
        pytest.param({"faults": ["none-such"]}, "faults", id="an unknown fault"),
        pytest.param({"allowed": ["everything"]}, "allowed", id="an unknown act"),
        pytest.param({"starts_at": "soon"}, "starts_at", id="no time"),
        pytest.param({"starts_at": "2099-01-01T10:00Z"}, "starts_at", id="too far ahead"),
        pytest.param({"ends_at": "2020-01-01T10:00Z"}, "ends_at", id="over before it begins"),
        pytest.param({"colour": "red"}, "colour", id="an unknown field"),
    ],
)
async def test_wishes_are_checked(school: School, wishes: dict[str, Any], field: str) -> None:
    answer = await school.teacher.post("/api/v1/classrooms", {"title": "Rollouts", **wishes})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field


MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"


async def _apply(session: str, person: Person, name: str) -> str:
    body = {"text": MAP % name, "action": "apply"}
    answer = await person.post(f"/api/v1/sessions/{session}/manifests", body)
    return str(answer.json()["results"][0]["outcome"])


async def test_a_class_is_reviewed_by_its_teacher(started: School) -> None:
    ann = await started.join("Ann")
    await started.done("review", value=True)
    late = await started.join("Late")
    for person in (ann, late):
        session = await session_of(started, person)
        assert await _apply(session, person, "one") == "submitted"
        # The session is the student's, the review is not.
        path = f"/api/v1/sessions/{session}/review"
        switched = await person.client.put(path, '{"on":false}', content_type="application/json")
        assert switched.status_code == 403
        rows = (await started.teacher.get(f"/api/v1/reviews?session={session}")).json()
        [row] = rows["submissions"]
        assert "approve" in row["may"] and row["url"].startswith("http://testserver/review/")
    await started.done("manifest", value=MAP % "given")
    await started.done("reset", students=[await id_of(started, ann)])
    session = await session_of(started, ann)
    assert await _apply(session, ann, "two") == "submitted", "also after a reset"
    await started.done("review", value=False)
    assert await _apply(session, ann, "three") == "created"
