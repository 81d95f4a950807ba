"""A random life of a cluster, written down as the host writes it, and a digest of where it led.

Run as a program it plays a life again from standard input, in a process of its own with its own
hash seed, and prints the digest.
"""

from __future__ import annotations

import hashlib
import json
import logging
import pickle
import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, is_dataclass
from typing import Any

import orjson

from cluster_engine import ADMIN, Cluster, ClusterSpec, Frame, Request
from playground.hosting.journal.deck import Deck, keep
from playground.hosting.journal.records import Op, Record, decode, pack_frame, pack_request

JSON = {"content-type": "application/json"}
PODS = "/api/v1/namespaces/default/pods"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
SHELL = [
    "echo $RANDOM $(date +%s) >> notes",
    "kubectl get pods -o wide",
    "kubectl get pods -w",
    "\x03",
    "kubectl create configmap c$RANDOM --from-literal=a=b",
    "kubectl run r$RANDOM --image=busybox -- sh -c 'while true; do date; sleep 1; done'",
    "for i in 1 2 3; do echo $i; sleep 1; done &",
    "mktemp; ls -la /tmp; cat /proc/uptime",
    "kubectl get pods -o name | head -2 | xargs -r kubectl delete --wait=false",
    "kubectl logs -f deploy/d0 &",
    "kubectl scale deploy/d0 --replicas=$((RANDOM % 5))",
    "seq 1 3000",
    "kubectl port-forward deploy/d0 8080:80 &",
    "curl -s localhost:8080 | head -3",
    "kubectl top nodes",
    "kubectl exec deploy/d0 -- sh -c 'hostname; echo $RANDOM > /tmp/x'",
    "kubectl get events | tail -5",
    "vi notes",
    "\x1bGohello\x1b:wq",
]


