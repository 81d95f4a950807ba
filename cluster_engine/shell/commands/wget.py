"""wget: fetches files over HTTP; GNU's and BusyBox' ways of saying so."""

from __future__ import annotations

import base64
from urllib.parse import urljoin

from cluster_engine.network.http import HttpReply, HttpRequest, reason
from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError, encoded
from cluster_engine.shell.commands.exchanges import (
    Failure,
    address_of,
    exchange,
    header_lines,
    header_of,
)
from cluster_engine.shell.commands.moments import moment
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.urls import Url, parse_url

_LONG = {
    "output-document": "O",
    "output-file": "o",
    "quiet": "q",
    "timeout": "T",
    "connect-timeout": "T",
    "dns-timeout": "dns-timeout=",
    "read-timeout": "read-timeout=",
    "tries": "t",
    "spider": "spider",
    "continue": "c",
    "no-clobber": "nc",
    "directory-prefix": "P",
    "no-check-certificate": "no-check-certificate",
    "header": "header=",
    "post-data": "post-data=",
    "post-file": "post-file=",
    "method": "method=",
    "body-data": "post-data=",
    "server-response": "S",
    "no-verbose": "nv",
    "verbose": "v",
    "user-agent": "U",
    "user": "user=",
    "password": "password=",
    "show-progress": "show-progress",
    "progress": "progress=",
    "retry-connrefused": "retry-connrefused",
    "waitretry": "waitretry=",
    "max-redirect": "max-redirect=",
    "content-on-error": "content-on-error",
}
_USAGE = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options."
_REDIRECTS_MAX = 20
_TRIES = 20
_WAIT_MS_MAX = 10_000
_SERVER_ERROR, _NETWORK_ERROR = 8, 4


def run(invocation: Invocation) -> int:
    """Fetch each URL into a file, or with -O - to standard output."""
    words = invocation.arguments
    invocation.arguments = [
        f"--no-{'verbose' if word == '-nv' else 'clobber'}" if word in ("-nv", "-nc") else word
        for word in words
    ]
    options, urls = parse(invocation, "qScvb46", "OotTPUY", _LONG)
    if not urls:
        if invocation.is_busybox:
            raise UsageError("", has_hint=True)
        text = (
            "missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options."
        )
        raise UsageError(text)
    code = 0
    for text in urls:
        try:
            url = parse_url(text, 1)
        except UsageError as error:
            words_ = str(error).partition(") ")[2]
            invocation.complain(f"{text}: {words_}." if words_ else str(error))
            code = code or 1
            continue
        fetch = _BusyboxFetch if invocation.is_busybox else _Fetch
        code = max(code, fetch(invocation, options, url).run())
    return code


