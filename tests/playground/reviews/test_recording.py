"""The record: nothing is lost, nothing comes twice, and it stays within its bounds."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.apps import apps

from cluster_engine.apiserver.requests import ADMIN, Caller, Request
from playground.hosting.host import ClusterPlan
from playground.lab_sessions.models import Session
from playground.reviews import intake
from playground.reviews import recorder as recording
from playground.reviews.models import Desk, Item, Submission, Version, Write
from playground.reviews.recorder import WriteRecorder
from playground.reviews.services import submissions_recover
from tests.playground.reviews.people import WEB, Room, recorder

pytestmark = pytest.mark.django_db(transaction=True)
_MAPS = "/api/v1/namespaces/default/configmaps"


def _map(name: str, value: str = "1") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name},
        "data": {"a": value},
    }


async def _off(room: Room) -> None:
    await room.teacher.send("PUT", f"sessions/{room.id}/review", {"on": False})


async def _write(room: Room, count: int) -> None:
    for number in range(count):
        await room.kubectl(room.student, "POST", _MAPS, _map(f"m{number}"))


async def _sequences() -> list[int]:
    return [one.sequence async for one in Write.objects.order_by("sequence")]


def _after_a_crash() -> WriteRecorder:
    """A new process knows nothing of what the old one has read."""
    made = WriteRecorder()
    apps.get_app_config("reviews").recorder = made
    return made


async def test_what_was_not_stored_before_a_crash_is_stored_after_it(room: Room) -> None:
    await _off(room)
    await _write(room, 2)
    await recorder().drain(room.id)
    await room.kubectl(room.student, "POST", _MAPS, _map("late"))
    await _after_a_crash().drain(room.id)
    assert await _sequences() == [1, 2, 3]


async def test_nothing_comes_twice(room: Room) -> None:
    await _off(room)
    await _write(room, 3)
    recorders = [WriteRecorder() for _ in range(3)]
    await asyncio.gather(*(one.drain(room.id) for one in recorders))
    assert await _sequences() == [1, 2, 3]
    submission_rows = await Submission.objects.acount()
    await _after_a_crash().drain(room.id)
    assert await _sequences() == [1, 2, 3] and submission_rows == 0


async def test_it_records_by_itself(room: Room) -> None:
    await _off(room)
    recorder().start()
    await _write(room, 2)
    async with asyncio.timeout(5):
        while await _sequences() != [1, 2]:
            await asyncio.sleep(0.01)
    await _write(room, 1)
    await recorder().stop()
    assert await _sequences() == [1, 2, 3], "what is left is stored when the site stops"


async def test_a_fault_of_the_database_loses_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _off(room)
    real, calls = recording.writes_take, []

    def faulty(batches: Any) -> int:
        calls.append(batches)
        if len(calls) == 1:
            raise RuntimeError("the disk is full")
        return real(batches)

    monkeypatch.setattr(recording, "writes_take", faulty)
    await _write(room, 2)
    with pytest.raises(RuntimeError):
        await recorder().drain(room.id)
    await recorder().drain(room.id)
    assert await _sequences() == [1, 2]


async def test_one_sessions_fault_is_not_anothers(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _off(room)
    other = await room.teacher.send("POST", "sessions", {"nodes": 0}, 201)
    await _write(room, 1)
    caller = Caller(room.teacher.visitor.id, "T", "api")
    request = Request(
        "POST",
        _MAPS,
        "",
        {"content-type": "application/json"},
        b'{"metadata":{"name":"x"}}',
        ADMIN,
        "",
        caller,
    )
    await room.host.call(other["id"], request)
    real = intake._row

    def faulty(session_id: str, *rest: Any) -> Write:
        if session_id == room.id:
            raise RuntimeError("a bug")
        return real(session_id, *rest)

    monkeypatch.setattr(intake, "_row", faulty)
    await recorder()._take([room.id, other["id"]])
    assert [one.session_id async for one in Write.objects.all()] == [other["id"]]


async def test_a_cluster_without_a_session_is_left_alone(room: Room) -> None:
    await room.host.create("stray", ClusterPlan(nodes=0))
    caller = Caller("k", "Kim", "api")
    body = b'{"metadata":{"name":"x"}}'
    headers = {"content-type": "application/json"}
    await room.host.call("stray", Request("POST", _MAPS, "", headers, body, ADMIN, "", caller))
    await recorder().drain("stray")
    assert await _sequences() == []


async def test_the_record_keeps_the_newest(room: Room, settings: Any) -> None:
    settings.PODYARD_WRITES_KEPT_MAX = 10
    settings.PODYARD_WRITE_TEXT_BYTES_MAX = 60
    await _off(room)
    await _write(room, 49)
    await recorder().drain(room.id)
    await _write(room, 11)
    await recorder().drain(room.id)
    assert await _sequences() == list(range(51, 61)), "looked at now and then"
    text = (await Write.objects.afirst()).text  # type: ignore[union-attr]
    assert text.endswith("more characters\n") and len(text) < 120


async def test_a_submission_too_large_cannot_be_approved(room: Room, settings: Any) -> None:
    settings.PODYARD_SUBMISSION_BYTES_MAX = 300
    for number in range(4):
        await room.kubectl(room.student, "POST", _MAPS, _map(f"m{number}"), call="c")
    [row] = await room.submissions(room.teacher)
    detail = await room.teacher.get(f"reviews/{row['id']}")
    assert detail["latest"]["is_cut"] and detail["documents"] < 4
    await room.decide(room.teacher, row["id"], "approve", 409)
    assert (await room.decide(room.teacher, row["id"], "reject"))["state"] == "rejected"


async def test_what_is_over_makes_room_for_what_waits(room: Room, settings: Any) -> None:
    settings.PODYARD_SUBMISSIONS_PER_SESSION_MAX = 2
    for number in range(2):
        await room.kubectl(room.student, "POST", _MAPS, _map(f"m{number}"))
    first, second = [row["id"] for row in await room.submissions(room.teacher)]
    await room.kubectl(room.student, "POST", _MAPS, _map("m3"))
    assert len(await room.submissions(room.teacher)) == 2, "nothing that waits is dropped"
    await room.decide(room.teacher, second, "reject")
    await room.kubectl(room.student, "POST", _MAPS, _map("m4"))
    rows = [row["id"] for row in await room.submissions(room.teacher)]
    assert first in rows and second not in rows and len(rows) == 2


async def test_after_so_many_versions_it_is_a_new_submission(room: Room, settings: Any) -> None:
    settings.PODYARD_SUBMISSION_VERSIONS_MAX = 2
    ids = []
    for number in range(3):
        await room.kubectl(room.student, "POST", _MAPS, _map("one", str(number)))
        ids.append((await room.submissions(room.teacher))[0]["id"])
    assert ids[0] == ids[1] != ids[2]
    body = {"text": "x"}
    await room.student.send("POST", f"reviews/{ids[0]}/versions", body, 409)


async def test_an_approval_that_a_crash_interrupted_says_so(room: Room) -> None:
    submission = await room.submit()
    await Submission.objects.all().aupdate(state="approved")
    assert await submissions_recover() == 1
    detail = await room.teacher.get(f"reviews/{submission}")
    assert detail["state"] == "failed"
    assert "server stopped" in detail["result"][0]["message"]
    assert (await room.decide(room.teacher, submission, "approve"))["state"] == "applied"


async def test_everything_goes_with_its_session(room: Room) -> None:
    await room.submit()
    await Session.objects.filter(id=room.id).adelete()
    for model in (Desk, Submission, Version, Item, Write):
        assert not await model.objects.aexists()


async def test_what_waits_is_sealed_in_the_database(room: Room) -> None:
    await room.submit(WEB.replace("sleep", "very-secret-word"))
    item = await Item.objects.aget()
    assert "very-secret-word" not in item.sealed and "very-secret-word" in item.text


async def test_what_postgresql_takes_in_no_text_is_recorded_all_the_same(room: Room) -> None:
    await room.kubectl(room.student, "POST", _MAPS, _map("a\0b"))
    await room.kubectl(room.student, "DELETE", f"{_MAPS}/x\0y", command="a\0")
    await recorder().drain(room.id)
    rows = [one async for one in Write.objects.values()]
    assert [row["name"] for row in rows][-2:] == ["a\ufffdb", "x\ufffdy"]
    assert "\0" not in "".join(str(value) for row in rows for value in row.values())
