"""The main job, measured: creation, memory, one pod, a thousand pods, frames to a viewer.

Prints one JSON object a line. What goes over HTTP goes to `manage.py cluster` in a process of its
own, as an outside client would; creation, memory and frames are measured in this process.
"""

from __future__ import annotations

import gc
import http.client
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from cluster_engine import ADMIN, Cluster, ClusterSpec, Request

ROOT = Path(__file__).resolve().parent.parent
PODS = "/api/v1/namespaces/default/pods"


def report(name: str, **numbers: Any) -> None:
    """Print one result."""
    print(json.dumps({"benchmark": name, **numbers}), flush=True)


def resident_bytes() -> int:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def measure_creation(rounds: int = 200) -> None:
    """From nothing to three Ready nodes, in milliseconds."""
    Cluster(ClusterSpec())
    times = []
    for seed in range(rounds):
        start = time.perf_counter()
        cluster = Cluster(ClusterSpec(seed=seed))
        cluster.advance(cluster.now_ms)
        times.append((time.perf_counter() - start) * 1000)
        assert ready_nodes(cluster) == 3, "three nodes must be Ready"
    times.sort()
    report(
        "creation",
        p50_ms=round(statistics.median(times), 2),
        p95_ms=round(times[int(len(times) * 0.95)], 2),
        rounds=rounds,
    )


def ready_nodes(cluster: Cluster) -> int:
    """How many nodes say they are Ready."""
    answer = cluster.handle(Request("GET", "/api/v1/nodes", user=ADMIN))
    return sum(
        any(c["type"] == "Ready" and c["status"] == "True" for c in node["status"]["conditions"])
        for node in orjson.loads(answer.body)["items"]
    )


def measure_memory(count: int = 1000) -> None:
    """Resident memory of an idle session, averaged over many."""
    gc.collect()
    before = resident_bytes()
    clusters = [Cluster(ClusterSpec(seed=seed)) for seed in range(count)]
    gc.collect()
    each = (resident_bytes() - before) / len(clusters)
    report("idle-memory", mib_per_session=round(each / 2**20, 3), sessions=count)


class Api:
    """One keep-alive connection to a foreground cluster."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else orjson.dumps(body)
        self._connection.request(method, path, data, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        text = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {text[:300]!r}")
        return orjson.loads(text)


def pod(name: str) -> dict[str, Any]:
    """A pod as the budgets mean it."""
    requests = {"cpu": "100m", "memory": "128Mi"}
    container = {"name": "main", "image": "nginx", "resources": {"requests": requests}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": "bench"}},
        "spec": {"containers": [container]},
    }


def all_run(api: Api) -> bool:
    """Whether no pod is in another phase than Running."""
    answer = api("GET", f"{PODS}?fieldSelector=status.phase%21%3DRunning&limit=1")
    return not answer["items"]


class ForegroundCluster:
    """`manage.py cluster` as a context."""

    def __init__(self, *options: str) -> None:
        self._kubeconfig = tempfile.NamedTemporaryFile(suffix=".yaml")  # noqa: SIM115
        command = [sys.executable, str(ROOT / "manage.py"), "cluster", "--port", "0"]
        command += ["--kubeconfig", self._kubeconfig.name]
        command += ["--speed", "max"]
        command += ["--profile", "instant", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.server = ""

    def __enter__(self) -> ForegroundCluster:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("ready "):
                self.server = line.split()[1]
                return self
        raise RuntimeError("the cluster did not start")

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=20)

    def resident_mib(self) -> float:
        """Resident memory of the server."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return round(pages * resource.getpagesize() / 2**20, 1)


def measure_one_pod(rounds: int = 50) -> None:
    """From sending one pod to seeing it Running, in milliseconds, over HTTP."""
    with ForegroundCluster("--nodes", "3") as cluster:
        api, times = Api(cluster.server), []
        for number in range(rounds):
            start = time.perf_counter()
            name = f"one-{number}"
            api("POST", PODS, pod(name))
            while api("GET", f"{PODS}/{name}")["status"].get("phase") != "Running":
                if time.perf_counter() - start > 10:
                    raise RuntimeError(f"{name} does not run")
            times.append((time.perf_counter() - start) * 1000)
        times.sort()
    report(
        "one-pod",
        p50_ms=round(statistics.median(times), 2),
        p95_ms=round(times[int(len(times) * 0.95)], 2),
        rounds=rounds,
    )


def measure_many(pods: int, nodes: int) -> None:
    """Pods a second from the first request to all Running, over HTTP on one connection."""
    with ForegroundCluster("--nodes", str(nodes)) as cluster:
        api = Api(cluster.server)
        start = time.perf_counter()
        for number in range(pods):
            api("POST", PODS, pod(f"many-{number}"))
        created = time.perf_counter() - start
        while not all_run(api):
            if time.perf_counter() - start > 120:
                raise RuntimeError(f"not all of {pods} pods run")
            time.sleep(0.005)
        seconds = time.perf_counter() - start
        start = time.perf_counter()
        api("GET", PODS)
        listed_ms = (time.perf_counter() - start) * 1000
        memory = cluster.resident_mib()
    report(
        f"{pods}-pods-{nodes}-nodes",
        pods_per_second=round(pods / seconds, 1),
        seconds=round(seconds, 3),
        created_seconds=round(created, 3),
        list_ms=round(listed_ms, 1),
        server_mib=memory,
    )


def measure_frames(pods: int = 1000, nodes: int = 100, frame_ms: int = 50) -> None:
    """Frames and bytes one viewer gets while the pods come up, at 20 frames a second at most."""
    cluster = Cluster(ClusterSpec(nodes=nodes, profile="instant"))
    viewer = cluster.viewer()
    frames = sent = 0
    busy = 0.0
    start = last = time.perf_counter()
    for number in range(pods):
        body = orjson.dumps(pod(f"seen-{number}"))
        headers = {"content-type": "application/json"}
        cluster.handle(Request("POST", PODS, headers=headers, body=body, user=ADMIN))
        cluster.advance(cluster.now_ms)
        now = time.perf_counter()
        if (now - last) * 1000 >= frame_ms or number == pods - 1:
            last = now
            while (frame := viewer.frame()) is not None:
                frames, sent = frames + 1, sent + len(orjson.dumps(frame))
            busy += time.perf_counter() - now
    seconds = time.perf_counter() - start
    report(
        "frames",
        frames=frames,
        kib=round(sent / 1024, 1),
        seconds=round(seconds, 3),
        projection_share=round(busy / seconds, 3),
        pods=pods,
        nodes=nodes,
    )


def main() -> None:
    """Run all, or those whose names are given."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings.local")
    tasks = {
        "creation": measure_creation,
        "memory": measure_memory,
        "one": measure_one_pod,
        "thousand": lambda: measure_many(1000, 100),
        "frames": measure_frames,
        "large": lambda: measure_many(5000, 1000),
    }
    for name in sys.argv[1:] or [name for name in tasks if name != "large"]:
        tasks[name]()


if __name__ == "__main__":
    main()
