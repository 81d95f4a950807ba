"""Apache: serves a folder, lists it when there is no index, logs as its image does."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from cluster_engine.images.scripts import Entrypoint
from cluster_engine.images.servers import files
from cluster_engine.images.servers.web import (
    SIGINT,
    SIGTERM,
    SIGWINCH,
    STDERR,
    STDOUT,
    WebServer,
    local_time,
)
from cluster_engine.network.http import HttpReply, HttpRequest, reason
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

VERSION = "2.4.66"
_CONFIGURATION = "/usr/local/apache2/conf/httpd.conf"
_ROOT = "/usr/local/apache2/htdocs"
_LISTEN = re.compile(r"^\s*Listen\s+(?:\S*:)?(\d+)", re.MULTILINE | re.IGNORECASE)
_DOCUMENT_ROOT = re.compile(r'^\s*DocumentRoot\s+"?([^"\s]+)', re.MULTILINE | re.IGNORECASE)
_EXPLANATIONS = {
    403: "You don't have permission to access this resource.",
    404: "The requested URL was not found on this server.",
    405: "The requested method is not allowed for this URL.",
    400: "Your browser sent a request that this server could not understand.<br />\n",
}


class HttpdForeground(Entrypoint):
    """The httpd-foreground script."""

    def prepare(self, system: System, words: list[str]) -> list[str] | int:
        """Apache in the foreground, with the options given."""
        del system
        return ["httpd", "-DFOREGROUND", *words]


class Apache(WebServer):
    """The program."""

    endings = (SIGINT, SIGTERM, SIGWINCH)
    memory_bytes = 12 * 1024 * 1024

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.version = VERSION
        self._ports: tuple[int, ...] = ()
        self._root = _ROOT

    def prepare(self, system: System) -> int | None:
        """Options, then the lines of the configuration that matter to us."""
        self.version = system.environment.get("HTTPD_VERSION") or VERSION
        self.server = f"Apache/{self.version} (Unix)"
        if "-v" in self.arguments:
            system.write(STDOUT, f"Server version: {self.server}\n".encode())
            return 0
        try:
            text = system.read_file(_CONFIGURATION).decode("utf-8", "replace")
        except Errno as error:
            line = f"httpd: Could not open configuration file {_CONFIGURATION}: {error.text}\n"
            system.write(STDERR, line.encode())
            return 1
        self._ports = tuple(int(port) for port in _LISTEN.findall(text) if 0 < int(port) < 65536)
        root = _DOCUMENT_ROOT.search(text)
        self._root = root[1] if root is not None else _ROOT
        if not self._ports:
            system.write(STDERR, b"no listening sockets available, shutting down\n")
            return 1
        if "-t" in self.arguments:
            system.write(STDERR, b"Syntax OK\n")
            return 0
        return None

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """What the configuration says."""
        del system
        return self._ports

    def started(self, system: System) -> None:
        """The lines of a normal start."""
        name = (
            "AH00558: httpd: Could not reliably determine the server's fully qualified domain "
            f"name, using {system.ip}. Set the 'ServerName' directive globally to suppress this "
            "message\n"
        )
        system.write(STDERR, name.encode() * 2)
        line = f"AH00489: {self.server} configured -- resuming normal operations"
        self._notice(system, line)
        self._notice(system, "AH00094: Command line: 'httpd -D FOREGROUND'")

    def ended(self, system: System) -> None:
        """How it ends."""
        if self.ending == SIGWINCH:
            self._notice(system, "AH00492: caught SIGWINCH, shutting down gracefully")
        else:
            self._notice(system, "AH00491: caught SIGTERM, shutting down")

    def refused(self, system: System, port: int, error: Errno) -> None:
        """The port is taken."""
        line = f"(98){error.text}: AH00072: make_sock: could not bind to address 0.0.0.0:{port}\n"
        system.write(STDERR, f"{line}no listening sockets available, shutting down\n".encode())

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """The file of that path, an index, a listing, or an error page."""
        if request.method not in ("GET", "HEAD", "POST", "OPTIONS"):
            return self._page(405, request)
        path = files.local(self._root, request.path)
        if path is None:
            return self._page(400, request)
        try:
            status = system.stat(path.rstrip("/") or "/")
            if status.kind == "directory":
                if not path.endswith("/"):
                    reply = self._page(301, request)
                    host = request.headers.get("host") or system.ip
                    reply.headers["Location"] = f"http://{host}{request.path}/"
                    return reply
                index = f"{path}index.html"
                if not system.exists(index):
                    return self._listing(system, path, request)
                path, status = index, system.stat(index)
            body = system.read_file(path)
        except Errno as error:
            return self._page(403 if error.name == "EACCES" else 404, request)
        headers = {
            "Last-Modified": files.date(status.mtime_ms),
            "ETag": f'"{status.size:x}-{status.mtime_ms * 1000:x}"',
            "Accept-Ranges": "bytes",
            "Content-Type": files.type_of(path, "text/plain"),
        }
        return HttpReply(200, body, headers)

    def log(self, system: System, request: HttpRequest, reply: HttpReply) -> None:
        """The common log format."""
        size = len(reply.body) if reply.body else "-"
        line = (
            f"{request.source_ip} - - [{local_time(system.now_ms)}] "
            f'"{request.method} {request.path} HTTP/1.1" {reply.status} {size}\n'
        )
        system.write(STDOUT, line.encode())

    def _listing(self, system: System, path: str, request: HttpRequest) -> HttpReply:
        uri = escape(request.path.partition("?")[0])
        rows = "".join(
            f'<li><a href="{quote(name)}{end}"> {escape(name)}{end}</a></li>\n'
            for name, status in files.entries(system, path.rstrip("/") or "/")
            for end in ("/" if status.kind == "directory" else "",)
        )
        text = (
            '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" '
            '"http://www.w3.org/TR/html4/strict.dtd">\n'
            f"<html>\n <head>\n  <title>Index of {uri}</title>\n </head>\n <body>\n"
            f"<h1>Index of {uri}</h1>\n<ul>{rows}</ul>\n</body></html>\n"
        )
        return HttpReply(200, text.encode(), {"Content-Type": "text/html;charset=UTF-8"})

    def _page(self, status: int, request: HttpRequest) -> HttpReply:
        words = _EXPLANATIONS.get(status)
        if words is None:
            words = f'The document has moved <a href="{escape(request.path)}/">here</a>.'
        text = (
            '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n'
            f"<html><head>\n<title>{status} {reason(status)}</title>\n</head><body>\n"
            f"<h1>{reason(status)}</h1>\n<p>{words}</p>\n</body></html>\n"
        )
        return HttpReply(status, text.encode(), {"Content-Type": "text/html; charset=iso-8859-1"})

    def _notice(self, system: System, words: str) -> None:
        moment = datetime.fromtimestamp(system.now_ms // 1000, UTC)
        stamp = moment.strftime(f"%a %b %d %H:%M:%S.{system.now_ms % 1000:03d}000 %Y")
        line = f"[{stamp}] [mpm_event:notice] [pid {system.pid}:tid {system.pid}] {words}\n"
        system.write(STDERR, line.encode())
