"""One post to one address: signed, and never to where it must not go."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from playground.reviews.sending.webhook import NotDelivered, Post, post, signature


class _Receiver(http.server.BaseHTTPRequestHandler):
    """Notes what comes, and answers with the status in the path."""

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.server.seen.append((self.path, dict(self.headers), self.rfile.read(length)))  # type: ignore[attr-defined]
        status = self.path.strip("/")
        self.send_response(int(status) if status.isdecimal() else 200)
        self.send_header("location", "http://169.254.169.254/")
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Quiet."""


@pytest.fixture
def receiver() -> Iterator[http.server.HTTPServer]:
    server = http.server.HTTPServer(("127.0.0.1", 0), _Receiver)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def _post(url: str, *, may_be_private: bool = True) -> Post:
    headers = {"content-type": "application/json"}
    return Post(url, b'{"a":1}', headers, 2.0, may_be_private=may_be_private)


def test_it_arrives_as_it_was_sent(receiver: http.server.HTTPServer) -> None:
    url = f"http://127.0.0.1:{receiver.server_port}/hooks?a=b"
    assert post(_post(url)) == 200
    [(path, headers, body)] = receiver.seen  # type: ignore[attr-defined]
    assert (path, body) == ("/hooks?a=b", b'{"a":1}')
    assert headers["Host"] == f"127.0.0.1:{receiver.server_port}"


@pytest.mark.parametrize("status", [400, 500, 302, 304])
def test_other_answers_are_no_delivery(receiver: http.server.HTTPServer, status: int) -> None:
    with pytest.raises(NotDelivered, match=str(status)):
        post(_post(f"http://127.0.0.1:{receiver.server_port}/{status}"))
    assert len(receiver.seen) == 1, "no redirect is followed"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0:{port}/",
        "http://[fd00::1]/",
        "http://224.0.0.1/",
        "http://100.64.0.1/",
        "https://127.0.0.1:{port}/",
    ],
)
def test_nothing_goes_to_addresses_that_are_not_public(
    receiver: http.server.HTTPServer, url: str
) -> None:
    with pytest.raises(NotDelivered, match="not a public address"):
        post(_post(url.format(port=receiver.server_port), may_be_private=False))
    assert receiver.seen == []  # type: ignore[attr-defined]


def test_a_name_cannot_lead_elsewhere_after_it_was_judged(
    receiver: http.server.HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer of the name server is public, every later one is not."""
    answers = iter(["203.0.113.1"])
    asked = []

    def resolve(host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
        asked.append(host)
        address = next(answers, "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    reached: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *rest: Any, **more: Any) -> socket.socket:
        reached.append(address)
        raise OSError("nobody there")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr("playground.reviews.sending.webhook._is_public", lambda text: True)
    with pytest.raises(NotDelivered, match="nobody there"):
        post(_post("http://hook.example/", may_be_private=False))
    assert reached == [("203.0.113.1", 80)] and asked == ["hook.example"]


@pytest.mark.parametrize(
    "url", ["ftp://a/", "nonsense", "http:///x", "http://a:99999/", "file:///"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(NotDelivered):
        post(_post(url))


def test_nobody_there_is_no_delivery() -> None:
    with pytest.raises(NotDelivered):
        post(_post("http://127.0.0.1:1/"))


def test_the_signature_is_over_the_moment_and_the_body() -> None:
    first = signature("key", "100", b"{}")
    assert first.startswith("sha256=") and len(first) == 71
    assert signature("key", "101", b"{}") != first != signature("key", "100", b"{ }")
    assert signature("other", "100", b"{}") != first
