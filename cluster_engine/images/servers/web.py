"""Web servers: nginx, Apache and the small ones of examples.

Each answers whole HTTP requests (the network cuts them out of the bytes), from files of its
container where the real one would, and logs what the real one logs.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

_SIGINT, _SIGQUIT, _SIGTERM, _SIGHUP = 2, 3, 15, 1
_STDOUT, _STDERR = 1, 2
_TYPES = {
    "html": "text/html",
    "htm": "text/html",
    "txt": "text/plain",
    "css": "text/css",
    "js": "application/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
}


class WebServer:
    """Listens on its ports, answers with `respond`, ends on SIGTERM."""

    ports: tuple[int, ...] = (80,)
    memory_bytes = 6 * 1024 * 1024
    server = "nginx"

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self._listeners: list[int] = []
        self._is_ending = False

    def step(self, system: System) -> Outcome:
        """Start listening; after that requests come by `http`."""
        if self._is_ending:
            self.ended(system)
            return Exited(0)
        if not self._listeners:
            for port in self.ports_wanted():
                try:
                    self._listeners.append(system.listen(port, is_http=True))
                except Errno:
                    self.refused(system, port)
                    return Exited(1)
            system.report_usage(cpu_milli=1, memory_bytes=self.memory_bytes)
            self.started(system)
        return Waiting(until_ms=2**62)

    def signal(self, system: System, number: int) -> bool:
        """Ends in order on SIGTERM, SIGINT and SIGQUIT."""
        del system
        if number == _SIGHUP:
            return True
        self._is_ending = number in (_SIGTERM, _SIGINT, _SIGQUIT)
        return self._is_ending

    def http(self, system: System, request: HttpRequest) -> HttpReply:
        """Answer one request and log it."""
        reply = self.respond(system, request)
        reply.headers.setdefault("server", self.server)
        moment = datetime.fromtimestamp(system.now_ms // 1000, UTC)
        reply.headers.setdefault("date", moment.strftime("%a, %d %b %Y %H:%M:%S GMT"))
        self.log(system, request, reply)
        return reply

    def ports_wanted(self) -> tuple[int, ...]:
        """Where to listen, from the arguments or by default."""
        return self.ports

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """The answer to one request."""
        raise NotImplementedError

    def started(self, system: System) -> None:
        """Say what the real server says when it is up."""

    def ended(self, system: System) -> None:
        """Say what the real server says when it ends."""

    def refused(self, system: System, port: int) -> None:
        """The port is taken."""
        text = f"bind() to 0.0.0.0:{port} failed (98: Address already in use)\n"
        system.write(_STDERR, text.encode())

    def log(self, system: System, request: HttpRequest, reply: HttpReply) -> None:
        """One line in the common log format, with referrer and agent."""
        moment = datetime.fromtimestamp(system.now_ms // 1000, UTC)
        stamp = moment.strftime("%d/%b/%Y:%H:%M:%S +0000")
        agent = request.headers.get("user-agent", "-")
        line = (
            f'{request.source_ip} - - [{stamp}] "{request.method} {request.path} HTTP/1.1" '
            f'{reply.status} {len(reply.body)} "-" "{agent}" "-"\n'
        )
        system.write(_STDOUT, line.encode())


class FileServer(WebServer):
    """Serves the files below a folder of the container."""

    root = "/usr/share/nginx/html"

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """The file of that path, an index, or an error page."""
        if request.method not in ("GET", "HEAD"):
            return self.page(405, "Not Allowed")
        path = request.path.partition("?")[0]
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if ".." in parts:
            return self.page(400, "Bad Request")
        file = "/".join([self.root, *parts])
        try:
            if system.stat(file).kind == "directory":
                if not path.endswith("/"):
                    reply = self.page(301, "Moved Permanently")
                    reply.headers["location"] = f"{path}/"
                    return reply
                file = f"{file}/index.html"
            body = system.read_file(file)
        except Errno as error:
            if error.name == "EACCES":
                return self.page(403, "Forbidden")
            if file.endswith("/index.html") and system.exists(file[: -len("/index.html")]):
                return self.page(403, "Forbidden")
            return self.page(404, "Not Found")
        kind = _TYPES.get(file.rpartition(".")[2], "application/octet-stream")
        headers = {"content-type": kind, "accept-ranges": "bytes"}
        return HttpReply(200, b"" if request.method == "HEAD" else body, headers)

    def page(self, status: int, words: str) -> HttpReply:
        """The server's own page for a status."""
        title = f"{status} {words}"
        text = (
            f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
            f"<center><h1>{title}</h1></center>\r\n<hr><center>{self.server}</center>\r\n"
            "</body>\r\n</html>\r\n"
        )
        return HttpReply(status, text.encode(), {"content-type": "text/html"})


