"""The record of what people wrote."""

from __future__ import annotations

import pytest

from cluster_engine import ADMIN, Caller, Cluster, ClusterSpec, Request
from cluster_engine.simulation.limits import Limits

KIM = Caller("k", "Kim", "kubectl")
_MAPS = "/api/v1/namespaces/default/configmaps"
_JSON = {"content-type": "application/json"}


def _cluster(limits: Limits | None = None) -> Cluster:
    return Cluster(ClusterSpec(nodes=1, profile="instant", limits=limits or Limits()))


def _map(name: str, value: str = "") -> bytes:
    return b'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"},"data":{"a":"%s"}}' % (
        name.encode(),
        value.encode(),
    )


def _ask(
    cluster: Cluster,
    method: str,
    path: str,
    body: bytes = b"",
    query: str = "",
    headers: dict[str, str] | None = None,
    caller: Caller | None = KIM,
) -> int:
    request = Request(method, path, query, headers or _JSON, body, ADMIN, "c1", caller)
    return cluster.handle(request).status


def test_a_write_is_kept_with_who_what_and_how_it_went() -> None:
    cluster = _cluster()
    headers = {**_JSON, "kubectl-command": "kubectl create", "user-agent": "kubectl/v1"}
    assert _ask(cluster, "POST", _MAPS, _map("one"), "fieldManager=x", headers) == 201
    [write] = cluster.person_writes_after(0)
    assert (write.sequence, write.caller, write.user, write.request_id) == (1, KIM, ADMIN, "c1")
    assert (write.command, write.verb, write.kind, write.name) == (
        "kubectl create",
        "create",
        "ConfigMap",
        "one",
    )
    assert (write.code, write.reason, write.submission) == (201, "", 0)
    assert (write.query, write.body) == ("fieldManager=x", _map("one"))
    assert write.revision == cluster.revision and write.time_ms == cluster.now_ms


def test_a_refused_write_is_kept_with_the_reason() -> None:
    cluster = _cluster()
    for _ in range(2):
        _ask(cluster, "POST", _MAPS, _map("one"))
    write = cluster.person_writes_after(1)[0]
    assert (write.code, write.reason) == (409, "AlreadyExists")
    assert write.message == 'configmaps "one" already exists'


def test_a_generated_name_is_known() -> None:
    cluster = _cluster()
    body = b'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"one-"}}'
    _ask(cluster, "POST", _MAPS, body)
    assert cluster.person_writes_after(0)[0].name.startswith("one-")


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "verb"),
    [
        ("GET", _MAPS, b"", "", ""),
        ("GET", _MAPS, b"", "watch=1&timeoutSeconds=1", ""),
        ("POST", _MAPS, _map("one"), "dryRun=All", ""),
        ("DELETE", f"{_MAPS}/x", b'{"dryRun":["All"]}', "", ""),
        (
            "POST",
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            b'{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{}}',
            "",
            "",
        ),
        ("POST", "/api/v1/namespaces/default/serviceaccounts/default/token", b"{}", "", ""),
        ("DELETE", f"{_MAPS}/x", b"", "", "delete"),
        ("DELETE", _MAPS, b"", "", "deletecollection"),
        ("PUT", f"{_MAPS}/x", _map("x"), "", "update"),
        ("PATCH", f"{_MAPS}/x", b"{}", "", "patch"),
        ("POST", "/api/v1/namespaces/default/pods/x/eviction", b"{}", "", "create"),
        ("GET", "/api/v1/namespaces/default/pods/x/exec", b"", "command=ls&stdout=1", "exec"),
    ],
    ids=[
        "a list is none",
        "a watch is none",
        "a dry run is none",
        "a deletion tried is none",
        "a question about rights is none",
        "a token asked for is none",
        "a deletion is one",
        "the deletion of many is one",
        "a replacement is one",
        "a patch is one",
        "an eviction is one",
        "a command in a container is one",
    ],
)
def test_what_counts_as_a_write(method: str, path: str, body: bytes, query: str, verb: str) -> None:
    cluster = _cluster()
    _ask(cluster, method, path, body, query)
    verbs = [write.verb for write in cluster.person_writes_after(0)]
    assert verbs == ([verb] if verb else [])


def test_what_nobody_is_behind_is_not_kept() -> None:
    cluster = _cluster()
    _ask(cluster, "POST", _MAPS, _map("one"), caller=None)
    cluster.advance(cluster.now_ms + 60_000)
    assert cluster.person_writes_after(0) == []
    assert cluster.last_person_write == 0


def test_the_record_is_bounded_in_number_and_in_bytes() -> None:
    few = _cluster(Limits(person_writes_max=3))
    for number in range(5):
        _ask(few, "POST", _MAPS, _map(f"m{number}"))
    assert [write.sequence for write in few.person_writes_after(0)] == [3, 4, 5]
    small = _cluster(Limits(person_writes_bytes_max=500))
    for number in range(5):
        _ask(small, "POST", _MAPS, _map(f"m{number}", "x" * 200))
    assert [write.sequence for write in small.person_writes_after(0)] == [5]
    _ask(small, "POST", _MAPS, _map("large", "x" * 2000))
    assert [write.name for write in small.person_writes_after(0)] == ["large"]


def test_a_copy_goes_on_counting() -> None:
    cluster = _cluster()
    _ask(cluster, "POST", _MAPS, _map("one"))
    for twin in (cluster.fork(), Cluster.restore(cluster.snapshot())):
        _ask(twin, "POST", _MAPS, _map("two"))
        assert [write.sequence for write in twin.person_writes_after(0)] == [1, 2]
    assert cluster.last_person_write == 1