@dataclass
class Life:
    """A cluster that lives, and all that came into it."""

    seed: int
    cluster: Cluster = field(init=False)
    records: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.choose = random.Random(self.seed)
        self.cluster = Cluster(ClusterSpec(seed=self.seed))
        self.deck = Deck(self.cluster)
        self.viewers: list[Any] = []
        self.watches: list[Any] = []
        self.names = 0

    def live(self, acts: int) -> None:
        """Some acts, each followed by some time."""
        deeds: list[Callable[[], None]] = [
            self.deploy,
            self.pod,
            self.remove,
            self.read,
            self.look,
            self.watch,
            self.type,
            self.type,
            self.type,
            self.terminal,
            self.execute,
            self.take,
            self.hang_up,
            self.probe,
            self.denied,
        ]
        self.deploy()
        self.terminal()
        for _ in range(acts):
            self.choose.choice(deeds)()
            self.pass_time()

    def note(self, op: Op, *data: Any) -> None:
        cluster = self.cluster
        record = Record(op, cluster.steps, cluster.now_ms, cluster.revision, data)
        self.records.append(record)

    def ask(self, method: str, path: str, body: Any = None, query: str = "") -> Any:
        data = b"" if body is None else orjson.dumps(body)
        request = Request(method, path, query, JSON, data, ADMIN)
        before = self.cluster.mark
        response, number = self.deck.handle(request)
        if method != "GET" or "/proxy" in path or number or self.cluster.mark != before:
            self.note(Op.REQUEST, pack_request(request), number)
        return response, number

    def deploy(self) -> None:
        name = f"d{self.names}"
        self.names += 1
        labels = {"app": name}
        container = {
            "name": "c",
            "image": self.choose.choice(["nginx", "httpd", "redis", "nope:1"]),
            "readinessProbe": {"httpGet": {"path": "/", "port": 80}},
            "resources": {"requests": {"cpu": "100m"}},
        }
        template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
        spec = {
            "replicas": self.choose.randrange(1, 4),
            "selector": {"matchLabels": labels},
            "template": template,
        }
        self.ask("POST", DEPLOYMENTS, {"metadata": {"name": name}, "spec": spec})
        service = {"selector": labels, "ports": [{"port": 80}]}
        path = "/api/v1/namespaces/default/services"
        self.ask("POST", path, {"metadata": {"name": name}, "spec": service})

    def pod(self) -> None:
        container = {"name": "c", "image": "busybox", "command": ["sh", "-c", "date; sleep 30"]}
        self.ask(
            "POST",
            PODS,
            {"metadata": {"generateName": "p-"}, "spec": {"containers": [container]}},
        )

    def denied(self) -> None:
        self.ask("POST", PODS, {"metadata": {"generateName": "p-"}, "spec": {}})

    def remove(self) -> None:
        self.ask("DELETE", f"{PODS}/{self.a_pod()}")

    def read(self) -> None:
        for path in (PODS, "/api/v1/nodes", "/apis/metrics.k8s.io/v1beta1/pods", "/openapi/v2"):
            self.ask("GET", path)

    def probe(self) -> None:
        self.ask("GET", "/api/v1/namespaces/default/services/d0/proxy/")

    def look(self) -> None:
        if self.viewers and self.choose.random() < 0.3:
            self.viewers.pop().close()
        self.viewers.append(self.cluster.viewer())

    def watch(self) -> None:
        response, _ = self.ask("GET", PODS, query="watch=1&timeoutSeconds=7")
        self.watches.append(response.stream)
        pod = self.a_pod()
        response, _ = self.ask("GET", f"{PODS}/{pod}/log", query="follow=true")
        if response.stream is not None:
            self.watches.append(response.stream)

    def terminal(self) -> None:
        response, number = self.ask("POST", "/podyard/v1/console")
        if keep(self.deck.streams[number], f"t{number}"):
            self.note(Op.KEEP, number, f"t{number}")
        assert response.status == 101

    def type(self) -> None:
        numbers = sorted(n for n, s in self.deck.streams.items() if not s.has_effects)
        if numbers:
            data = self.choose.choice(SHELL).encode() + b"\r"
            self.write(self.choose.choice(numbers), data)

    def write(self, number: int, data: bytes) -> None:
        self.deck.streams[number].write(Frame(0, data))
        self.note(Op.WRITE, *pack_frame(number, Frame(0, data)))

    def execute(self) -> None:
        query = "stdin=true&stdout=true&stderr=true&command=sh"
        _, number = self.ask("GET", f"{PODS}/{self.a_pod()}/exec", query=query)
        if number:
            self.write(number, b"echo $RANDOM > /tmp/f; seq 1 20000; cat /tmp/f\n")

    def take(self) -> None:
        for number, stream in self.deck.streams.items():
            if stream.has_effects and stream.read(4096):
                self.note(Op.READ, number, 4096)

    def hang_up(self) -> None:
        numbers = [n for n, s in self.deck.streams.items() if s.has_effects]
        if numbers and self.choose.random() < 0.5:
            self.deck.streams.pop(numbers[0]).close()
            self.note(Op.CLOSE, numbers[0])

    def a_pod(self) -> str:
        response, _ = self.ask("GET", PODS)
        names = [item["metadata"]["name"] for item in orjson.loads(response.body)["items"]]
        return self.choose.choice([*names, "nobody"])

    def pass_time(self) -> None:
        until = self.cluster.now_ms + self.choose.choice([0, 3, 40, 700, 5_000, 31_000])
        while True:
            left = self.choose.randrange(1, 60)

            def is_over() -> bool:
                nonlocal left
                left -= 1
                return left <= 0

            done = self.cluster.advance(until, is_over)
            self.glance()
            if done or self.choose.random() < 0.02:
                return

    def glance(self) -> None:
        for viewer in self.viewers:
            while viewer.frame() is not None:
                pass
        for stream in self.watches:
            stream.read()
        self.watches = [stream for stream in self.watches if not stream.is_done]

    def saved(self) -> bytes:
        """The cluster now, as the host writes it."""
        head = (self.deck.recipes(), self.deck.next_stream)
        return pickle.dumps((self.cluster.snapshot(), head))


