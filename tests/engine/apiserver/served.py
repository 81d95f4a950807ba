"""An API server over a freezing store with what a new cluster holds, asked as clients ask it."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apiserver.nodelink import ExecOptions, LogOptions
from cluster_engine.apiserver.requests import ADMIN, STDOUT, Frame, Request, Response, Stream, User
from cluster_engine.apiserver.server import ApiServer
from cluster_engine.bootstrap import contents
from cluster_engine.kinds.registry import Registry
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.limits import Limits
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.changes import Origin
from cluster_engine.store.store import Store

START_MS = 1_767_225_600_000
ME = Origin("tester")

JSON = "application/json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"
APPLY = "application/apply-patch+yaml"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


@dataclass
class Answer:
    """A response, its body decoded."""

    status: int
    body: Any
    headers: dict[str, str]
    warnings: tuple[str, ...]
    stream: Stream | None

    @property
    def message(self) -> str:
        """What a Status says."""
        text: str = self.body["message"]
        return text

    @property
    def names(self) -> list[str]:
        """The names in a list."""
        return [item["metadata"]["name"] for item in self.body["items"]]


@dataclass
class Served:
    """One API server and its clock."""

    limits: Limits = field(default_factory=Limits)
    is_api_only: bool = True

    def __post_init__(self) -> None:
        self.store = Store(is_freezing=True)
        self.clock = Clock(START_MS)
        self.agenda = Agenda()
        self.randomness = Randomness(1)
        contents.fill(self.store, self.randomness, START_MS, is_api_only=self.is_api_only)
        self.api = self._start()
        for name in ("default", "kube-system"):
            self.post(
                f"/api/v1/namespaces/{name}/serviceaccounts", {"metadata": {"name": "default"}}
            )

    def _start(self) -> ApiServer:
        return ApiServer(
            store=self.store,
            registry=Registry(),
            clock=self.clock,
            agenda=self.agenda,
            randomness=self.randomness,
            limits=self.limits,
            is_api_only=self.is_api_only,
        )

    def again(self) -> Served:
        """Another server over the same store, as after a restart."""
        twin = copy(self)
        twin.api = twin._start()
        return twin

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        content_type: str = JSON,
        accept: str = "",
        user: User | None = ADMIN,
        **headers: str,
    ) -> Answer:
        """One request. `path` may have a query; `body` is bytes, or encoded as JSON."""
        path, _, query = path.partition("?")
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["content-type"] = content_type
        if accept:
            sent["accept"] = accept
        response = self.api.handle(Request(method, path, query, sent, body or b"", user))
        return _answer(response)

    def get(self, path: str, **options: Any) -> Answer:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.ask("POST", path, body, **options)

    def put(self, path: str, body: Any, **options: Any) -> Answer:
        return self.ask("PUT", path, body, **options)

    def delete(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.ask("DELETE", path, body, **options)

    def merge(self, path: str, body: Any, **options: Any) -> Answer:
        return self.ask("PATCH", path, body, content_type=MERGE, **options)

    def apply(self, path: str, body: Any, manager: str = "me", **options: Any) -> Answer:
        path += f"{'&' if '?' in path else '?'}fieldManager={manager}"
        return self.ask("PATCH", path, body, content_type=APPLY, **options)

    def advance(self, milliseconds: int) -> None:
        """Let time pass, with what is due on the way."""
        self.clock.move_to(self.clock.now_ms + milliseconds)
        self.api.expire_watches()


def _answer(response: Response) -> Answer:
    is_json = response.headers.get("content-type", "").startswith(JSON)
    body = json.loads(response.body) if is_json and response.body else response.body
    return Answer(response.status, body, dict(response.headers), response.warnings, response.stream)


def events(stream: Stream | None) -> list[tuple[str, Any]]:
    """Everything that waits in a watch, as type and object."""
    assert stream is not None
    lines = b"".join(frame.data for frame in stream.read(10**9)).splitlines()
    decoded = [json.loads(line) for line in lines]
    return [(event["type"], event["object"]) for event in decoded]


def told(stream: Stream | None) -> list[str]:
    """The events of a watch as `ADDED a`."""
    return [f"{type_} {obj['metadata'].get('name', '')}" for type_, obj in events(stream)]


def config(name: str, data: dict[str, str] | None = None, **metadata: Any) -> dict[str, Any]:
    """A ConfigMap."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, **metadata},
        "data": data or {},
    }


CONFIGS = "/api/v1/namespaces/default/configmaps"
PODS = "/api/v1/namespaces/default/pods"
DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
SERVICES = "/api/v1/namespaces/default/services"


class EchoingNodes:
    """Nodes that answer by saying what they were asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def log(self, pod: dict[str, Any], options: LogOptions) -> bytes | Stream:
        self.asked.append(options)
        return Told([b"line\n"]) if options.follow else b"line 1\nline 2\n"

    def exec(self, pod: dict[str, Any], options: ExecOptions) -> Stream:
        self.asked.append(options)
        return Told([" ".join(options.command).encode()])

    def attach(self, pod: dict[str, Any], options: ExecOptions) -> Stream:
        self.asked.append(options)
        return Told([options.container.encode()])

    def port_forward(self, pod: dict[str, Any], port: int) -> Stream:
        self.asked.append(port)
        return Told([str(port).encode()])

    def http(
        self, host: str, port: int, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> Response:
        self.asked.append((host, port, method, path, body))
        return Response(200, b"hello", {"content-type": "text/plain"})


class Told:
    """A stream that ends after what it has to say."""

    def __init__(self, parts: list[bytes]) -> None:
        self._frames = [Frame(STDOUT, part) for part in parts]
        self.on_ready = None

    @property
    def is_done(self) -> bool:
        return not self._frames

    def read(self, bytes_max: int = 65536) -> list[Frame]:
        frames, self._frames = self._frames, []
        return frames

    def write(self, frame: Frame) -> None:
        raise AssertionError("nothing is expected")

    def end_input(self, channel: int = 0) -> None:
        return

    def close(self) -> None:
        self._frames = []
