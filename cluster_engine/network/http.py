"""HTTP/1.1 without sockets: requests and replies as values, parsed from and written to bytes.

The fabric uses it to connect byte streams to servers that answer whole requests; programs that
speak HTTP over a stream of their own may use it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HEAD_BYTES_MAX = 64 * 1024
BODY_BYTES_MAX = 8 * 1024 * 1024

_REASONS = {
    200: "OK",
    201: "Created",
    204: "No Content",
    206: "Partial Content",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Request Entity Too Large",
    418: "I'm a teapot",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class BadRequest(Exception):
    """The bytes are not an HTTP request (or too large a one)."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it reaches a server. Header names are lower case."""

    method: str
    #: With the query, as on the request line.
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    source_ip: str = ""
    ip: str = ""
    port: int = 0


@dataclass(slots=True)
class HttpReply:
    """A server's answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def reason(status: int) -> str:
    """The words after a status code."""
    return _REASONS.get(status, "Unknown")


def take_request(buffer: bytearray) -> HttpRequest | None:
    """Cut one complete request off `buffer`; None when it has not all come. Raises BadRequest."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        if len(buffer) > HEAD_BYTES_MAX:
            raise BadRequest("head too large")
        return None
    lines = bytes(buffer[:end]).decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/"):
        raise BadRequest("not a request line")
    headers = _headers(lines[1:])
    if words[2] == "HTTP/1.0":
        headers.setdefault("connection", "close")
    start = end + 4
    if headers.get("transfer-encoding", "").lower() == "chunked":
        chunked = _chunked(buffer, start)
        if chunked is None:
            return None
        body, stop = chunked
    else:
        stop = start + _length(headers)
        if len(buffer) < stop:
            return None
        body = bytes(buffer[start:stop])
    del buffer[:stop]
    return HttpRequest(words[0], words[1], headers, body)


def reply_bytes(reply: HttpReply, *, is_head: bool = False) -> bytes:
    """The reply as it goes over a stream; the length is set here."""
    lines = [f"HTTP/1.1 {reply.status} {reason(reply.status)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if not any(name.lower() == "content-length" for name in reply.headers):
        lines.append(f"Content-Length: {len(reply.body)}")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head if is_head else head + reply.body


def request_bytes(request: HttpRequest) -> bytes:
    """The request as it goes over a stream."""
    lines = [f"{request.method} {request.path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    if request.body and "content-length" not in request.headers:
        lines.append(f"content-length: {len(request.body)}")
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + request.body


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise BadRequest("not a header line")
        headers[name.strip().lower()] = value.strip()
    return headers


def _length(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length", "0")
    if not text.isdecimal() or int(text) > BODY_BYTES_MAX:
        raise BadRequest("bad content length")
    return int(text)


def _chunked(buffer: bytearray, start: int) -> tuple[bytes, int] | None:
    body = bytearray()
    while True:
        line_end = buffer.find(b"\r\n", start)
        if line_end < 0:
            return None
        try:
            size = int(bytes(buffer[start:line_end]).split(b";")[0], 16)
        except ValueError:
            raise BadRequest("bad chunk") from None
        if len(body) + size > BODY_BYTES_MAX:
            raise BadRequest("body too large")
        start = line_end + 2
        if len(buffer) < start + size + 2:
            return None
        body += buffer[start : start + size]
        start += size + 2
        if size == 0:
            return bytes(body), start