def play(saved: bytes | None, seed: int, records: list[Record]) -> Cluster:
    """The cluster after those records, from a snapshot or from its beginning."""
    if saved is None:
        deck = Deck(Cluster(ClusterSpec(seed=seed)), is_strict=True)
    else:
        snapshot, head = pickle.loads(saved)
        deck = Deck(Cluster.restore(snapshot), is_strict=True)
        deck.revive(*head)
    for record in records:
        deck.play(record)
    return deck.engine


def digest(cluster: Cluster) -> dict[str, str]:
    """What a cluster is, part by part, as short texts that can be compared."""
    parts = cluster._parts
    store = parts.store
    objects = {
        resource: [
            (orjson.dumps(record.object).decode(), record.revision)
            for record in store.records(resource)
        ]
        for resource in store.resources()
    }
    heap, cancelled, ticket = parts.agenda.state()
    # A field manager's time depends on when somebody looked (decisions/0003).
    lists = [
        re.sub('"time":"[^"]*"', "", cluster.handle(Request("GET", path, user=ADMIN)).body.decode())
        for path in (PODS, DEPLOYMENTS, "/api/v1/nodes", "/api/v1/configmaps")
    ]
    found = {
        "lists": _hash(lists),
        "where": f"{cluster.steps} {cluster.now_ms} {cluster.revision} {ticket}",
        "objects": _hash(objects),
        "agenda": _hash([sorted(heap), sorted(cancelled)]),
        "randomness": _hash(sorted(parts.randomness.state().items())),
        "terminals": _hash(_terminals(cluster)),
    }
    for name, part in parts.components.items():
        if name != "kernel":
            found[name] = _hash(plain(part.state(), {}))
    for pod_id in sorted(parts.kernel.sandboxes):
        found[f"pod {pod_id}"] = _hash(plain(parts.kernel.sandboxes[pod_id], {}))
    return found


def _terminals(cluster: Cluster) -> dict[str, str]:
    found = {}
    for label, recipe in sorted(cluster.kept_terminals().items()):
        session = cluster._parts.kernel.sandboxes[recipe[1]].sessions[recipe[2]]
        found[label] = session.terminal.shown_after(0, 10**9)[0].decode(errors="replace")
    return found


def plain(value: Any, seen: dict[int, int]) -> Any:
    """Any state as nested lists, whatever shares what and in whatever order sets are."""
    if isinstance(value, str | int | float | bytes | bytearray | bool | type(None)):
        return repr(value)
    parameters = getattr(value, "__dataclass_params__", None)
    if parameters is not None and parameters.frozen:
        return [type(value).__name__, plain(_fields(value), seen)]
    if id(value) in seen:
        return f"#{seen[id(value)]}"
    if isinstance(value, dict):
        return [[plain(k, seen), plain(v, seen)] for k, v in value.items()]
    if isinstance(value, set | frozenset):
        return sorted(json.dumps(plain(item, seen)) for item in value)
    if isinstance(value, list | tuple) or type(value).__name__ == "deque":
        return [plain(item, seen) for item in value]
    seen[id(value)] = len(seen)
    keep_alive.append(value)
    return [type(value).__name__, plain(_fields(value), seen)]


keep_alive: list[Any] = []


def _fields(value: Any) -> dict[str, Any]:
    if type(value).__name__ == "StreamHandle":
        state = dict(value.__getstate__()[1])
        return {**state, "recipe": bool(state["recipe"])}
    names = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
    names += list(getattr(value, "__dict__", ()))
    names = [name for name in names if name not in ("_made", "image")]
    if is_dataclass(value) or names:
        return {
            name: getattr(value, name)
            for name in dict.fromkeys(names)
            if hasattr(value, name) and not callable(getattr(value, name))
        }
    return {"repr": repr(value)} if not callable(value) else {}


def _hash(value: Any) -> str:
    text = json.dumps(value, default=repr)
    if VERBOSE:
        return text
    return hashlib.sha256(text.encode()).hexdigest()[:16]


VERBOSE = False


def main() -> None:
    """Play what comes in, print the digest."""
    logging.disable(logging.CRITICAL)
    saved, seed, records = pickle.load(sys.stdin.buffer)
    sys.stdout.write(json.dumps(digest(play(saved, seed, decode(records)))))


if __name__ == "__main__":
    main()
