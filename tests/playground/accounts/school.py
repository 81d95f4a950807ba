"""An OpenID provider on a port of this machine, as a school would have one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt


@dataclass
class School:
    """What it says of the person who logs in there, and what it was asked."""

    port: int = 0
    person: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its issuer."""
        return f"http://127.0.0.1:{self.port}"

    def app(self) -> dict[str, Any]:
        """As `PODYARD_OIDC_PROVIDERS` becomes in the settings."""
        return {
            "provider_id": "school",
            "name": "Our School",
            "client_id": "podyard",
            "secret": "shared",
            "settings": {
                "server_url": self.url,
                "oauth_pkce_enabled": True,
                "authorize_origin": "",
            },
        }

    def answer(self, path: str, form: dict[str, list[str]]) -> dict[str, Any]:
        """One of its endpoints."""
        if path.endswith("/.well-known/openid-configuration"):
            ends = {
                "authorization_endpoint": "authorize",
                "token_endpoint": "token",
                "userinfo_endpoint": "userinfo",
                "jwks_uri": "jwks",
            }
            return {"issuer": self.url} | {name: f"{self.url}/{end}" for name, end in ends.items()}
        if path == "/token":
            self.asked.append(form["code_verifier"][0])
            claims = {"iss": self.url, "aud": "podyard", "exp": 4_000_000_000, "iat": 1}
            token = jwt.encode({**claims, **self.person}, "x" * 32, algorithm="HS256")
            return {"access_token": "access", "token_type": "Bearer", "id_token": token}
        return dict(self.person)


@contextmanager
def open_school() -> Iterator[School]:
    """Serve until the end of the block."""
    school = School()

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            length = int(self.headers.get("content-length", 0))
            form = parse_qs(self.rfile.read(length).decode())
            body = json.dumps(school.answer(urlsplit(self.path).path, form)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _reply

        def log_message(self, *arguments: Any) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    school.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield school
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
