"""The request that curl's options make."""

from __future__ import annotations

import base64
from urllib.parse import quote

from cluster_engine.network.http import HttpRequest
from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Invocation, UsageError, encoded
from cluster_engine.shell.commands.options import Options
from cluster_engine.shell.commands.urls import Url

AGENT = "curl/7.88.1"
_BODIES = ("d", "data-raw", "data-binary", "data-urlencode", "json")


def build_request(
    invocation: Invocation, options: Options, url: Url, *, is_first: bool
) -> HttpRequest:
    """The request for a URL; what a redirect leads to is asked for without a body."""
    body, kind = _body(invocation, options) if is_first else (None, "")
    if "T" in options and is_first:
        body, kind = _file(invocation, options["T"]), ""
    path = url.path
    if "G" in options and body is not None:
        path += ("&" if "?" in path else "?") + body.decode("utf-8", "surrogateescape")
        body = None
    headers = {"host": url.place}
    user = options.get("u") or url.user
    if user:
        headers["authorization"] = f"Basic {base64.b64encode(encoded(user)).decode()}"
    headers |= {"user-agent": options.get("A", AGENT), "accept": "*/*"}
    if "b" in options and "=" in options["b"]:
        headers["cookie"] = options["b"]
    if "e" in options:
        headers["referer"] = options["e"]
    if "r" in options:
        headers["range"] = f"bytes={options['r']}"
    if body is not None:
        headers["content-length"] = str(len(body))
        if kind:
            headers["content-type"] = kind
        if "json" in options:
            headers["accept"] = "application/json"
    for name, text in _given(options):
        headers.pop(name, None)
        if text:
            headers[name] = text
    return HttpRequest(_method(options, body, is_first), path, headers, body or b"")


def _given(options: Options) -> list[tuple[str, str]]:
    pairs = []
    for line in options.all("H"):
        name, colon, text = line.partition(":")
        if not colon and line.endswith(";"):
            name = line[:-1]
        pairs.append((name.strip().lower(), text.strip()))
    return pairs


def _method(options: Options, body: bytes | None, is_first: bool) -> str:
    if "X" in options and (is_first or options["X"] in ("GET", "HEAD")):
        return options["X"]
    if "I" in options:
        return "HEAD"
    if "T" in options and is_first:
        return "PUT"
    return "POST" if body is not None else "GET"


def _body(invocation: Invocation, options: Options) -> tuple[bytes | None, str]:
    """The body and its type; None without one."""
    parts: list[bytes] = []
    for letter, value in options.given:
        if letter == "F":
            return _form(invocation, options)
        if letter not in _BODIES:
            continue
        if value.startswith("@") and letter not in ("data-raw", "data-urlencode"):
            content = _file(invocation, value[1:])
            if letter == "d":
                content = content.replace(b"\r", b"").replace(b"\n", b"")
            parts.append(content)
        elif letter == "data-urlencode":
            name, equals, text = value.partition("=")
            prefix = f"{name}=" if equals and name else ""
            parts.append(encoded(prefix + quote(text if equals else value, safe="")))
        else:
            parts.append(encoded(value))
    if not parts:
        return None, ""
    if "json" in options:
        return b"".join(parts), "application/json"
    return b"&".join(parts), "application/x-www-form-urlencoded"


def _form(invocation: Invocation, options: Options) -> tuple[bytes, str]:
    boundary = "------------------------" + invocation.system.random(8).hex()
    pieces = []
    for field in options.all("F"):
        name, _, value = field.partition("=")
        extra, content = "", encoded(value)
        if value.startswith("@"):
            path = value[1:].partition(";")[0]
            content = _file(invocation, path)
            extra = f'; filename="{path.rpartition("/")[2]}"'
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
        pieces.append(head.encode() + content + b"\r\n")
    body = b"".join(pieces) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def _file(invocation: Invocation, path: str) -> bytes:
    if path in ("-", "."):
        return invocation.stdin
    try:
        return invocation.system.read_file(path)
    except Errno:
        text = "(26) Failed to open/read local data from file/application"
        raise UsageError(text, 26) from None
