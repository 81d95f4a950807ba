"""From submission to decision, through the REST API."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.audit.chain import Link
from playground.audit.selectors import all_links, verify_now
from playground.lab_sessions.roles import Role
from tests.playground.reviews.people import WEB, Asker, Room, person, reviewer

pytestmark = pytest.mark.django_db(transaction=True)
_DEPLOYMENT = "/apis/apps/v1/namespaces/default/deployments/web"
_MAPS = "/api/v1/namespaces/default/configmaps"
_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\ndata:\n  a: '1'\n"


def _map(name: str, value: str = "1") -> dict[str, object]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name},
        "data": {"a": value},
    }


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
    assert "+  name: web" in decided["result"][0]["diff"]
    live = await room.read(_DEPLOYMENT)
    assert live is not None and live["spec"]["replicas"] == 2
    assert decided["decisions"][0]["by"]["name"] == room.teacher.visitor.name
    assert decided["may"] == ["comment"]


async def test_changes_are_asked_for_made_and_approved(room: Room) -> None:
    submission = await room.submit()
    asked = await room.decide(room.teacher, submission, "request-changes", message="three, please")
    assert asked["state"] == "changes-requested" and "request-changes" not in asked["may"]
    mine = await room.student.get(f"reviews/{submission}")
    assert set(mine["may"]) == {"comment", "resubmit", "withdraw"}
    text = WEB.replace("replicas: 2", "replicas: 3")
    body = {"text": text, "message": "three it is"}
    again = await room.student.send("POST", f"reviews/{submission}/versions", body, 201)
    assert (again["state"], again["version"]) == ("open", 2)
    assert again["versions"][1]["message"] == "three it is"
    changes = await room.teacher.get(f"reviews/{submission}/changes?from=1&to=2")
    assert "-  replicas: 2\n+  replicas: 3" in changes["diff"]
    # A version that has not been seen cannot be decided about.
    refused = await room.decide(room.teacher, submission, "approve", 409, version=1)
    assert "version 2" in refused["error"]["message"]
    assert (await room.decide(room.teacher, submission, "approve", version=2))["state"] == "applied"
    live = await room.read(_DEPLOYMENT)
    assert live is not None and live["spec"]["replicas"] == 3


async def test_applying_the_same_objects_again_is_the_next_version(room: Room) -> None:
    submission = await room.submit()
    assert await room.submit(WEB.replace("replicas: 2", "replicas: 5")) == submission
    other = await room.submit(_MAP)
    assert other != submission
    detail = await room.teacher.get(f"reviews/{submission}")
    assert detail["version"] == 2 and "replicas: 5" in detail["latest"]["text"]
    # The address that kubectl or the page was told leads there too.
    number = detail["latest"]["number"]
    same = await room.teacher.get(f"reviews/{room.id}-{number}")
    assert same["id"] == submission


async def test_what_is_rejected_or_withdrawn_never_reaches_the_cluster(room: Room) -> None:
    first, second = await room.submit(), await room.submit(_MAP)
    assert (await room.decide(room.teacher, first, "reject", message="no"))["state"] == "rejected"
    assert (await room.decide(room.student, second, "withdraw"))["state"] == "withdrawn"
    assert await room.read(_DEPLOYMENT) is None and await room.read(f"{_MAPS}/one") is None
    for submission, person_ in ((first, room.teacher), (second, room.student)):
        answer = await room.decide(
            person_, submission, "approve", 403 if person_ is room.student else 409
        )
        assert answer["error"]["code"] in ("conflict", "forbidden")


async def test_a_command_with_several_objects_is_one_submission_in_order(room: Room) -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team"}}
    posts = [
        ("/api/v1/namespaces", namespace),
        ("/api/v1/namespaces/team/configmaps", _map("one")),
        (_MAPS, _map("two")),
    ]
    for path, body in posts:
        answer = await room.kubectl(room.student, "POST", path, body, call="c1")
        assert answer.status == 403
    [row] = await room.submissions(room.teacher)
    assert row["title"] == "apply Namespace team, ConfigMap one, ConfigMap two"
    assert (row["documents"], row["command"]) == (3, "kubectl apply")
    assert row["namespaces"] == ["default", "team"]
    decided = await room.decide(room.teacher, row["id"], "approve")
    assert [one["outcome"] for one in decided["result"]] == ["created"] * 3
    assert await room.read("/api/v1/namespaces/team/configmaps/one") is not None


async def test_a_batch_that_goes_on_later_joins_its_submission(room: Room) -> None:
    await room.kubectl(room.student, "POST", _MAPS, _map("one"), call="c1")
    [row] = await room.submissions(room.teacher)
    await room.kubectl(room.student, "POST", _MAPS, _map("two"), call="c1")
    [row] = await room.submissions(room.teacher)
    assert (row["documents"], row["version"]) == (2, 1)


@pytest.mark.parametrize(
    ("method", "path", "body", "outcome"),
    [
        ("DELETE", "", None, "deleted"),
        ("PATCH", "", {"metadata": {"labels": {"a": "b"}}}, "configured"),
        ("PATCH", "", {}, "unchanged"),
        ("PATCH", "/scale", {"spec": {"replicas": 4}}, "done"),
    ],
    ids=["a deletion", "a patch", "a patch that changes nothing", "a scale"],
)
async def test_what_is_no_manifest_can_be_approved_too(
    room: Room, method: str, path: str, body: object, outcome: str
) -> None:
    await room.teacher.apply(room.id, WEB)
    merge = "application/merge-patch+json"
    await room.kubectl(
        room.student, method, _DEPLOYMENT + path, body, content_type=merge, command="kubectl x"
    )
    [row] = await room.submissions(room.teacher)
    decided = await room.decide(room.teacher, row["id"], "approve")
    assert [one["outcome"] for one in decided["result"]] == [outcome]
    live = await room.read(_DEPLOYMENT)
    assert (live is None) == (method == "DELETE")
    if path:
        assert live is not None and live["spec"]["replicas"] == 4


async def test_a_command_in_a_container_runs_when_it_is_approved(room: Room) -> None:
    await room.teacher.apply(room.id, WEB)
    await room.host.clock_advance(room.id, 60_000)
    pods = await room.read("/api/v1/namespaces/default/pods")
    assert pods is not None
    name = pods["items"][0]["metadata"]["name"]
    path = f"/api/v1/namespaces/default/pods/{name}/exec"
    query = "command=echo&command=hello&stdout=true&stderr=true"
    assert (await room.kubectl(room.student, "GET", path, query=query)).status == 403
    [row] = await room.submissions(room.teacher)
    assert row["title"] == f"run Pod {name}"
    await room.host.clock_set(room.id, is_paused=False)
    decided = await room.decide(room.teacher, row["id"], "approve")
    assert (decided["state"], decided["result"][0]["message"]) == ("applied", "hello\n")


async def test_what_the_cluster_refuses_in_the_end_fails_and_can_be_approved_again(
    room: Room,
) -> None:
    await room.kubectl(room.student, "POST", _MAPS, _map("one"), call="c1")
    await room.kubectl(room.student, "POST", _MAPS, _map("two"), call="c1")
    [row] = await room.submissions(room.teacher)
    await room.kubectl(room.teacher, "POST", _MAPS, _map("two", "mine"))
    failed = await room.decide(room.teacher, row["id"], "approve")
    assert failed["state"] == "failed"
    assert [one["outcome"] for one in failed["result"]] == ["created", "refused"]
    assert 'configmaps "two" already exists' in failed["result"][1]["message"]
    await room.kubectl(room.teacher, "DELETE", f"{_MAPS}/two")
    again = await room.decide(room.teacher, row["id"], "approve")
    assert again["state"] == "applied"
    assert [one["outcome"] for one in again["result"]] == ["created", "created"]


async def test_it_is_applied_as_its_submitter(room: Room) -> None:
    await room.kubectl(room.student, "POST", _MAPS, _map("one"), query="fieldManager=kubectl-x")
    [row] = await room.submissions(room.teacher)
    await room.decide(room.teacher, row["id"], "approve")
    live = await room.read(f"{_MAPS}/one")
    assert live is not None
    assert live["metadata"]["managedFields"][0]["manager"] == "kubectl-x"
    record = await room.teacher.get(f"writes?session={room.id}&kind=ConfigMap")
    assert [(one["source"], one["by"]["id"], one["code"]) for one in record["writes"]] == [
        ("review", room.student.visitor.id, 201),
        ("kubectl", room.student.visitor.id, 403),
    ]


async def test_reviewers_are_not_held_back(room: Room) -> None:
    results = await room.teacher.apply(room.id, WEB)
    assert [one["outcome"] for one in results] == ["created"]
    other = await room.enter(Role.TEACHER)
    await room.teacher.send("PUT", f"sessions/{room.id}/review", {"on": True})
    assert (await room.kubectl(other, "POST", _MAPS, _map("one"))).status == 201


async def test_without_review_everything_is_applied_and_recorded(room: Room) -> None:
    await room.teacher.send("PUT", f"sessions/{room.id}/review", {"on": False})
    results = await room.student.apply(room.id, _MAP)
    assert [one["outcome"] for one in results] == ["created"]
    [write] = (await room.student.get(f"writes?session={room.id}"))["writes"]
    assert (write["source"], write["act"], write["code"]) == ("editor", "apply", 201)
    assert write["submission"] is None
    whole = await room.student.get(f"writes/{write['number']}")
    assert whole["text"] == _MAP


async def test_comments_stand_on_lines(room: Room) -> None:
    submission = await room.submit()
    body = {"text": "why two?", "line": 6}
    comment = await room.teacher.send("POST", f"reviews/{submission}/comments", body, 201)
    assert (comment["version"], comment["line"], comment["number"]) == (1, 6, 1)
    await room.student.send("POST", f"reviews/{submission}/comments", {"text": "for show"}, 201)
    detail = await room.teacher.get(f"reviews/{submission}")
    assert [one["text"] for one in detail["conversation"]] == ["why two?", "for show"]
    assert detail["comments"] == 2
    for wrong in ({"text": ""}, {"text": "x", "line": 999}, {"text": "x", "version": 9}, {}):
        await room.teacher.send("POST", f"reviews/{submission}/comments", wrong, 422)


async def test_three_reviewers_at_once_decide_once(room: Room) -> None:
    submission = await room.submit()
    others = [await reviewer(f"r{number}") for number in range(3)]

    async def decide(one: Asker, act: str) -> int:
        body = {"act": act, "version": 1}
        return int((await one.ask("POST", f"reviews/{submission}/decisions", body)).status_code)

    codes = await asyncio.gather(
        decide(others[0], "approve"), decide(others[1], "approve"), decide(others[2], "reject")
    )
    assert sorted(codes) == [200, 409, 409]
    detail = await room.teacher.get(f"reviews/{submission}")
    assert len(detail["decisions"]) == 1
    record = await room.teacher.get(f"writes?session={room.id}&source=review")
    assert len(record["writes"]) == (1 if detail["state"] == "applied" else 0)


async def test_many_are_decided_and_assigned_at_once(room: Room) -> None:
    first, second = await room.submit(), await room.submit(_MAP)
    ids = [first, second, f"{room.id}-99"]
    answer = await room.teacher.send("POST", "reviews/bulk", {"ids": ids, "assignee": "me"})
    assert [one["ok"] for one in answer["results"]] == [True, True, False]
    mine = await room.submissions(room.teacher, "assignee=me")
    assert {one["id"] for one in mine} == {first, second}
    assert mine[0]["assignee"]["name"] == room.teacher.visitor.name
    answer = await room.teacher.send("POST", "reviews/bulk", {"ids": ids, "act": "approve"})
    assert [one.get("state") for one in answer["results"]] == ["applied", "applied", None]
    assert await room.read(f"{_MAPS}/one") is not None


async def test_the_list_is_filtered_counted_and_paged(room: Room) -> None:
    first, second = await room.submit(), await room.submit(_MAP)
    await room.decide(room.teacher, second, "reject")

    async def ids(query: str) -> list[str]:
        return [one["id"] for one in await room.submissions(room.teacher, query)]

    assert await ids("") == [second, first]
    assert await ids("state=open") == [first]
    assert await ids("state=open,rejected") == [second, first]
    assert await ids("kind=ConfigMap") == [second]
    assert await ids("text=busybox") == [first]
    assert await ids("submitter=me") == [] and await ids("source=kubectl") == []
    assert await ids("assignee=none") == [second, first]
    page = await room.teacher.get(f"reviews?session={room.id}&limit=1&state=open,rejected")
    assert page["counts"] == {"open": 1, "rejected": 1}
    rest = await room.teacher.get(f"reviews?session={room.id}&limit=1&cursor={page['next']}")
    assert [one["id"] for one in rest["submissions"]] == [first] and rest["next"] is None
    for wrong in ("state=nonsense", "limit=0", "cursor=x"):
        assert (await room.teacher.ask("GET", f"reviews?{wrong}")).status_code == 422


async def test_an_unchanged_list_is_not_sent_again(room: Room) -> None:
    await room.submit()
    path = f"reviews?session={room.id}"
    first = await room.teacher.ask("GET", path)
    again = await room.teacher.ask("GET", path, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await room.submit(_MAP)
    other = await room.teacher.ask("GET", path, **{"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


async def test_a_secret_is_masked_until_somebody_may_see_it(room: Room) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  p: hunter2\n"
    submission = await room.submit(secret)
    detail = await room.teacher.ask("GET", f"reviews/{submission}")
    effect = await room.teacher.ask("GET", f"reviews/{submission}/effect")
    assert b"hunter2" not in detail.content and b"hunter2" not in effect.content
    assert b"aHVudGVyMg" not in effect.content
    path = f"reviews/{submission}/versions/1?reveal=true"
    assert (await room.teacher.ask("GET", path)).status_code == 403
    mine = await room.student.get(path)
    assert "p: hunter2" in mine["text"]
    assert "review.secret-revealed" in [link.action for link in await _links()]
    assert (await room.decide(room.teacher, submission, "approve"))["state"] == "applied"
    live = await room.read("/api/v1/namespaces/default/secrets/s")
    assert live is not None and live["data"]["p"] == "aHVudGVyMg=="
    after = await room.student.get(path)
    assert "hunter2" not in after["text"], "what nobody needs any more is not kept"


async def test_every_step_is_in_the_audit_log(room: Room) -> None:
    submission = await room.submit()
    await room.teacher.send("POST", f"reviews/{submission}/comments", {"text": "hm"}, 201)
    await room.decide(room.teacher, submission, "approve")
    links = await _links()
    assert [link.action for link in links] == [
        "review.switched-on",
        "review.submitted",
        "review.commented",
        "review.approve",
        "review.applied",
    ]
    assert len({link.actor for link in links}) == 2
    judge = await reviewer()
    entries = await judge.get("audit")
    assert [one["name"] for one in entries["entries"]][1] == room.student.visitor.name
    assert await judge.get("audit/verify") == {"ok": True, "entries": 5, "problem": ""}
    export = await judge.ask("GET", "audit/export")
    lines = b"".join([chunk async for chunk in export.streaming_content]).splitlines()
    assert len(lines) == 7, "six entries, for the export is one too, and the head"
    assert (await room.teacher.ask("GET", "audit")).status_code == 403


async def test_a_token_of_the_session_does_as_well_as_a_cookie(room: Room) -> None:
    answer = await room.student.ask("GET", f"sessions/{room.id}/kubeconfig")
    secret = answer.content.decode().partition(f"/k8s/{room.id}/")[2].split()[0]
    submission = await room.submit()
    by_token = Asker(secret)
    detail = await by_token.get(f"reviews/{submission}")
    assert "withdraw" in detail["may"]
    assert (await room.decide(by_token, submission, "withdraw"))["state"] == "withdrawn"


async def test_the_page_of_a_text_is_told_of_problems_at_once(room: Room) -> None:
    submission = await room.submit()
    path = f"reviews/{submission}/versions"
    for text in ("apiVersion: v1\nkind: Nonsense\nmetadata: {name: a}\n", "a: [", ""):
        answer = await room.student.ask("POST", path, {"text": text})
        assert answer.status_code in (409, 422), text
    await room.teacher.send("POST", path, {"text": WEB}, 403)
    detail = await room.teacher.get(f"reviews/{submission}")
    assert detail["version"] == 1


async def test_switching_is_for_those_whose_review_it_is(room: Room) -> None:
    path = f"sessions/{room.id}/review"
    assert (await room.student.get(path))["may_switch"] is False
    await room.student.send("PUT", path, {"on": False}, 403)
    await room.student.send("PUT", path, {}, 422)
    state = await room.teacher.get(path)
    assert state["on"] and state["may_switch"]
    assert room.teacher.visitor.id in [one["id"] for one in state["reviewers"]]
    assert (await person().ask("GET", path)).status_code == 404


async def test_no_request_of_a_person_switches_it_in_the_cluster(room: Room) -> None:
    body = {"on": False, "reviewers": [], "address": ""}
    for one in (room.student, room.teacher):
        answer = await room.kubectl(one, "PUT", "/podyard/v1/review", body)
        assert answer.status == 403
    answer = await room.host.call(room.id, Request("GET", "/podyard/v1/review", user=ADMIN))
    assert b'"on":true' in answer.body


@sync_to_async
def _links() -> list[Link]:
    assert verify_now()[1] == ""
    return list(all_links())
