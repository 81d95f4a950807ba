"""The review gate: what is held back, what is not, and what people are told."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from cluster_engine import ADMIN, Caller, Cluster, ClusterSpec, Request, Response

KIM, BOSS = Caller("k", "Kim", "kubectl"), Caller("b", "Boss", "kubectl")
_JSON = {"content-type": "application/json"}
_MAPS = "/api/v1/namespaces/default/configmaps"
_SWITCH = "/podyard/v1/review"
_ADDRESS = "https://yard.example/review/abc-"


def _cluster() -> Cluster:
    cluster = Cluster(ClusterSpec(nodes=1, profile="instant"))
    body = {"on": True, "reviewers": ["b"], "address": _ADDRESS}
    request = Request("PUT", _SWITCH, body=orjson.dumps(body), user=ADMIN)
    assert cluster.handle(request).status == 200
    return cluster


def _object(kind: str, name: str, **more: Any) -> bytes:
    return orjson.dumps({"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, **more})


def _ask(
    cluster: Cluster,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    query: str = "",
    caller: Caller | None = KIM,
    command: str = "",
    headers: dict[str, str] = _JSON,
) -> Response:
    return cluster.handle(Request(method, path, query, headers, body, ADMIN, command, caller))


def _has(cluster: Cluster, path: str) -> bool:
    return cluster.handle(Request("GET", path, user=ADMIN)).status == 200


def _message(response: Response) -> str:
    return str(orjson.loads(response.body)["message"])


def test_a_write_waits_and_says_where() -> None:
    cluster = _cluster()
    revision = cluster.revision
    answer = _ask(cluster, "POST", _MAPS, _object("ConfigMap", "one"))
    assert answer.status == 403
    assert _message(answer) == (
        'configmaps "one" is not created yet: it waits for review as submission 1, '
        "see https://yard.example/review/abc-1/"
    )
    details = orjson.loads(answer.body)["details"]
    assert details["causes"] == [
        {"reason": "SubmittedForReview", "message": f"{_ADDRESS}1/", "field": "1"}
    ]
    assert not _has(cluster, f"{_MAPS}/one") and cluster.revision == revision
    [write] = cluster.person_writes_after(0)
    assert (write.submission, write.code, write.body) == (1, 403, _object("ConfigMap", "one"))


@pytest.mark.parametrize(
    "caller",
    [
        BOSS,
        None,
        Caller("k", "Kim", "review"),
        Caller("t", "Teacher", "teacher"),
    ],
    ids=["a reviewer", "the host itself", "what was approved", "a teacher's act"],
)
def test_who_need_not_wait(caller: Caller | None) -> None:
    cluster = _cluster()
    answer = _ask(cluster, "POST", _MAPS, _object("ConfigMap", "one"), caller=caller)
    assert answer.status == 201
    assert _has(cluster, f"{_MAPS}/one")


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "code"),
    [
        ("GET", _MAPS, b"", "", 200),
        ("POST", _MAPS, _object("ConfigMap", "one"), "dryRun=All", 201),
        ("POST", _MAPS, b'{"apiVersion":"v1","kind":"ConfigMap","metadata":{}}', "", 422),
        ("DELETE", f"{_MAPS}/one", b"", "", 404),
        ("PUT", f"{_MAPS}/kube-root-ca.crt", _object("ConfigMap", "other"), "", 400),
    ],
    ids=[
        "reading is answered",
        "a dry run is answered",
        "an invalid object is refused",
        "what is not there cannot be deleted",
        "a wrong name is refused",
    ],
)
def test_what_is_answered_as_ever(
    method: str, path: str, body: bytes, query: str, code: int
) -> None:
    cluster = _cluster()
    assert _ask(cluster, method, path, body, query=query).status == code
    assert [write.submission for write in cluster.person_writes_after(0) if write.submission] == []


def test_one_command_is_one_submission() -> None:
    cluster = _cluster()
    for command, name in (("x", "a"), ("x", "b"), ("y", "c"), ("", "d"), ("", "e")):
        _ask(cluster, "POST", _MAPS, _object("ConfigMap", name), command=command)
    other = Caller("o", "Other")
    _ask(cluster, "POST", _MAPS, _object("ConfigMap", "f"), command="x", caller=other)
    numbers = [write.submission for write in cluster.person_writes_after(0)]
    assert numbers == [1, 1, 2, 3, 4, 5]


def test_what_goes_into_a_namespace_that_waits_waits_with_it() -> None:
    cluster = _cluster()
    inside = "/api/v1/namespaces/new/configmaps"
    assert _ask(cluster, "POST", inside, _object("ConfigMap", "a"), command="x").status == 404
    _ask(cluster, "POST", "/api/v1/namespaces", _object("Namespace", "new"), command="x")
    answer = _ask(cluster, "POST", inside, _object("ConfigMap", "a"), command="x")
    assert "submission 1" in _message(answer)


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("DELETE", "", b"", 'pods "p" is not deleted yet'),
        ("DELETE", "", b'{"gracePeriodSeconds":0}', 'pods "p" is not deleted yet'),
        ("PATCH", "", b'{"metadata":{"labels":{"a":"b"}}}', 'pods "p" is not changed yet'),
        (
            "POST",
            "/eviction",
            b'{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"p"}}',
            'pods "p" is not evicted yet',
        ),
        ("POST", "/exec?command=ls&stdout=true", b"", 'the command in pods "p" is not run yet'),
        ("POST", "/exec?command=sh&stdin=true&tty=true", b"", "only reviewers may talk"),
        ("POST", "/attach?stdout=true", b"", "only reviewers may talk"),
    ],
    ids=[
        "deleting",
        "deleting with options",
        "patching",
        "evicting",
        "a command",
        "a shell is refused",
        "attaching is refused",
    ],
)
def test_every_way_to_change_a_pod_waits(method: str, path: str, body: bytes, says: str) -> None:
    cluster = _cluster()
    spec = {"containers": [{"name": "c", "image": "busybox", "command": ["sleep", "9"]}]}
    pods = "/api/v1/namespaces/default/pods"
    _ask(cluster, "POST", pods, _object("Pod", "p", spec=spec), caller=None)
    cluster.advance(cluster.now_ms + 3_000)
    before = cluster.handle(Request("GET", f"{pods}/p", user=ADMIN)).body
    tail, _, query = path.partition("?")
    headers = dict(_JSON)
    if method == "PATCH":
        headers["content-type"] = "application/merge-patch+json"
    answer = _ask(cluster, method, f"{pods}/p{tail}", body, query=query, headers=headers)
    assert answer.status == 403 and says in _message(answer)
    assert cluster.handle(Request("GET", f"{pods}/p", user=ADMIN)).body == before


@pytest.mark.parametrize(
    ("caller", "body", "code"),
    [
        (KIM, b'{"on":false,"reviewers":[],"address":""}', 403),
        (BOSS, b'{"on":false,"reviewers":[],"address":""}', 403),
        (None, b"{}", 400),
        (None, b'{"on":1,"reviewers":[],"address":""}', 400),
        (None, b'{"on":true,"reviewers":[1],"address":""}', 400),
        (None, b"[", 400),
        (None, b'{"on":false,"reviewers":[],"address":""}', 200),
    ],
    ids=[
        "a person may not",
        "a reviewer may not past the desk",
        "nothing said",
        "no truth value",
        "no ids",
        "no JSON",
        "the host may",
    ],
)
def test_only_the_host_switches(caller: Caller | None, body: bytes, code: int) -> None:
    cluster = _cluster()
    assert _ask(cluster, "PUT", _SWITCH, body, caller=caller).status == code
    held = _ask(cluster, "POST", _MAPS, _object("ConfigMap", "one")).status
    assert held == (201 if code == 200 else 403)


def test_copies_hold_back_too_and_go_on_counting() -> None:
    cluster = _cluster()
    _ask(cluster, "POST", _MAPS, _object("ConfigMap", "one"), command="x")
    for twin in (cluster.fork(), Cluster.restore(cluster.snapshot())):
        again = _ask(twin, "POST", _MAPS, _object("ConfigMap", "two"), command="x")
        other = _ask(twin, "POST", _MAPS, _object("ConfigMap", "three"), command="y")
        assert "submission 1" in _message(again) and "submission 2" in _message(other)


def test_a_copy_can_begin_a_life_of_its_own() -> None:
    twin = _cluster()
    _ask(twin, "POST", _MAPS, _object("ConfigMap", "one"))
    assert _ask(twin, "DELETE", _SWITCH, caller=BOSS).status == 403
    assert _ask(twin, "DELETE", _SWITCH, caller=None).status == 200
    assert twin.person_writes_after(0) == []
    assert _ask(twin, "POST", _MAPS, _object("ConfigMap", "one")).status == 201
    assert [write.sequence for write in twin.person_writes_after(0)] == [2]


def test_a_cluster_in_anothers_place_counts_on() -> None:
    cluster = _cluster()
    wish = {"on": True, "reviewers": [], "address": "", "writes": 40, "submissions": 7}
    _ask(cluster, "PUT", _SWITCH, orjson.dumps(wish), caller=None)
    _ask(cluster, "POST", _MAPS, _object("ConfigMap", "one"))
    [write] = cluster.person_writes_after(40)
    assert (write.sequence, write.submission) == (41, 8)
    _ask(cluster, "PUT", _SWITCH, orjson.dumps({**wish, "writes": 3}), caller=None)
    assert cluster.last_person_write == 41
    refused = _ask(cluster, "PUT", _SWITCH, orjson.dumps({**wish, "writes": "x"}), caller=None)
    assert refused.status == 400
