"""Who is behind a write: it says so, whichever way it took into the cluster."""

from __future__ import annotations

from cluster_engine import ADMIN, Caller, Cluster, ClusterSpec, Frame, Request
from cluster_engine.apiserver.requests import STDIN
from cluster_engine.apiserver.requests import Stream as Conversation

_POD = b"""
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s"}}
"""
ANN, BEN = Caller("a", "Ann", "console"), Caller("b", "Ben", "console")


def _cluster() -> Cluster:
    return Cluster(ClusterSpec(nodes=0, profile="instant"))


def _console(cluster: Cluster, caller: Caller | None) -> Conversation:
    request = Request("POST", "/podyard/v1/console", user=ADMIN, caller=caller)
    stream = cluster.handle(request).stream
    assert stream is not None
    _run(cluster)
    return stream


def _type(cluster: Cluster, stream: Conversation, text: str, caller: Caller | None) -> None:
    stream.write(Frame(STDIN, f"{text}\r".encode(), caller))
    _run(cluster)


def _run(cluster: Cluster) -> None:
    cluster.advance(cluster.now_ms + 5_000)


def _who_made(cluster: Cluster, name: str) -> Caller | None:
    changes = cluster._parts.store.changes_after(
        cluster._parts.store.compacted_revision, "configmaps"
    )
    return next(change.origin.caller for change in changes if change.name == name)


def test_a_request_says_who_is_behind_it() -> None:
    cluster = _cluster()
    kim = Caller("k", "Kim", "kubectl")
    path = "/api/v1/namespaces/default/configmaps"
    headers = {"content-type": "application/json"}
    cluster.handle(Request("POST", path, "", headers, _POD % b"one", ADMIN, caller=kim))
    assert _who_made(cluster, "one") == kim


def test_what_a_console_does_is_done_by_who_opened_it() -> None:
    cluster = _cluster()
    stream = _console(cluster, Caller("a", "Ann", "api"))
    _type(cluster, stream, "kubectl create configmap one", None)
    assert _who_made(cluster, "one") == ANN


def test_who_types_is_who_acts() -> None:
    cluster = _cluster()
    stream = _console(cluster, ANN)
    _type(cluster, stream, "kubectl create configmap one", BEN)
    _type(cluster, stream, "env -i kubectl create configmap two", ANN)
    assert _who_made(cluster, "one") == BEN
    assert _who_made(cluster, "two") == ANN


def test_what_runs_beside_stays_whose_it_was() -> None:
    cluster = _cluster()
    stream = _console(cluster, ANN)
    _type(cluster, stream, "(sleep 60; kubectl create configmap late) &", ANN)
    _type(cluster, stream, "kubectl create configmap now", BEN)
    cluster.advance(cluster.now_ms + 100_000)
    assert _who_made(cluster, "now") == BEN
    assert _who_made(cluster, "late") == ANN


def test_a_snapshot_and_a_fork_know_it_too() -> None:
    cluster = _cluster()
    stream = _console(cluster, ANN)
    _type(cluster, stream, "sleep 60; kubectl create configmap late", ANN)
    for twin in (cluster.fork(), Cluster.restore(cluster.snapshot())):
        twin.advance(twin.now_ms + 100_000)
        assert _who_made(twin, "late") == ANN


def _screen(stream: Conversation) -> str:
    return b"".join(frame.data for frame in stream.read(1_000_000)).decode()


def test_the_consoles_kubectl_is_told_that_a_write_waits() -> None:
    cluster = _cluster()
    body = b'{"on":true,"reviewers":["b"],"address":"https://yard.example/review/s-"}'
    assert cluster.handle(Request("PUT", "/podyard/v1/review", body=body, user=ADMIN)).status == 200
    stream = _console(cluster, ANN)
    text = "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: %s}\\n"
    _type(cluster, stream, f"printf '{text % 'one'}---\\n{text % 'two'}' > maps.yaml", ANN)
    _screen(stream)
    _type(cluster, stream, "kubectl apply -f maps.yaml", ANN)
    said = " ".join(_screen(stream).split())
    assert 'configmaps "one" is not created yet: it waits for review as submission 1' in said
    assert "see https://yard.example/review/s-1/" in said
    writes = cluster.person_writes_after(0)
    assert [(w.name, w.submission, w.command) for w in writes] == [
        ("one", 1, "kubectl apply"),
        ("two", 1, "kubectl apply"),
    ]
    _type(cluster, stream, "kubectl apply -f maps.yaml", BEN)
    assert _who_made(cluster, "one") == BEN, "who reviews is not held back, in the same console"
