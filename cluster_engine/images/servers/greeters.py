"""The small web servers of examples: each says who it is, and little else."""

from __future__ import annotations

from datetime import UTC, datetime

from cluster_engine.images.servers import files
from cluster_engine.images.servers.web import (
    SIGINT,
    SIGTERM,
    STDERR,
    STDOUT,
    WebServer,
    text_reply,
)
from cluster_engine.network.http import HttpReply, HttpRequest, reason
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System


def _go_stamp(now_ms: int) -> str:
    return datetime.fromtimestamp(now_ms // 1000, UTC).strftime("%Y/%m/%d %H:%M:%S")


class HelloApp(WebServer):
    """Google's hello-app: says its version and host name."""

    ports = (8080,)
    version = "1.0.0"

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """PORT, or 8080."""
        wish = system.environment.get("PORT", "")
        return (int(wish),) if wish.isdecimal() and 0 < int(wish) < 65536 else self.ports

    def started(self, system: System) -> None:
        """Its one line."""
        port = self.ports_wanted(system)[0]
        line = f"{_go_stamp(system.now_ms)} Server listening on port {port}\n"
        system.write(STDERR, line.encode())

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """Who it is."""
        return text_reply(f"Hello, world!\nVersion: {self.version}\nHostname: {system.hostname}\n")

    def log(self, system: System, request: HttpRequest, reply: HttpReply) -> None:
        """One line each."""
        path = request.path.partition("?")[0]
        line = f"{_go_stamp(system.now_ms)} Serving request: {path}\n"
        system.write(STDERR, line.encode())


class HelloApp2(HelloApp):
    """Its second version."""

    version = "2.0.0"


class Bootcamp(WebServer):
    """The application of the Kubernetes Basics tutorial."""

    ports = (8080,)
    version = 1
    memory_bytes = 30 * 1024 * 1024

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._requests = 0
        self._start_ms = 0

    def started(self, system: System) -> None:
        """Its line."""
        self._start_ms = system.now_ms
        moment = datetime.fromtimestamp(system.now_ms / 1000, UTC)
        stamp = moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{system.now_ms % 1000:03d}Z"
        line = f"Kubernetes Bootcamp App Started At: {stamp} | Running On:  {system.hostname} \n\n"
        system.write(STDOUT, line.encode())

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """Where it runs."""
        self._requests += 1
        text = f"Hello Kubernetes bootcamp! | Running on: {system.hostname} | v={self.version}\n"
        return text_reply(text, kind="text/plain")

    def log(self, system: System, request: HttpRequest, reply: HttpReply) -> None:
        """Each request is counted."""
        up = (system.now_ms - self._start_ms) / 1000
        moment = datetime.fromtimestamp(system.now_ms // 1000, UTC)
        line = (
            f"Running On: {system.hostname} | Total Requests: {self._requests} | "
            f"App Uptime: {up} seconds | Log Time: {moment.strftime('%Y-%m-%dT%H:%M:%S.000Z')}\n"
        )
        system.write(STDOUT, line.encode())


class Bootcamp2(Bootcamp):
    """Its second version."""

    version = 2


class NodeHello(WebServer):
    """The application of the tutorial on external addresses."""

    ports = (8080,)
    memory_bytes = 25 * 1024 * 1024

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """A greeting."""
        return text_reply("Hello Kubernetes!", kind="text/plain")

    def log(self, system: System, request: HttpRequest, reply: HttpReply) -> None:
        """Its one line."""
        system.write(STDOUT, f"Received request for URL: {request.path}\n".encode())


class HttpEcho(WebServer):
    """hashicorp/http-echo."""

    ports = (5678,)

    def prepare(self, system: System) -> int | None:
        """It must be told what to say."""
        if not self._text(system):
            system.write(STDERR, b"Missing -text option!\n")
            return 127
        return None

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """`-listen=:5678`."""
        del system
        wish = self.option("listen", default=":5678").rpartition(":")[2]
        return (int(wish),) if wish.isdecimal() and 0 < int(wish) < 65536 else self.ports

    def started(self, system: System) -> None:
        """Its one line."""
        place = self.option("listen", default=":5678")
        line = f"{_go_stamp(system.now_ms)} [INFO] server is listening on {place}\n"
        system.write(STDOUT, line.encode())

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """The text."""
        if request.path == "/health":
            return text_reply('{"status":"ok"}\n')
        wish = self.option("status-code", default="200")
        status = int(wish) if wish.isdecimal() else 200
        reply = text_reply(self._text(system) + "\n", status)
        reply.headers["X-App-Name"] = "http-echo"
        return reply

    def log(self, system: System, request: HttpRequest, reply: HttpReply) -> None:
        """Host, client, request, status."""
        agent = request.headers.get("user-agent", "")
        line = (
            f"{_go_stamp(system.now_ms)} [INFO] {request.headers.get('host', '')} "
            f'{request.source_ip}:40000 "{request.method} {request.path} HTTP/1.1" '
            f'{reply.status} {len(reply.body)} "{agent}" 20.5µs\n'
        )
        system.write(STDOUT, line.encode())

    def _text(self, system: System) -> str:
        return self.option("text") or system.environment.get("ECHO_TEXT", "")


class WhoAmI(WebServer):
    """traefik/whoami."""

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """`--port` or WHOAMI_PORT_NUMBER."""
        wish = self.option("port") or system.environment.get("WHOAMI_PORT_NUMBER", "")
        return (int(wish),) if wish.isdecimal() and 0 < int(wish) < 65536 else self.ports

    def started(self, system: System) -> None:
        """Its one line."""
        port = self.ports_wanted(system)[0]
        line = f"{_go_stamp(system.now_ms)} Starting up on port {port}\n"
        system.write(STDERR, line.encode())

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """Who answers, and what was asked."""
        name = self.option("name") or system.environment.get("WHOAMI_NAME", "")
        lines = [f"Name: {name}"] if name else []
        lines += [
            f"Hostname: {system.hostname}",
            "IP: 127.0.0.1",
            "IP: ::1",
            f"IP: {system.ip}",
            f"RemoteAddr: {request.source_ip}:40000",
            f"{request.method} {request.path} HTTP/1.1",
            f"Host: {request.headers.get('host', '')}",
        ]
        lines += [
            f"{name.title()}: {text}"
            for name, text in sorted(request.headers.items())
            if name != "host"
        ]
        return text_reply("\n".join([*lines, "", ""]))


class EchoServer(WebServer):
    """Tells the caller what it asked."""

    ports = (8080,)
    server = "echoserver"
    endings = (SIGINT, SIGTERM)

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """Host, request and headers as text."""
        path, _, query = request.path.partition("?")
        host = request.headers.get("host") or system.ip
        lines = ["", "", f"Hostname: {system.hostname}", "", "Pod Information:"]
        lines += ["\t-no pod information available-", "", "Server values:"]
        lines += ["\tserver_version=nginx: 1.13.3 - lua: 10008", "", "Request Information:"]
        lines += [f"\tclient_address={request.source_ip}", f"\tmethod={request.method}"]
        lines += [f"\treal path={request.path}", f"\tquery={query}", "\trequest_version=1.1"]
        lines += ["\trequest_scheme=http", f"\trequest_uri=http://{host}:8080{path}", ""]
        lines += ["Request Headers:"]
        lines += [f"\t{name}={text}" for name, text in sorted(request.headers.items())]
        body = request.body.decode("utf-8", "replace")
        lines += ["", "Request Body:", body or "\t-no body in request-", ""]
        return text_reply("\n".join(lines), kind="text/plain")


class TestWebServer(WebServer):
    """test-webserver: serves the root folder of its container."""

    #: Not a test, whatever pytest thinks of its name.
    __test__ = False

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """`--port`, or 80."""
        del system
        wish = self.option("port")
        return (int(wish),) if wish.isdecimal() and 0 < int(wish) < 65536 else self.ports

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """The file of that path, or a listing."""
        return self.serve(system, request, "")

    def serve(self, system: System, request: HttpRequest, root: str) -> HttpReply:
        """A file below `root`, or a listing."""
        path = files.local(root, request.path)
        if path is None:
            return text_reply("invalid URL path\n", 400)
        try:
            if system.stat(path.rstrip("/") or "/").kind == "directory":
                folder = path.rstrip("/") or "/"
                if request.path.partition("?")[0].endswith("/"):
                    listing = files.plain_listing(system, folder)
                    return HttpReply(200, listing, {"Content-Type": "text/html; charset=utf-8"})
                return HttpReply(301, b"", {"Location": f"{path.rpartition('/')[2]}/"})
            body = system.read_file(path)
        except Errno as error:
            status = 403 if error.name == "EACCES" else 404
            words = "404 page not found" if status == 404 else f"403 {reason(403)}"
            return text_reply(f"{words}\n", status)
        kind = files.type_of(path, "text/plain; charset=utf-8")
        return HttpReply(200, body, {"Content-Type": kind, "Accept-Ranges": "bytes"})


class GenericServer(WebServer):
    """Stands in for an application we do not know: answers on the port it is told, else 8080."""

    ports = (8080,)
    memory_bytes = 24 * 1024 * 1024
    endings = (SIGINT, SIGTERM)

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """The port of the arguments or of PORT."""
        wish = self.option("port", "p", "listen", "addr", "bind").rpartition(":")[2]
        for text in (wish, system.environment.get("PORT", "")):
            if text.isdecimal() and 0 < int(text) < 65536:
                return (int(text),)
        return self.ports

    def started(self, system: System) -> None:
        """One line, as most applications have."""
        port = self.ports_wanted(system)[0]
        system.write(STDOUT, f"listening on port {port}\n".encode())

    def ended(self, system: System) -> None:
        """One line."""
        system.write(STDOUT, b"shutting down\n")

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """A short text; anything that looks like a health check is fine."""
        return text_reply(f"{system.hostname} answers {request.method} {request.path}\n")
