"""A cluster written as plain files and made from them again: the same objects, nothing doubled."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_engine.apiserver.requests import ADMIN, STDIN, Frame, Request
from cluster_engine.cluster import Cluster
from cluster_engine.portable.layout import FILES, HEAD, OBJECTS, TIMELINE, PortableError
from cluster_engine.simulation.limits import Limits
from cluster_engine.spec import ClusterSpec
from tests.builders import pod

PODS = "/api/v1/namespaces/default/pods"
_DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "image": "nginx",
                        "readinessProbe": {"httpGet": {"path": "/", "port": 80}},
                        "resources": {"requests": {"cpu": "100m"}},
                    }
                ]
            },
        },
    },
}
_SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web"},
    "spec": {"selector": {"app": "web"}, "type": "NodePort", "ports": [{"port": 80}]},
}
_REDIS = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "redis"},
    "spec": {
        "volumes": [{"name": "data", "emptyDir": {}}],
        "initContainers": [
            {
                "name": "first",
                "image": "busybox",
                "command": ["sh", "-c", "echo first > /data/first"],
                "volumeMounts": [{"name": "data", "mountPath": "/data"}],
            }
        ],
        "containers": [
            {
                "name": "redis",
                "image": "redis",
                "volumeMounts": [{"name": "data", "mountPath": "/data"}],
            }
        ],
    },
}
_DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "crons.stable.example.com"},
    "spec": {
        "group": "stable.example.com",
        "scope": "Namespaced",
        "names": {"plural": "crons", "singular": "cron", "kind": "Cron"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {"type": "object", "properties": {"every": {"type": "string"}}}
                        },
                    }
                },
            }
        ],
    },
}


def ask(cluster: Cluster, method: str, path: str, body: Any = None, query: str = "") -> Any:
    headers = {"content-type": "application/json"}
    data = orjson.dumps(body) if body is not None else b""
    response = cluster.handle(Request(method, path, query, headers, data, ADMIN))
    assert response.status < 300, response.body
    return orjson.loads(response.body) if response.body else None


def run(cluster: Cluster, *command: str, name: str = "redis") -> str:
    words = "&".join(f"command={word.replace(' ', '+')}" for word in command)
    request = Request("GET", f"{PODS}/{name}/exec", f"stdout=true&{words}", user=ADMIN)
    stream = cluster.handle(request).stream
    assert stream is not None
    cluster.advance(cluster.now_ms + 1_000)
    return b"".join(frame.data for frame in stream.read() if frame.channel == 1).decode()


@pytest.fixture(scope="module")
def busy() -> Cluster:
    """A cluster with one of everything that can go wrong on the way."""
    cluster = Cluster(ClusterSpec(nodes=2, seed=7))
    ask(cluster, "POST", "/apis/apps/v1/namespaces/default/deployments", _DEPLOYMENT)
    ask(cluster, "POST", "/api/v1/namespaces/default/services", _SERVICE)
    ask(cluster, "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", _DEFINITION)
    cron = {"apiVersion": "stable.example.com/v1", "kind": "Cron", "spec": {"every": "day"}}
    path = "/apis/stable.example.com/v1/namespaces/default/crons"
    ask(cluster, "POST", path, {**cron, "metadata": {"name": "daily"}})
    ask(cluster, "POST", PODS, _REDIS)
    ask(cluster, "POST", PODS, pod("too-big").requests(cpu="64").build())
    failing = {
        **_REDIS,
        "metadata": {"name": "failing"},
        "spec": {
            "containers": [{"name": "app", "image": "busybox", "command": ["sh", "-c", "exit 3"]}]
        },
    }
    ask(cluster, "POST", PODS, failing)
    done = {
        **failing,
        "metadata": {"name": "done"},
        "spec": {
            "restartPolicy": "Never",
            "containers": [{"name": "app", "image": "busybox", "command": ["true"]}],
        },
    }
    ask(cluster, "POST", PODS, done)
    cluster.advance(cluster.now_ms + 90_000)
    run(cluster, "sh", "-c", "echo kept>/data/mine; echo own>/etc/motd; rm /etc/issue")
    console = cluster.handle(Request("POST", "/podyard/v1/console", user=ADMIN)).stream
    assert console is not None
    console.write(Frame(STDIN, b"echo hello > note.txt; ln -s note.txt link\r"))
    cluster.advance(cluster.now_ms + 1_000)
    return cluster


@pytest.fixture(scope="module")
def entries(busy: Cluster) -> dict[str, bytes]:
    return busy.portable()


def everything(cluster: Cluster) -> dict[str, Any]:
    """Every object by line, as the file tells it."""
    rows = [orjson.loads(line) for line in cluster.portable()[OBJECTS].split(b"\n")]
    return {
        f"{row['resource']} {row['object']['metadata'].get('namespace', '')}/"
        f"{row['object']['metadata']['name']}": row
        for row in rows
    }


def test_objects_revision_and_clock_are_the_same(busy: Cluster, entries: dict[str, bytes]) -> None:
    twin = Cluster.from_portable(entries)
    before, after = everything(busy), everything(twin)
    new = {key for key in after if key not in before}
    assert {key.split(" ")[0] for key in new} <= {"events"}
    assert {key: after[key] for key in before} == before
    assert (twin.now_ms, twin.spec) == (busy.now_ms, busy.spec)
    assert twin.revision >= busy.revision


def test_the_same_file_makes_the_same_cluster(entries: dict[str, bytes]) -> None:
    one, other = Cluster.from_portable(entries), Cluster.from_portable(entries)
    for cluster in (one, other):
        cluster.advance(cluster.now_ms + 600_000)
    assert one.portable() == other.portable()


def test_nothing_is_doubled_and_controllers_take_over(entries: dict[str, bytes]) -> None:
    twin = Cluster.from_portable(entries)
    names = {item["metadata"]["name"] for item in ask(twin, "GET", PODS)["items"]}
    twin.advance(twin.now_ms + 120_000)
    pods = ask(twin, "GET", PODS)["items"]
    assert {item["metadata"]["name"] for item in pods} == names
    web = next(n for n in sorted(names) if n.startswith("web-"))
    ask(twin, "DELETE", f"{PODS}/{web}")
    twin.advance(twin.now_ms + 60_000)
    phases = [
        item["status"]["phase"]
        for item in ask(twin, "GET", PODS)["items"]
        if item["metadata"]["name"].startswith("web-")
    ]
    assert phases == ["Running", "Running"]
    uids = [item["metadata"]["uid"] for item in ask(twin, "GET", PODS)["items"]]
    assert len(set(uids)) == len(uids)


def test_a_new_pod_gets_an_address_of_its_own(entries: dict[str, bytes]) -> None:
    twin = Cluster.from_portable(entries)
    ask(twin, "POST", PODS, pod("late").build())
    twin.advance(twin.now_ms + 60_000)
    ips = [item["status"].get("podIP") for item in ask(twin, "GET", PODS)["items"]]
    held = [ip for ip in ips if ip]
    assert len(set(held)) == len(held)


def test_files_of_containers_volumes_and_console_come_along(entries: dict[str, bytes]) -> None:
    twin = Cluster.from_portable(entries)
    shown = run(twin, "sh", "-c", "cat /data/first /data/mine /etc/motd; ls /etc/issue")
    assert shown == "first\nkept\nown\n"
    console = twin.handle(Request("POST", "/podyard/v1/console", user=ADMIN)).stream
    assert console is not None
    console.write(Frame(STDIN, b"cat link\r"))
    twin.advance(twin.now_ms + 1_000)
    text = b"".join(frame.data for frame in console.read()).decode()
    assert "\r\nhello\r\n" in text


def test_custom_kinds_are_served_again(entries: dict[str, bytes]) -> None:
    twin = Cluster.from_portable(entries)
    path = "/apis/stable.example.com/v1/namespaces/default/crons/daily"
    assert ask(twin, "GET", path)["spec"] == {"every": "day"}


def test_the_timeline_and_the_reasons_come_along(busy: Cluster, entries: dict[str, bytes]) -> None:
    twin = Cluster.from_portable(entries)
    path = "/podyard/v1/namespaces/default/pods/too-big/scheduling"
    assert ask(twin, "GET", path)["attempts"][0] == ask(busy, "GET", path)["attempts"][-1]
    viewer = twin.viewer()
    frames = []
    while (frame := viewer.frame()) is not None:
        frames.append(frame)
    told = [line["text"] for frame in frames for line in frame.get("entries", ())]
    assert "Deployment web created" in told
    again = Cluster.restore(twin.fork().snapshot())
    assert again.portable()[TIMELINE] == twin.portable()[TIMELINE]


def test_a_node_that_is_down_stays_down(busy: Cluster) -> None:
    cluster = busy.fork()
    kubelets = cluster._parts.kubelets
    assert kubelets is not None
    kubelets.set_node_down("node-1", True)
    cluster.advance(cluster.now_ms + 60_000)
    twin = Cluster.from_portable(cluster.portable())
    twin.advance(twin.now_ms + 60_000)
    conditions = ask(twin, "GET", "/api/v1/nodes/node-1")["status"]["conditions"]
    assert {c["status"] for c in conditions if c["type"] == "Ready"} == {"Unknown"}


def changed(entries: dict[str, bytes], name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in entries[name]
    return {**entries, name: entries[name].replace(old, new)}


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        pytest.param(HEAD, b'"version":1', b'"version":9', "reads version 1", id="a later form"),
        pytest.param(HEAD, b'"seed":7', b'"seed":-7', "out of bounds", id="a senseless seed"),
        pytest.param(HEAD, b"{", b"[", "is not JSON", id="no JSON"),
        pytest.param(HEAD, b'"randomness"', b'"x"', "randomness is missing", id="no positions"),
        pytest.param(OBJECTS, b'"replicas":2', b'"replicas":-2', "spec.replicas", id="invalid"),
        pytest.param(OBJECTS, b'"replicas":2', b'"replicas":"x"', "line", id="a wrong type"),
        pytest.param(OBJECTS, b'"replicas":2', b'"replicaz":2', "unknown field", id="unknown"),
        pytest.param(
            OBJECTS, b'"resource":"pods"', b'"resource":"pots"', "not served", id="no such kind"
        ),
        pytest.param(FILES, b'"path":"/mine"', b'"path":"/../x"', "no file name", id="escaping"),
        pytest.param(FILES, b'"kind":"link"', b'"kind":"hole"', "give file", id="odd kind"),
        pytest.param(TIMELINE, b'"actor"', b'"aktor"', "actor is missing", id="odd line"),
    ],
)
def test_a_bad_file_is_refused_by_the_entry(
    entries: dict[str, bytes], name: str, old: bytes, new: bytes, said: str
) -> None:
    with pytest.raises(PortableError, match=said) as refused:
        Cluster.from_portable(changed(entries, name, old, new))
    assert str(refused.value).startswith(name)


def test_a_file_with_too_many_objects_is_refused(entries: dict[str, bytes]) -> None:
    with pytest.raises(PortableError, match="at most 10 are accepted"):
        Cluster.from_portable(entries, Limits(objects_max=10))


def test_a_file_that_stores_too_much_is_refused(entries: dict[str, bytes]) -> None:
    with pytest.raises(PortableError, match="No space left"):
        Cluster.from_portable(entries, Limits(stored_bytes_max=3))


_LEAVES = (None, True, 0, -1, 2**70, 1.5, "", "x", "a/b", [], {}, ["x"], {"x": 1})


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_whatever_is_wrong_in_a_file_is_said_not_raised(
    entries: dict[str, bytes], seed: int
) -> None:
    chance = random.Random(seed)
    name = chance.choice((HEAD, OBJECTS, OBJECTS, OBJECTS, FILES, TIMELINE))
    lines = entries[name].split(b"\n")
    at = chance.randrange(len(lines))
    lines[at] = orjson.dumps(_disturbed(orjson.loads(lines[at]), chance))
    try:
        twin = Cluster.from_portable({**entries, name: b"\n".join(lines)})
    except PortableError:
        return
    twin.advance(twin.now_ms + 60_000)


def _disturbed(value: Any, chance: random.Random) -> Any:
    """The value with one leaf or branch replaced, removed or renamed."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        twin = dict(value)
        if chance.random() < 0.1:
            del twin[key]
        else:
            twin[key] = _disturbed(value[key], chance)
        return twin
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], _disturbed(value[at], chance), *value[at + 1 :]]
    choice = chance.choice(_LEAVES)
    return choice if not isinstance(choice, int) or abs(choice) < 2**63 else 2**62
