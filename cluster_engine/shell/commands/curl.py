"""curl: HTTP requests inside the cluster's network."""

from __future__ import annotations

from urllib.parse import urljoin

from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.curl_options import parse_curl
from cluster_engine.shell.commands.curl_output import Meter, Transfer, write_out
from cluster_engine.shell.commands.curl_requests import build_request
from cluster_engine.shell.commands.exchanges import (
    Failure,
    address_of,
    exchange,
    header_lines,
    header_of,
    title,
)
from cluster_engine.shell.commands.options import Options
from cluster_engine.shell.commands.urls import Url, parse_url

_REDIRECTS_MAX = 50
_RETRIES_MAX = 20
_TIMEOUTS = ("timeout", "dns timeout")


def run(invocation: Invocation) -> int:
    """Fetch each URL."""
    options, urls = parse_curl(invocation)
    if "V" in options:
        invocation.say(_VERSION)
        return 0
    code = 0
    targets = options.all("o")
    for number, text in enumerate(urls):
        target = targets[number] if number < len(targets) else ""
        code = _Fetch(invocation, options, text, target).run()
    return code


class _Fetch:
    """One URL, with its redirects and retries."""

    def __init__(self, invocation: Invocation, options: Options, text: str, target: str) -> None:
        self._call = invocation
        self._options = options
        self._text = text
        self._target = target
        self._is_silent = "s" in options
        self._is_verbose = "v" in options
        self._transfer = Transfer(text)
        to_file = bool(target and target != "-") or "O" in options
        shows = not self._is_silent and "no-progress-meter" not in options
        has_room = to_file or not invocation.system.is_tty(1)
        self._meter = Meter(invocation, is_shown=shows and has_room)

    def run(self) -> int:
        """The exit code."""
        try:
            url = parse_url(self._text)
        except UsageError as error:
            self._trouble(str(error))
            return error.code
        self._meter.begin()
        retries = min(self._options.count("retry", 0), _RETRIES_MAX)
        while True:
            code = self._follow(url)
            if not retries or not self._may_retry(code):
                return code
            retries -= 1
            self._call.err.extend(
                b"Warning: Problem: timeout. Will retry in 1 seconds. %d retries left.\n" % retries
            )
            self._call.pause(1000)

    def _may_retry(self, code: int) -> bool:
        if code == 28 or self._transfer.status in (408, 429, 500, 502, 503, 504):
            return True
        return bool(code) and (
            "retry-all-errors" in self._options
            or (code == 7 and "retry-connrefused" in self._options)
        )

    def _trouble(self, text: str) -> None:
        if not self._is_silent or "S" in self._options:
            self._call.complain(text)

    def _follow(self, url: Url) -> int:
        redirects = self._options.count("max-redirs", _REDIRECTS_MAX)
        is_first = True
        while True:
            request = build_request(self._call, self._options, url, is_first=is_first)
            self._transfer.url = url.text
            reply = self._ask(url, request, is_first)
            if isinstance(reply, Failure):
                return self._failed(reply, url)
            location = header_of(reply, "location")
            is_redirect = reply.status // 100 == 3 and location is not None
            if "L" not in self._options or not is_redirect:
                return self._show(request, reply, url)
            if redirects <= 0:
                self._trouble(f"(47) Maximum ({_REDIRECTS_MAX}) redirects followed")
                return 47
            redirects -= 1
            is_first = False
            url = parse_url(urljoin(url.text, location or ""))
            if self._is_verbose:
                self._trace_head(reply)
                self._note(f"* Connection #0 to host {url.host} left intact")
                self._note(f"* Issue another request to this URL: '{url.text}'")
            elif "i" in self._options or "I" in self._options:
                self._call.say(_head(reply))

    def _ask(self, url: Url, request: HttpRequest, is_first: bool) -> HttpReply | Failure:
        limits = [float(self._options[name]) for name in _LIMITS if name in self._options]
        limit_ms = round(min(limits) * 1000) if limits else 0
        if self._is_verbose:
            self._trace_request(url, request, is_first)
        return exchange(self._call, url.host, request, url.port, limit_ms)

    # What curl -v tells

    def _note(self, text: str) -> None:
        self._call.err.extend(f"{text}\n".encode("utf-8", "surrogateescape"))

    def _trace_request(self, url: Url, request: HttpRequest, is_first: bool) -> None:
        address = address_of(self._call, url.host)
        if is_first:
            self._note(f"*   Trying {address}:{url.port}...")
        self._pending = [f"* Connected to {url.host} ({address}) port {url.port} (#0)"]
        self._pending.append(f"> {request.method} {request.path} HTTP/1.1")
        self._pending += [f"> {title(name)}: {text}" for name, text in request.headers.items()]
        self._pending.append("> ")

    def _trace_head(self, reply: HttpReply) -> None:
        for line in self._pending:
            self._note(line)
        self._pending = []
        for line in _head(reply).split("\r\n")[:-1]:
            self._note(f"< {line}")

    # How it ends

    def _failed(self, failure: Failure, url: Url) -> int:
        code, text = _words(failure, url, "m" in self._options)
        if self._is_verbose:
            if failure.kind == "connection refused":
                address = address_of(self._call, url.host)
                self._note(f"* connect to {address} port {url.port} failed: Connection refused")
            self._note(f"* {text}")
            self._note("* Closing connection 0")
        self._meter.fail(is_resolved=code != 6, seconds=failure.after_ms // 1000)
        self._trouble(f"({code}) {text}")
        write_out(self._call, self._options, self._transfer)
        return code

    def _show(self, request: HttpRequest, reply: HttpReply, url: Url) -> int:
        call, options = self._call, self._options
        is_head = "I" in options
        body = b"" if is_head else reply.body
        self._transfer.reply = reply
        self._transfer.status = reply.status
        self._transfer.size = len(body)
        self._transfer.sent = len(request.body)
        if self._is_verbose:
            self._trace_head(reply)
        if ("f" in options or "fail-with-body" in options) and reply.status >= 400:
            self._meter.end(0, len(reply.body), 0)
            if "fail-with-body" in options:
                self._deliver(body, url)
            self._trouble(f"(22) The requested URL returned error: {reply.status}")
            write_out(call, options, self._transfer)
            return 22
        head = _head(reply).encode("utf-8", "replace")
        if "D" in options:
            self._dump_head(head)
        shown = (head if "i" in options or is_head else b"") + body
        length = int(header_of(reply, "content-length") or 0) if is_head else len(body)
        self._meter.end(len(body), length, len(request.body))
        code = self._deliver(shown, url)
        if self._is_verbose:
            self._note(f"* Connection #0 to host {url.host} left intact")
        write_out(call, options, self._transfer)
        return code

    def _dump_head(self, head: bytes) -> None:
        target = self._options["D"]
        if target == "-":
            self._call.say(head)
        else:
            self._call.system.write_file(target, head)

    def _deliver(self, data: bytes, url: Url) -> int:
        target = self._target
        if not target and "O" in self._options:
            target = url.file_name
            if not target:
                self._trouble("(23) Failed writing received data to disk/application")
                return 23
        if not target or target == "-":
            self._call.say(data)
            return 0
        folder = self._options.get("output-dir")
        path = f"{folder}/{target}" if folder else target
        try:
            if data or not self._call.system.exists(path):
                self._call.system.write_file(path, data)
        except Errno:
            self._trouble("(23) Failure writing output to destination")
            return 23
        return 0


_LIMITS = ("m", "connect-timeout")


def _words(failure: Failure, url: Url, has_limit: bool) -> tuple[int, str]:
    """curl's exit code and text for a failure."""
    if failure.kind == "dns timeout" and failure.is_limit:
        return 28, f"Resolving timed out after {failure.after_ms} milliseconds"
    if failure.kind in ("no such host", "dns timeout"):
        return 6, f"Could not resolve host: {url.host}"
    if failure.kind == "reset":
        return 56, "Recv failure: Connection reset by peer"
    place = f"Failed to connect to {url.host} port {url.port} after {failure.after_ms} ms"
    if failure.kind == "timeout":
        if failure.is_limit and has_limit:
            return 28, f"Connection timed out after {failure.after_ms} milliseconds"
        return 28, f"{place}: Timeout was reached"
    return 7, f"{place}: Couldn't connect to server"


def _head(reply: HttpReply) -> str:
    return "\r\n".join([*header_lines(reply), "", ""])


_VERSION = (
    "curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.17 zlib/1.2.13\n"
    "Release-Date: 2023-02-20, security patched: 7.88.1-10+deb12u14\n"
    "Protocols: http https\nFeatures: alt-svc AsynchDNS IPv6 Largefile libz SSL UnixSockets\n"
)

COMMAND = Command("curl", run)
