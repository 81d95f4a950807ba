"""wget: fetches a file over HTTP; GNU's and BusyBox' ways of saying so."""

from __future__ import annotations

from cluster_engine.network.connection import NetworkError
from cluster_engine.network.http import HttpRequest, reason
from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.urls import Url, parse_url

_LONG = {
    "output-document": "O",
    "quiet": "q",
    "timeout": "T",
    "tries": "t",
    "spider": "spider",
    "no-check-certificate": "no-check-certificate",
    "header": "header=",
    "post-data": "post-data=",
    "server-response": "S",
    "no-verbose": "n",
}


def run(invocation: Invocation) -> int:
    """Fetch each URL into a file, or with -O - to standard output."""
    options, urls = parse(invocation, "qScvn", "OTtPUY", _LONG)
    if not urls:
        raise UsageError("missing URL\nUsage: wget [OPTION]... [URL]...")
    code = 0
    for text in urls:
        code = code or _fetch(invocation, parse_url(text, 1), options)
    return code


def _fetch(invocation: Invocation, url: Url, options: Options) -> int:
    host = url.host if url.port == 80 else f"{url.host}:{url.port}"
    headers = {"host": host, "user-agent": "Wget", "accept": "*/*"}
    if "header" in options:
        name, _, value = options["header"].partition(":")
        headers[name.strip().lower()] = value.strip()
    body = options.get("post-data", "").encode()
    method = "POST" if "post-data" in options else "HEAD" if "spider" in options else "GET"
    is_quiet = "q" in options
    shown = f"{url.host} ({url.host}:{url.port})"
    if not is_quiet:
        invocation.err += f"Connecting to {shown}\n".encode()
    try:
        reply = invocation.system.http(
            url.host, HttpRequest(method, url.path, headers, body), url.port
        )
    except NetworkError as error:
        if error.kind in ("no such host", "dns timeout"):
            invocation.complain(f"bad address '{host}'")
        elif error.kind == "timeout":
            invocation.complain("download timed out")
        else:
            words = (
                "Connection refused" if error.kind == "connection refused" else "No route to host"
            )
            invocation.complain(
                f"can't connect to remote host ({_address(invocation, url)}): {words}"
            )
        return 1
    except Errno:
        invocation.complain("error getting response: Connection reset by peer")
        return 1
    if reply.status >= 400:
        invocation.complain(
            f"server returned error: HTTP/1.1 {reply.status} {reason(reply.status)}"
        )
        return 1
    if "spider" in options:
        if not is_quiet:
            invocation.err += b"remote file exists\n"
        return 0
    target = options.get("O") or url.path.partition("?")[0].rpartition("/")[2] or "index.html"
    if target == "-":
        invocation.say(reply.body)
        if not is_quiet:
            invocation.err += (
                f"writing to stdout\n{_bar('-', len(reply.body))}written to stdout\n".encode()
            )
        return 0
    if "O" not in options and invocation.system.exists(target):
        invocation.complain(f"can't open '{target}': File exists")
        return 1
    invocation.system.write_file(target, reply.body)
    if not is_quiet:
        lines = f"saving to '{target}'\n{_bar(target, len(reply.body))}'{target}' saved\n"
        invocation.err += lines.encode()
    return 0


def _address(invocation: Invocation, url: Url) -> str:
    addresses = invocation.system.resolve(url.host)
    return addresses[0] if addresses else url.host


def _bar(name: str, size: int) -> str:
    return f"{name[:20]:<20} 100% |{'*' * 32}| {size:6}  0:00:00 ETA\n"


COMMAND = Command("wget", run)
