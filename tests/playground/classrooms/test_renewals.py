"""Whoever gives a seat another cluster: it begins as the room says, and review stays on."""

from __future__ import annotations

import orjson
import pytest

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.hosting.local import LocalHost
from tests.playground.classrooms.school import Person, School

pytestmark = pytest.mark.django_db(transaction=True)
GIVEN = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: given\n"


async def names(host: LocalHost, session: str) -> list[str]:
    path = "/api/v1/namespaces/default/configmaps"
    answer = await host.call(session, Request("GET", path, user=ADMIN))
    found = [item["metadata"]["name"] for item in orjson.loads(answer.body)["items"]]
    return [name for name in found if name != "kube-root-ca.crt"]


async def review(host: LocalHost, session: str) -> bool:
    answer = await host.call(session, Request("GET", "/podyard/v1/review", user=ADMIN))
    return bool(orjson.loads(answer.body)["on"])


async def seated(school: School, **wishes: object) -> tuple[Person, str]:
    await school.open(**wishes)
    await school.done("start")
    ann = await school.join("Ann")
    return ann, (await school.seat(ann))["url"].split("/")[2]


async def test_a_student_who_starts_the_lesson_over_gets_the_rooms_start_too(
    school: School, host: LocalHost
) -> None:
    ann, session = await seated(school, lesson="pods-first", manifests=GIVEN)
    assert await names(host, session) == ["given"]
    path = f"/api/v1/sessions/{session}/lesson"
    assert (await ann.post(path, {"action": "restart"})).status_code == 200
    assert await names(host, session) == ["given"]


async def test_review_stays_on_whoever_renews_the_cluster(school: School, host: LocalHost) -> None:
    ann, session = await seated(school, lesson="pods-first", review=True)
    assert await review(host, session)
    path = f"/api/v1/sessions/{session}/lesson"
    for action in ("restart", "restart-step"):
        assert (await ann.post(path, {"action": action})).status_code == 403
    await school.done("reset")
    assert await review(host, session)


async def test_a_reset_breaks_again_what_was_broken_from_the_start(
    school: School, host: LocalHost
) -> None:
    _, session = await seated(school, faults=["dns-down"])
    faults = Request("GET", "/podyard/v1/faults", user=ADMIN)
    before = orjson.loads((await host.call(session, faults)).body)["faults"]
    await school.done("mend")
    await school.done("reset")
    after = orjson.loads((await host.call(session, faults)).body)["faults"]
    assert [one["fault"] for one in before] == ["dns-down"]
    assert [one["fault"] for one in after] == ["dns-down"]
