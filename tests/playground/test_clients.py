"""Real clients as they are against `manage.py cluster`: kubectl 1.33 and 1.27, http and https.

The binaries are fetched by `make test` into .build/bin.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

BIN = Path(settings.PODYARD_BUILD_DIR) / "bin"
VERSIONS = ("1.33", "1.27")

MANIFEST = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-{tag}
data:
  color: teal
---
apiVersion: v1
kind: Pod
metadata:
  name: web-{tag}
  labels:
    app: web-{tag}
spec:
  containers:
  - name: web
    image: nginx
    ports:
    - containerPort: 80
"""


@dataclass
class Running:
    """A foreground cluster."""

    process: subprocess.Popen[str]
    url: str
    folder: Path

    def kubectl(
        self, version: str, *arguments: str, given: str = "", is_refused: bool = False
    ) -> str:
        """Run a command to its end; its output."""
        done = subprocess.run(
            [str(BIN / f"kubectl-{version}"), *arguments],
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            env=self.environment(),
            check=False,
        )
        assert (done.returncode != 0) == is_refused, done.stdout + done.stderr
        return done.stdout + (done.stderr if is_refused else "")

    def environment(self) -> dict[str, str]:
        """A clean home, so that nobody's kuberc or cache counts."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "KUBECONFIG": str(self.folder / "kubeconfig"),
        }


Start = Callable[..., Running]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts clusters, stops them at the end."""
    running: list[Running] = []

    def begin(*options: str) -> Running:
        folder = tmp_path_factory.mktemp("cluster")
        command = [sys.executable, "manage.py", "cluster", "--port", "0", "--profile", "instant"]
        command += ["--kubeconfig", str(folder / "kubeconfig"), *options]
        process = subprocess.Popen(
            command, cwd=settings.ROOT, stdout=subprocess.PIPE, text=True, env=_environment()
        )
        assert process.stdout is not None
        word, _, url = process.stdout.readline().strip().partition(" ")
        assert word == "ready"
        running.append(Running(process, url, folder))
        return running[-1]

    yield begin
    for one in running:
        one.process.send_signal(signal.SIGTERM)
    for one in running:
        one.process.wait(10)


