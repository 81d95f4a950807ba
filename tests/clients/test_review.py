"""Real kubectls in a session with review on: told in words, held back in every way they have."""

from __future__ import annotations

import http.cookiejar
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import BINARIES, ROOT
from tests.clients.kubectl import Kubectl

_READY_SECONDS = 60
_APP = """\
apiVersion: v1
kind: Namespace
metadata: {name: team}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: one, namespace: team}
data: {a: "1"}
"""


class Person:
    """A browser without a screen."""

    def __init__(self, site: str) -> None:
        self._site = site
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"content-type": "application/json"}
        headers |= {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
        data = None if body is None else json.dumps(body).encode()
        url = path if path.startswith("http") else f"{self._site}{path}"
        request = urllib.request.Request(url, data, headers, method=method)
        with self._opener.open(request) as answer:
            said = answer.read().decode()
        return json.loads(said) if said.startswith(("{", "[")) else said


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served site with a database of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PODYARD_VAR_DIR": str(tmp_path_factory.mktemp("var"))}
    environment["DJANGO_SETTINGS_MODULE"] = "playground.settings.local"
    manage = [sys.executable, "manage.py"]
    migrate = [*manage, "migrate", "--no-input", "-v", "0"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
    process = subprocess.Popen([*manage, "serve", "--port", str(port)], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    end = time.monotonic() + _READY_SECONDS
    while not _is_ready(url):
        assert process.poll() is None and time.monotonic() < end, "the site does not get ready"
        time.sleep(0.1)
    yield url
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("version", ["1.27", "1.33"])
def test_a_kubectl_is_held_back_and_told_where(site: str, version: str, tmp_path: Path) -> None:
    teacher, student = Person(site), Person(site)
    session = teacher.ask("POST", "/api/v1/sessions", {"nodes": 1})["id"]
    shares = f"/api/v1/sessions/{session}/shares"
    student.ask("GET", teacher.ask("POST", shares, {"role": "editor"})["url"])
    teacher.ask("PUT", f"/api/v1/sessions/{session}/review", {"on": True})
    config = tmp_path / "kubeconfig"
    config.write_text(student.ask("GET", f"/api/v1/sessions/{session}/kubeconfig"))
    kubectl = Kubectl(BINARIES / f"kubectl-{version}", config, tmp_path)

    said = kubectl("apply", "-f", "-", stdin=_APP, code=1)
    address = f"see {site}/review/{session}-1/"
    for name in ('namespaces "team"', 'configmaps "one"'):
        assert f"{name} is not created yet: it waits for review as submission 1, {address}" in said
    refused = {
        ("create", "deployment", "x", "--image=nginx"): 'deployments.apps "x" is not created yet',
        ("label", "node", "node-1", "a=b"): 'nodes "node-1" is not changed yet',
        ("delete", "service", "kubernetes"): 'services "kubernetes" is not deleted yet',
        ("apply", "--server-side", "-f", "-"): 'namespaces "team" is not applied yet',
    }
    for words, message in refused.items():
        assert message in kubectl(*words, stdin=_APP, code=1)
    assert "node/node-1 labeled (server dry run)" in kubectl(
        "label", "node", "node-1", "a=b", "--dry-run=server"
    )
    assert "NotFound" in kubectl("get", "namespace", "team", code=1)

    # The record is written a moment after the answer.
    end = time.monotonic() + _READY_SECONDS
    found = teacher.ask("GET", f"/api/v1/reviews/{session}-1")
    while found["version"] < 2 and time.monotonic() < end:
        time.sleep(0.05)
        found = teacher.ask("GET", f"/api/v1/reviews/{session}-1")
    assert found["title"] == "apply Namespace team, ConfigMap one" and found["version"] == 2
    rows = teacher.ask("GET", f"/api/v1/reviews?session={session}")["submissions"]
    assert [row["title"] for row in rows] == [
        "delete Service kubernetes",
        "patch Node node-1",
        "create Deployment x",
        "apply Namespace team, ConfigMap one",
    ]
    decisions = f"/api/v1/reviews/{session}-1/decisions"
    assert teacher.ask("POST", decisions, {"act": "approve"})["state"] == "applied"
    assert kubectl("get", "configmap", "one", "-n", "team", "-o", "jsonpath={.data.a}") == "1"
    assert kubectl("apply", "--server-side", "-f", "-", stdin=_APP, code=1), "and again it waits"