class _Fetch:
    """One URL, in GNU's words."""

    def __init__(self, invocation: Invocation, options: Options, url: Url) -> None:
        self._call = invocation
        self._system = invocation.system
        self._options = options
        self._url = url
        self._name = url.file_name or "index.html"
        self._is_quiet = "q" in options
        self._is_brief = "nv" in options or self._is_quiet

    def run(self) -> int:
        """The exit code."""
        tries = self._options.count("t", _TRIES) or 10_000
        if "spider" in self._options:
            self._say("Spider mode enabled. Check if remote file exists.\n")
        url = self._url
        for _ in range(self._options.count("max-redirect", _REDIRECTS_MAX) + 1):
            reply = self._try(url, tries)
            if isinstance(reply, int):
                return reply
            location = header_of(reply, "location")
            if reply.status // 100 != 3 or location is None:
                return self._finish(url, reply)
            self._say(f"Location: {location} [following]\n")
            url = parse_url(urljoin(url.text, location))
        self._say(f"{_REDIRECTS_MAX} redirections exceeded.\n")
        return _SERVER_ERROR

    def request(self, url: Url) -> HttpRequest:
        """What is sent."""
        headers = {
            "host": url.place,
            "user-agent": self._options.get("U", self._call.either("Wget/1.21.3", "Wget")),
            "accept": "*/*",
        }
        user = url.user
        if "user" in self._options:
            user = f"{self._options['user']}:{self._options.get('password', '')}"
        if user:
            headers["authorization"] = f"Basic {base64.b64encode(encoded(user)).decode()}"
        for line in self._options.all("header"):
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = encoded(self._options.get("post-data", ""))
        if "post-file" in self._options:
            body = self._system.read_file(self._options["post-file"])
        if "post-data" in self._options or "post-file" in self._options:
            headers.setdefault("content-type", "application/x-www-form-urlencoded")
            headers["content-length"] = str(len(body))
            method = "POST"
        else:
            method = "HEAD" if "spider" in self._options else "GET"
        return HttpRequest(self._options.get("method", method), url.path, headers, body)

    @property
    def limit_ms(self) -> int:
        """How long one try may take; 0 without a limit."""
        try:
            return round(float(self._options.get("T", "0")) * 1000)
        except ValueError:
            text = f"wget: -T: Invalid time period '{self._options['T']}'"
            raise UsageError(text) from None

    # Saying

    def _say(self, text: str) -> None:
        if not self._is_brief:
            self._write(text)

    def _write(self, text: str) -> None:
        log = self._options.get("o")
        if log is None:
            self._call.err.extend(encoded(text))
        elif log != "/dev/null":
            self._call.once(lambda: self._system.write_file(log, encoded(text), append=True))

    def _stamp(self) -> str:
        now_ms = self._system.now_ms
        return self._call.once(lambda: moment(now_ms).strftime("%Y-%m-%d %H:%M:%S"))

    # Trying

    def _try(self, url: Url, tries: int) -> HttpReply | int:
        for number in range(1, tries + 1):
            again = f"  (try:{number:2})" if number > 1 else ""
            self._say(f"--{self._stamp()}--{again}  {url.text}\n")
            address = address_of(self._call, url.host)
            if address != url.host:
                self._say(f"Resolving {url.host} ({url.host})... {address}\n")
            result = exchange(self._call, url.host, self.request(url), url.port, self.limit_ms)
            if isinstance(result, HttpReply):
                self._tell_connected(url, address, result)
                return result
            code = self._failed(url, address, result, number == tries)
            if code:
                return code
            self._call.pause(min(number * 1000, _WAIT_MS_MAX))
        return _NETWORK_ERROR

    def _tell_connected(self, url: Url, address: str, reply: HttpReply) -> None:
        self._say(f"Connecting to {_place(url, address)}... connected.\n")
        self._say("HTTP request sent, awaiting response... ")
        if "S" in self._options:
            self._say("\n" + _head(reply))
        else:
            self._say(f"{reply.status} {reason(reply.status)}\n")

    def _failed(self, url: Url, address: str, failure: Failure, is_last: bool) -> int:
        """An exit code; 0 to try again."""
        if failure.kind in ("no such host", "dns timeout"):
            words = "Name or service not known"
            if failure.kind == "dns timeout":
                words = "Temporary failure in name resolution"
            self._say(f"Resolving {url.host} ({url.host})... failed: {words}.\n")
            self._write(f"wget: unable to resolve host address '{url.host}'\n")
            return _NETWORK_ERROR
        words = {
            "connection refused": "Connection refused",
            "timeout": "Connection timed out",
            "no route to host": "No route to host",
        }.get(failure.kind, "Connection reset by peer")
        text = f"Connecting to {_place(url, address)}... failed: {words}.\n"
        may_retry = failure.kind == "timeout" or "retry-connrefused" in self._options
        if not may_retry:
            self._say(text)
            return _NETWORK_ERROR
        self._say(text + ("Giving up.\n\n" if is_last else "Retrying.\n\n"))
        return _NETWORK_ERROR if is_last else 0

    # Finishing

    def _finish(self, url: Url, reply: HttpReply) -> int:
        if reply.status >= 400:
            if "spider" in self._options:
                self._say("Remote file does not exist -- broken link!!!\n\n")
            else:
                text = f"{self._stamp()} ERROR {reply.status}: {reason(reply.status)}.\n"
                self._say(text + "\n")
                if "nv" in self._options and not self._is_quiet:
                    self._write(f"{url.text}:\n{text}")
            return _SERVER_ERROR
        kind = (header_of(reply, "content-type") or "").partition(";")[0]
        shown = f" [{kind}]" if kind else ""
        size = len(reply.body)
        self._say(f"Length: {size}{_scaled(size)}{shown}\n")
        if "spider" in self._options:
            self._say(
                "Remote file exists and could contain further links,\n"
                "but recursion is disabled -- not retrieving.\n\n"
            )
            return 0
        return self._save(url, reply)

    def _save(self, url: Url, reply: HttpReply) -> int:
        target = self._options.get("O") or self._free_name()
        is_output = target == "-"
        size = len(reply.body)
        self._say(f"Saving to: '{'STDOUT' if is_output else target}'\n\n")
        self._say(_bar("-" if is_output else target.rpartition("/")[2], size))
        if is_output:
            self._call.say(reply.body)
        else:
            try:
                self._system.write_file(target, reply.body)
            except Errno as error:
                self._write(f"{target}: {error.text}\n")
                if "O" not in self._options:
                    self._say(f"\nCannot write to '{target}' ({error.text}).\n")
                return 3 if "O" in self._options else 1
        done = "written to stdout" if is_output else f"'{target}' saved"
        self._say(f"\n\n{self._stamp()} ({_rate(size)}) - {done} [{size}/{size}]\n\n")
        if "nv" in self._options and not self._is_quiet:
            place = target if not is_output else "-"
            self._write(f'{self._stamp()} URL:{url.text} [{size}/{size}] -> "{place}" [1]\n')
        return 0

    def _free_name(self) -> str:
        folder = self._options.get("P", "").rstrip("/")
        if folder and not self._system.exists(folder):
            self._system.mkdir(folder)
        name = f"{folder}/{self._name}" if folder else self._name
        if not self._system.exists(name) or "nc" in self._options:
            return name
        number = 1
        while self._system.exists(f"{name}.{number}") and number < 1000:
            number += 1
        return f"{name}.{number}"


