"""curl: HTTP requests inside the cluster's network."""

from __future__ import annotations

import base64
from urllib.parse import urljoin

from cluster_engine.network.connection import NetworkError
from cluster_engine.network.http import HttpReply, HttpRequest, reason
from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import Options, parse_words
from cluster_engine.shell.commands.urls import Url, curl_trouble, parse_url

_FLAGS, _VALUED = "sSkLiIvfgGjNO4#06", "oXdHumAebwxTFrcK"
_LONG = {
    "silent": "s",
    "show-error": "S",
    "insecure": "k",
    "location": "L",
    "include": "i",
    "head": "I",
    "verbose": "v",
    "fail": "f",
    "output": "o",
    "request": "X",
    "data": "d",
    "data-raw": "d",
    "data-binary": "d",
    "json": "json=",
    "header": "H",
    "user": "u",
    "max-time": "m",
    "connect-timeout": "connect-timeout=",
    "retry": "retry=",
    "user-agent": "A",
    "write-out": "w",
    "remote-name": "O",
    "cacert": "cacert=",
    "cert": "cert=",
    "key": "key=",
    "http1.1": "http1.1",
    "no-progress-meter": "s",
    "compressed": "compressed",
    "url": "url=",
}
_REDIRECTS_MAX = 20
_VERSION = "curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1"


def run(invocation: Invocation) -> int:
    """Fetch each URL."""
    words = invocation.arguments[1:]
    if "--version" in words or "-V" in words:
        invocation.line(_VERSION)
        return 0
    headers = _headers(words)
    bodies = _bodies(invocation, words)
    options, urls = parse_words("curl", words, _FLAGS, _VALUED, _LONG, 2)
    if "url" in options:
        urls.append(options["url"])
    if not urls:
        raise UsageError("try 'curl --help' for more information", 2)
    code = 0
    for text in urls:
        code = _fetch(invocation, text, options, headers, bodies)
    return code


def _headers(words: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for position, word in enumerate(words[:-1]):
        if word in ("-H", "--header"):
            name, _, text = words[position + 1].partition(":")
            headers[name.strip().lower()] = text.strip()
    return headers


def _bodies(invocation: Invocation, words: list[str]) -> bytes | None:
    parts: list[bytes] = []
    names = ("-d", "--data", "--data-raw", "--data-binary", "--json")
    for position, word in enumerate(words[:-1]):
        if word not in names:
            continue
        value = words[position + 1]
        if value.startswith("@") and word != "--data-raw":
            content = invocation.stdin if value == "@-" else invocation.read(value[1:])
            parts.append(content or b"")
        else:
            parts.append(value.encode("utf-8", "surrogateescape"))
    return b"&".join(parts) if parts else None


def _request(
    options: Options, url: Url, headers: dict[str, str], body: bytes | None
) -> HttpRequest:
    sent = {"host": url.host if url.port == 80 else f"{url.host}:{url.port}"}
    sent |= {"user-agent": options.get("A", "curl/7.88.1"), "accept": "*/*"}
    if body is not None:
        kind = "application/json" if "json" in options else "application/x-www-form-urlencoded"
        sent |= {"content-type": kind, "content-length": str(len(body))}
    if "u" in options:
        token = base64.b64encode(options["u"].encode()).decode()
        sent["authorization"] = f"Basic {token}"
    sent |= headers
    method = options.get("X") or (
        "HEAD" if "I" in options else "POST" if body is not None else "GET"
    )
    return HttpRequest(method, url.path, sent, body or b"")


def _fetch(
    invocation: Invocation,
    text: str,
    options: Options,
    headers: dict[str, str],
    body: bytes | None,
) -> int:
    is_loud = "s" not in options or "S" in options
    for _ in range(_REDIRECTS_MAX):
        try:
            url = parse_url(text)
            request = _request(options, url, headers, body)
            _trace(invocation, options, url, request)
            reply = invocation.system.http(url.host, request, url.port)
        except NetworkError as error:
            seconds = float(options.get("m") or options.get("connect-timeout") or 5)
            code, words = curl_trouble(error, url, round(seconds * 1000))
            if is_loud:
                invocation.complain(f"({code}) {words}")
            _write_out(invocation, options, 0, b"")
            return code
        except Errno:
            if is_loud:
                invocation.complain("(56) Recv failure: Connection reset by peer")
            return 56
        except UsageError as error:
            invocation.complain(str(error))
            return error.code
        location = reply.headers.get("location")
        if "L" not in options or location is None or reply.status // 100 != 3:
            return _show(invocation, options, reply, text, is_loud)
        text = urljoin(f"{url.scheme}://{url.host}:{url.port}{url.path}", location)
    invocation.complain(f"(47) Maximum ({_REDIRECTS_MAX}) redirects followed")
    return 47


def _trace(invocation: Invocation, options: Options, url: Url, request: HttpRequest) -> None:
    if "v" not in options:
        return
    addresses = invocation.system.resolve(url.host) or [url.host]
    lines = [f"*   Trying {addresses[0]}:{url.port}..."]
    lines.append(f"* Connected to {url.host} ({addresses[0]}) port {url.port} (#0)")
    lines.append(f"> {request.method} {request.path} HTTP/1.1")
    lines += [f"> {_title(name)}: {value}" for name, value in request.headers.items()]
    lines.append(">")
    invocation.err += "".join(f"{line} \n" for line in lines).encode()


def _show(
    invocation: Invocation, options: Options, reply: HttpReply, url: str, is_loud: bool
) -> int:
    head = [f"HTTP/1.1 {reply.status} {reason(reply.status)}"]
    headers = {**reply.headers}
    headers.setdefault("content-length", str(len(reply.body)))
    head += [f"{_title(name)}: {value}" for name, value in headers.items() if value]
    if "v" in options:
        invocation.err += "".join(f"< {line}\n" for line in [*head, ""]).encode()
    if "f" in options and reply.status >= 400:
        if is_loud:
            invocation.complain(f"(22) The requested URL returned error: {reply.status}")
        _write_out(invocation, options, reply.status, b"")
        return 22
    shown = b""
    if "i" in options or "I" in options:
        shown += "".join(f"{line}\r\n" for line in [*head, ""]).encode()
    if "I" not in options:
        shown += reply.body
    target = options.get("o") or (url.rstrip("/").rpartition("/")[2] if "O" in options else "")
    if target == "/dev/null":
        shown = b""
    if target and target not in ("-", "/dev/null"):
        try:
            invocation.system.write_file(target, shown)
        except Errno as error:
            invocation.complain(f"(23) Failure writing output to destination: {error.text}")
            return 23
    else:
        invocation.say(shown)
    _write_out(invocation, options, reply.status, reply.body)
    return 0


def _write_out(invocation: Invocation, options: Options, status: int, body: bytes) -> None:
    if "w" not in options:
        return
    text = options["w"].replace("\\n", "\n").replace("\\t", "\t")
    facts = {
        "http_code": f"{status:03}",
        "response_code": f"{status:03}",
        "size_download": str(len(body)),
        "time_total": "0.001",
    }
    for name, value in facts.items():
        text = text.replace(f"%{{{name}}}", value)
    invocation.say(text)


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


COMMAND = Command("curl", run)
