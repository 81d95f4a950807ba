"""From submission to decision, through the REST API."""

from __future__ import annotations

import pytest

from tests.playground.reviews.people import WEB, Room

pytestmark = pytest.mark.django_db(transaction=True)
_DEPLOYMENT = "/apis/apps/v1/namespaces/default/deployments/web"


async def test_what_a_student_applies_waits_and_an_approval_applies_it(room: Room) -> None:
    submission = await room.submit()
    assert await room.read(_DEPLOYMENT) is None
    [row] = await room.submissions(room.teacher)
    assert (row["state"], row["title"], row["source"]) == ("open", "apply Deployment web", "editor")
    assert row["submitter"]["name"] == room.student.visitor.name
    assert row["kinds"] == ["Deployment"] and row["findings"]
    detail = await room.teacher.get(f"reviews/{submission}")
    assert detail["latest"]["text"] == WEB
    assert detail["latest"]["findings"][0]["line"] > 0
    decided = await room.decide(room.teacher, submission, "approve", message="fine")
    assert decided["state"] == "applied"
    assert decided["result"][0]["outcome"] == "created"
    live = await room.read(_DEPLOYMENT)
    assert live is not None and live["spec"]["replicas"] == 2
    assert decided["decisions"][0]["by"]["name"] == room.teacher.visitor.name
    assert decided["may"] == ["comment"]