class _BusyboxFetch(_Fetch):
    """One URL, in BusyBox' words."""

    def run(self) -> int:
        """The exit code."""
        url = self._url
        for _ in range(_REDIRECTS_MAX):
            address = address_of(self._call, url.host)
            result = exchange(self._call, url.host, self.request(url), url.port, self.limit_ms)
            if isinstance(result, Failure) and result.kind in ("no such host", "dns timeout"):
                self._call.complain(f"bad address '{url.place}'")
                return 1
            self._say(f"Connecting to {url.place} ({address}:{url.port})\n")
            if isinstance(result, Failure):
                return self._lost(result, address)
            if "S" in self._options:
                self._write(_head(result).rstrip("\n") + "\n  \n")
            location = header_of(result, "location")
            if result.status // 100 == 3 and location is not None:
                url = parse_url(urljoin(url.text, location))
                continue
            if result.status >= 400:
                status = f"HTTP/1.1 {result.status} {reason(result.status)}"
                self._call.complain(f"server returned error: {status}")
                return 1
            return self._keep(result)
        self._call.complain("too many redirections")
        return 1

    def _lost(self, failure: Failure, address: str) -> int:
        if failure.kind == "timeout" and failure.is_limit:
            self._call.complain("download timed out")
        elif failure.kind == "reset":
            self._call.complain("error getting response: Connection reset by peer")
        else:
            words = {
                "connection refused": "Connection refused",
                "timeout": "Connection timed out",
            }.get(failure.kind, "Host is unreachable")
            self._call.complain(f"can't connect to remote host ({address}): {words}")
        return 1

    def _keep(self, reply: HttpReply) -> int:
        if "spider" in self._options:
            self._say("remote file exists\n")
            return 0
        folder = self._options.get("P", "").rstrip("/")
        target = self._options.get("O") or (f"{folder}/{self._name}" if folder else self._name)
        if target == "-":
            self._say("writing to stdout\n")
            self._call.say(reply.body)
            self._say(_busybox_bar("-", len(reply.body)) + "written to stdout\n")
            return 0
        if "O" not in self._options and self._system.exists(target):
            self._call.complain(f"can't open '{target}': File exists")
            return 1
        try:
            self._system.write_file(target, reply.body)
        except Errno as error:
            self._call.complain(f"can't open '{target}': {error.text}")
            return 1
        self._say(
            f"saving to '{target}'\n{_busybox_bar(target, len(reply.body))}'{target}' saved\n"
        )
        return 0


def _place(url: Url, address: str) -> str:
    shown = f"{url.host} ({url.host})|{address}|" if address != url.host else url.host
    return f"{shown}:{url.port}"


def _head(reply: HttpReply) -> str:
    return "".join(f"  {line}\n" for line in header_lines(reply))


def _scaled(size: int) -> str:
    for unit, factor in (("G", 1024**3), ("M", 1024**2), ("K", 1024)):
        if size >= factor:
            value = size / factor
            return f" ({value:.1f}{unit})" if value < 10 else f" ({value:.0f}{unit})"
    return ""


def _rate(size: int) -> str:
    value = size * 1000.0
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1024 or unit == "GB":
            return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}/s"
        value /= 1024
    return ""


def _bar(name: str, size: int) -> str:
    return f"{name[:19]:<19} 100%[===================>] {size:>7}  --.-KB/s    in 0.001s  "


def _busybox_bar(name: str, size: int) -> str:
    shown = size if size < 100_000 else f"{size // 1024}k"
    return f"{name[:20]:<20} 100% |{'*' * 32}| {shown:>5}  0:00:00 ETA\n"


COMMAND = Command("wget", run)
