"""The site on PostgreSQL, in a process of its own, killed in the middle of work."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
READY_SECONDS = 60
WRITES = 25


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The site's, with a database of its own."""
    parts = urlsplit(os.environ["PODYARD_DATABASE_URL"])
    name = "served"
    with psycopg.connect(urlunsplit(parts), autocommit=True) as server:
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name}")
    yield {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "playground.settings.local",
        "PODYARD_VAR_DIR": str(tmp_path),
        "PODYARD_DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")),
    }


class Site:
    """`manage.py serve`, again and again on the same port."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = environment
        self._manage("migrate", "--no-input", "-v", "0").wait()
        self.start()

    def start(self) -> None:
        self._process = self._manage("serve", "--port", str(self.port))
        end = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            assert self._process.poll() is None, "the server has ended"
            assert time.monotonic() < end, "the server does not get ready"
            time.sleep(0.1)

    def stop(self, by: signal.Signals) -> None:
        self._process.send_signal(by)
        self._process.wait(timeout=20)

    def ask(self, method: str, address: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        url = address if "://" in address else self.url + address
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
        request.method = method
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def _manage(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=self._environment)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def test_what_was_answered_is_there_after_a_kill(environment: dict[str, str]) -> None:
    site = Site(environment)
    session = site.ask("POST", "/api/v1/sessions", {})
    configs = f"{session['server']}/api/v1/namespaces/default/configmaps"
    for number in range(WRITES):
        site.ask("POST", configs, {"metadata": {"name": f"c-{number:02}"}})
    site.stop(signal.SIGKILL)
    site.start()
    try:
        names = [item["metadata"]["name"] for item in site.ask("GET", configs)["items"]]
        assert [name for name in names if name.startswith("c-")] == [
            f"c-{number:02}" for number in range(WRITES)
        ]
        site.ask("POST", configs, {"metadata": {"name": "after"}})
    finally:
        site.stop(signal.SIGTERM)