def _environment() -> dict[str, str]:
    """As from a shell: pytest's own settings are for the site."""
    return {name: one for name, one in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


@pytest.fixture(scope="module")
def cluster(start: Start) -> Running:
    """One that these tests share."""
    return start()


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """Each kubectl."""
    return str(request.param)


def test_it_is_a_cluster_of_that_version(cluster: Running, version: str) -> None:
    shown = json.loads(cluster.kubectl(version, "version", "-o", "json"))
    assert shown["serverVersion"]["gitVersion"] == "v1.37.2"


def test_three_nodes_are_ready(cluster: Running, version: str) -> None:
    lines = cluster.kubectl(version, "get", "nodes").splitlines()
    assert lines[0].split()[:2] == ["NAME", "STATUS"]
    assert [line.split()[1] for line in lines[1:]] == ["Ready"] * 3


def test_what_is_applied_runs_and_goes(cluster: Running, version: str) -> None:
    tag = version.replace(".", "-")
    text = MANIFEST.format(tag=tag)
    said = cluster.kubectl(version, "apply", "-f", "-", given=text)
    assert said.splitlines() == [f"configmap/settings-{tag} created", f"pod/web-{tag} created"]
    again = cluster.kubectl(version, "apply", "-f", "-", given=text)
    assert again.splitlines() == [
        f"configmap/settings-{tag} unchanged",
        f"pod/web-{tag} unchanged",
    ]
    cluster.kubectl(version, "wait", "--for=condition=Ready", f"pod/web-{tag}", "--timeout=20s")
    described = cluster.kubectl(version, "describe", "pod", f"web-{tag}")
    assert "Successfully assigned" in described
    gone = cluster.kubectl(version, "delete", "-f", "-", "--wait", given=text)
    assert f'pod "web-{tag}"' in gone


def test_what_is_created_by_typed_commands_arrives(cluster: Running, version: str) -> None:
    name = f"typed-{version.replace('.', '-')}"
    cluster.kubectl(version, "create", "configmap", name, "--from-literal=a=b")
    cluster.kubectl(version, "create", "namespace", name)
    cluster.kubectl(version, "create", "deployment", name, "--image=nginx", "--replicas=2")
    cluster.kubectl(version, "rollout", "status", f"deployment/{name}", "--timeout=20s")
    cluster.kubectl(version, "scale", f"deployment/{name}", "--replicas=1")
    shown = cluster.kubectl(version, "get", f"configmap/{name}", "-o", "jsonpath={.data.a}")
    assert shown == "b"
    assert cluster.kubectl(version, "auth", "can-i", "create", "pods").strip() == "yes"
    cluster.kubectl(version, "delete", "deployment,configmap,namespace", name, "--wait=false")


def test_a_refusal_reads_as_kubernetes_words_it(cluster: Running, version: str) -> None:
    said = cluster.kubectl(version, "get", "pod", "nowhere", is_refused=True)
    assert said.strip() == 'Error from server (NotFound): pods "nowhere" not found'


@pytest.fixture(scope="module")
def web(cluster: Running) -> str:
    """A running pod."""
    cluster.kubectl("1.33", "run", "web", "--image=nginx", "--port=80")
    cluster.kubectl("1.33", "wait", "--for=condition=Ready", "pod/web", "--timeout=20s")
    return "web"


def test_a_command_runs_inside_a_container(cluster: Running, web: str) -> None:
    said = cluster.kubectl("1.33", "exec", web, "--", "sh", "-c", "echo hello; cat /etc/hostname")
    assert said.splitlines() == ["hello", "web"]


def test_a_command_reads_what_is_typed(cluster: Running, web: str) -> None:
    said = cluster.kubectl("1.33", "exec", "-i", web, "--", "cat", given="one\ntwo\n")
    assert said == "one\ntwo\n"


def test_a_failed_command_gives_its_exit_code(cluster: Running, web: str) -> None:
    said = cluster.kubectl("1.33", "exec", web, "--", "sh", "-c", "exit 7", is_refused=True)
    assert "command terminated with exit code 7" in said


def test_an_exec_that_is_refused_says_why(cluster: Running) -> None:
    said = cluster.kubectl("1.33", "exec", "nowhere", "--", "sh", is_refused=True)
    assert 'pods "nowhere" not found' in said


def test_an_old_exec_is_told_what_to_use(cluster: Running, web: str) -> None:
    said = cluster.kubectl("1.27", "exec", web, "--", "true", is_refused=True)
    assert "WebSockets only" in said


def test_logs_can_be_read(cluster: Running, web: str) -> None:
    assert "nginx" in cluster.kubectl("1.33", "logs", web)


def test_a_port_can_be_forwarded(cluster: Running, web: str) -> None:
    process = subprocess.Popen(
        [str(BIN / "kubectl-1.33"), "port-forward", f"pod/{web}", ":80"],
        stdout=subprocess.PIPE,
        text=True,
        env=cluster.environment(),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = int(line.split("->")[0].strip().rpartition(":")[2])
        for _ in range(2):
            answer = _get(port)
            assert answer.startswith(b"HTTP/1.1 200 OK")
            assert b"Welcome to nginx!" in answer
    finally:
        process.terminate()
        process.wait(10)


def _get(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def test_over_https_the_token_counts(start: Start) -> None:
    cluster = start("--tls")
    assert cluster.url.startswith("https://")
    lines = cluster.kubectl("1.33", "get", "nodes", "--no-headers").splitlines()
    assert len(lines) == 3
    said = cluster.kubectl("1.33", "get", "nodes", "--token=wrong", is_refused=True)
    assert "Unauthorized" in said or "must be logged in" in said


def test_the_api_server_alone_has_no_nodes(start: Start) -> None:
    cluster = start("--api-only")
    assert cluster.kubectl("1.33", "get", "nodes", "-o", "name") == ""


def test_it_stops_promptly_even_while_somebody_watches(start: Start) -> None:
    cluster = start("--no-default-nodes")
    watcher = subprocess.Popen(
        [str(BIN / "kubectl-1.33"), "get", "pods", "--watch"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=cluster.environment(),
    )
    cluster.kubectl("1.33", "create", "configmap", "mark")
    begin = time.monotonic()
    cluster.process.send_signal(signal.SIGTERM)
    assert cluster.process.wait(10) == 0
    assert time.monotonic() - begin < 3
    watcher.kill()
    watcher.wait(10)