class Nginx(FileServer):
    """nginx as its image starts it."""

    server = "nginx/1.29.3"

    def started(self, system: System) -> None:
        """The entrypoint's lines, then nginx' own."""
        place = "/docker-entrypoint.d/"
        for line in (
            f"/docker-entrypoint.sh: {place} is not empty, will attempt to perform configuration",
            f"/docker-entrypoint.sh: Looking for shell scripts in {place}",
            "/docker-entrypoint.sh: Configuration complete; ready for start up",
        ):
            system.write(_STDOUT, f"{line}\n".encode())
        for words in (
            'using the "epoll" event method',
            self.server,
            "start worker processes",
            f"start worker process {system.pid + 28}",
        ):
            self._notice(system, words)

    def ended(self, system: System) -> None:
        """How nginx ends on SIGQUIT and SIGTERM."""
        self._notice(system, "exiting")
        self._notice(system, "exit")

    def _notice(self, system: System, words: str) -> None:
        moment = datetime.fromtimestamp(system.now_ms // 1000, UTC)
        stamp = moment.strftime("%Y/%m/%d %H:%M:%S")
        line = f"{stamp} [notice] {system.pid}#{system.pid}: {words}\n"
        system.write(_STDERR, line.encode())


class Apache(FileServer):
    """httpd as its image starts it."""

    server = "Apache/2.4.65 (Unix)"
    root = "/usr/local/apache2/htdocs"

    def started(self, system: System) -> None:
        """The two lines of a normal start."""
        moment = datetime.fromtimestamp(system.now_ms // 1000, UTC)
        stamp = moment.strftime("%a %b %d %H:%M:%S.000000 %Y")
        for words in (
            f"AH00489: {self.server} configured -- resuming normal operations",
            "AH00094: Command line: 'httpd -D FOREGROUND'",
        ):
            line = f"[{stamp}] [mpm_event:notice] [pid {system.pid}:tid {system.pid}] {words}\n"
            system.write(_STDERR, line.encode())


class HelloApp(WebServer):
    """Google's hello-app: says its version and host name."""

    ports = (8080,)
    server = ""

    def started(self, system: System) -> None:
        """Its one line."""
        system.write(_STDERR, b"Server listening on port 8080\n")

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """Who it is."""
        version = self.arguments[1] if len(self.arguments) > 1 else "1.0.0"
        text = f"Hello, world!\nVersion: {version}\nHostname: {system.hostname}\n"
        return HttpReply(200, text.encode(), {"content-type": "text/plain; charset=utf-8"})

    def log(self, system: System, request: HttpRequest, reply: HttpReply) -> None:
        """What hello-app logs."""
        system.write(_STDERR, f"Serving request: {request.path}\n".encode())


class TestWebServer(FileServer):
    """The course's test-webserver: serves its root folder."""

    server = ""
    root = ""


class EchoServer(WebServer):
    """Tells the caller what it asked."""

    ports = (8080,)
    server = "echoserver"

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """Host, request and headers as text."""
        lines = [f"Hostname: {system.hostname}", "", "Request Information:"]
        lines += [f"\tclient_address={request.source_ip}", f"\tmethod={request.method}"]
        lines += [f"\treal path={request.path}", "", "Request Headers:"]
        lines += [f"\t{name}={text}" for name, text in sorted(request.headers.items())]
        body = request.body.decode("utf-8", "replace")
        lines += ["", "Request Body:", body or "\t-no body in request-", ""]
        return HttpReply(200, "\n".join(lines).encode(), {"content-type": "text/plain"})


class GenericServer(WebServer):
    """Stands in for an application we do not know: answers on the port it is told (8080)."""

    ports = (8080,)
    server = ""

    def ports_wanted(self) -> tuple[int, ...]:
        """The port after `--port` or the entrypoint's own word for it."""
        for word in self.arguments[1:]:
            number = word.rpartition("=")[2]
            if number.isdigit() and 0 < int(number) < 65536:
                return (int(number),)
        return self.ports

    def started(self, system: System) -> None:
        """One line, as most applications have."""
        ports = ", ".join(str(port) for port in self.ports_wanted())
        system.write(_STDOUT, f"listening on port {ports}\n".encode())

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """A short text."""
        text = f"{system.hostname} answers {request.method} {request.path}\n"
        return HttpReply(200, text.encode(), {"content-type": "text/plain"})
