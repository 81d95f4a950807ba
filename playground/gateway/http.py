"""HTTP requests of the Kubernetes API: whole answers, and streams that end when the client goes."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

from cluster_engine.apimachinery.errors import (
    bad_request,
    forbidden,
    method_not_allowed,
    too_large,
)
from cluster_engine.apiserver.requests import Request
from playground.gateway.door import Grant, Scope, caller_of, command_of, header_values
from playground.hosting.host import Answer, ClusterHost, Conversation

#: Paths that only make sense over an upgraded connection.
CONNECT_PATH = re.compile(r"/api/v1/namespaces/[^/]+/pods/[^/]+/(exec|attach|portforward)")
_READING = frozenset(("GET", "HEAD", "OPTIONS"))
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
#: Paths that only ask a question, though they are posted.
_QUESTION_PATH = re.compile(r"/apis/authorization\.k8s\.io/v1/.*|/apis/authentication\.k8s\.io/.*")
#: What a page of the cluster may do in a browser that is also on our site: nothing.
_SANDBOX = (
    b"sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
)
_CONNECTION_HEADERS = frozenset(("connection", "transfer-encoding", "content-length", "keep-alive"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_THREAD_BYTES_MIN = 512 * 1024
_SPDY_REFUSED = (
    "this server speaks exec, attach and port-forward over WebSockets only, not SPDY; "
    "use kubectl 1.31 or later (1.30 with KUBECTL_REMOTE_COMMAND_WEBSOCKETS=true)"
)


class _Manners(Protocol):
    @property
    def request_bytes_max(self) -> int: ...
    @property
    def gzip_bytes_min(self) -> int: ...
    @property
    def is_beside_a_site(self) -> bool: ...


class Exchange:
    """One HTTP request and its answer."""

    def __init__(
        self,
        scope: Scope,
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
        manners: _Manners,
    ) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.headers = header_values(scope)
        self.receive = receive
        self._send = send
        self._manners = manners
        self._is_started = False
        self._is_whole = False

    async def body(self) -> bytes:
        """The whole request body. Raises ApiError when it is too large."""
        most = self._manners.request_bytes_max
        message = await self.receive()
        body: bytes = message.get("body", b"")
        if message.get("more_body"):
            parts, length = [body], len(body)
            while message.get("more_body"):
                message = await self.receive()
                if message["type"] == "http.disconnect":
                    raise bad_request("the client left before its request was whole")
                parts.append(message.get("body", b""))
                length += len(parts[-1])
                if length > most:
                    break
            body = b"".join(parts)
        if len(body) > most:
            raise too_large(f"Request entity too large: limit is {most}")
        return body

    async def answer(self, answer: Answer) -> None:
        """Send a whole answer, unless one has begun."""
        if self._is_started:
            return
        body = answer.body
        headers = self._header_list(answer)
        if self._is_worth_packing(body, answer.headers):
            body = await _packed(body)
            headers += [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
        headers.append((b"content-length", b"%d" % len(body)))
        self._is_started = True
        await self._send(
            {"type": "http.response.start", "status": answer.status, "headers": headers}
        )
        self._is_whole = True
        is_bodyless = self.method == "HEAD"
        await self._send({"type": "http.response.body", "body": b"" if is_bodyless else body})

    async def begin(self, answer: Answer) -> None:
        """Send the head of a streamed answer."""
        self._is_started = True
        headers = self._header_list(answer)
        await self._send(
            {"type": "http.response.start", "status": answer.status, "headers": headers}
        )
        await self._send({"type": "http.response.body", "body": b"", "more_body": True})

    async def chunk(self, data: bytes) -> None:
        """Send a piece of a streamed answer."""
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self) -> None:
        """End a streamed answer."""
        self._is_whole = True
        await self._send({"type": "http.response.body", "body": b""})

    async def abandon(self, answer: Answer) -> None:
        """Refuse after all; what has begun just ends."""
        if not self._is_started:
            await self.answer(answer)
        elif not self._is_whole:
            await self.end()

    def _is_worth_packing(self, body: bytes, headers: dict[str, str]) -> bool:
        least = self._manners.gzip_bytes_min
        return (
            bool(least)
            and len(body) >= least
            and "gzip" in self.headers.get("accept-encoding", "")
            and "content-encoding" not in headers
        )

    def _header_list(self, answer: Answer) -> list[tuple[bytes, bytes]]:
        hidden = _CONNECTION_HEADERS
        if self._manners.is_beside_a_site:
            hidden = hidden | {"set-cookie", "content-security-policy"}
        headers = [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in answer.headers.items()
            if name.lower() not in hidden
        ]
        headers += [(b"warning", _warning(text)) for text in answer.warnings]
        if self._manners.is_beside_a_site:
            headers.append((b"content-security-policy", _SANDBOX))
            headers.append((b"x-content-type-options", b"nosniff"))
            headers.append((b"referrer-policy", b"no-referrer"))
        return headers

    def request(self, grant: Grant, body: bytes, query: str) -> Request:
        """The request as the cluster gets it."""
        headers = self.headers
        if self._manners.is_beside_a_site:
            headers.pop("cookie", None)
        if grant.user is not None:
            headers.pop("authorization", None)
        return Request(
            self.method,
            grant.path,
            query,
            headers,
            body,
            grant.user,
            request_id=command_of(headers),
            caller=caller_of(grant, headers),
        )


async def serve(host: ClusterHost, grant: Grant, exchange: Exchange) -> None:
    """Answer one request. Raises ApiError for refusals of the gateway."""
    check(grant, exchange.method)
    if CONNECT_PATH.fullmatch(grant.path):
        missing = await _missing_pod(host, grant, exchange)
        if missing is not None:
            await exchange.answer(missing)
            return
        is_spdy = exchange.headers.get("upgrade", "").lower().startswith("spdy/")
        raise bad_request(_SPDY_REFUSED if is_spdy else "Upgrade request required")
    body = await exchange.body()
    query = exchange.scope.get("query_string", b"").decode("latin-1")
    query, timeout_s = _without_timeout(query)
    answer = await host.call(grant.cluster_id, exchange.request(grant, body, query))
    if answer.stream is None:
        await exchange.answer(answer)
    else:
        await _stream(exchange, answer, answer.stream, timeout_s)


async def _missing_pod(host: ClusterHost, grant: Grant, exchange: Exchange) -> Answer | None:
    """The answer when there is no such pod, which counts before how one asked."""
    request = exchange.request(grant, b"", "")
    path = grant.path.rpartition("/")[0]
    answer = await host.call(grant.cluster_id, replace(request, method="GET", path=path))
    return answer if answer.status == 404 else None


def check(grant: Grant, method: str) -> None:
    """Refuse methods that do not exist, and changes once the session has ended."""
    if method not in _METHODS:
        raise method_not_allowed()
    if not grant.read_only_reason or method in _READING or _QUESTION_PATH.fullmatch(grant.path):
        return
    raise forbidden("", "", grant.read_only_reason)


async def _stream(
    exchange: Exchange, answer: Answer, stream: Conversation, timeout_s: float | None
) -> None:
    """Pass frames on until the stream ends, the client goes or the time is up."""
    timer = None
    if timeout_s is not None:
        timer = asyncio.get_running_loop().call_later(timeout_s, stream.close)
    leaving = asyncio.ensure_future(_close_when_gone(exchange, stream))
    try:
        await exchange.begin(answer)
        while frames := await stream.read():
            await exchange.chunk(
                frames[0].data if len(frames) == 1 else b"".join(f.data for f in frames)
            )
        if not leaving.done():
            await exchange.end()
    finally:
        leaving.cancel()
        if timer is not None:
            timer.cancel()
        stream.close()


async def _close_when_gone(exchange: Exchange, stream: Conversation) -> None:
    while (await exchange.receive())["type"] != "http.disconnect":
        pass
    stream.close()


def _without_timeout(query: str) -> tuple[str, float | None]:
    """A watch's `timeoutSeconds` is wall time, and ours to keep."""
    if "watch" not in query or "timeoutSeconds" not in query:
        return query, None
    pairs = parse_qsl(query, keep_blank_values=True)
    named = dict(pairs)
    if named.get("watch", "").lower() not in ("1", "t", "true"):
        return query, None
    try:
        seconds = float(named["timeoutSeconds"])
    except ValueError:
        return query, None
    rest = [(name, value) for name, value in pairs if name != "timeoutSeconds"]
    return urlencode(rest), seconds if seconds > 0 else None


def _warning(text: str) -> bytes:
    quoted = _CONTROL.sub(" ", text).replace("\\", "\\\\").replace('"', '\\"')
    return f'299 - "{quoted}"'.encode()


async def _packed(body: bytes) -> bytes:
    if len(body) >= _THREAD_BYTES_MIN:
        return await asyncio.to_thread(_gzip, body)
    return _gzip(body)


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()
