"""netexec: an HTTP server with many endpoints, and a datagram server beside it.

Models: test/images/agnhost/netexec/netexec.go (v1.37.2).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote

from cluster_engine.images.servers.agnhost.flags import Flags, duration_ms, log, query
from cluster_engine.images.servers.web import SIGTERM, WebServer, text_reply
from cluster_engine.network.connection import NetworkError
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

TRIES_MAX = 100
UPLOAD_BYTES_MAX = 8 * 1024 * 1024
_SIGUSR1 = 10
_CLIENT_PORT = 40_000


class NetExec(WebServer):
    """The program."""

    memory_bytes = 10 * 1024 * 1024

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        flags = Flags(arguments[2:])
        self._http_port = flags.port("http-port", 8080)
        self._udp_port = flags.number("udp-port", 8081)
        self._override = flags.text("http-override")
        self._delay_ms = flags.number("delay-shutdown", 0) * 1000
        self._is_shutting_down = False
        #: When to end, and with which code.
        self._end_ms: int | None = None
        self._code = 0
        self._uploads = 0

    def step(self, system: System) -> Outcome:
        """Serve; end when it is time."""
        if self._end_ms is not None and system.now_ms >= self._end_ms:
            return Exited(self._code)
        outcome = super().step(system)
        if isinstance(outcome, Waiting) and self._end_ms is not None:
            return Waiting(readable=outcome.readable, until_ms=self._end_ms)
        return outcome

    def signal(self, system: System, number: int) -> bool:
        """SIGTERM ends it after its delay; SIGUSR1 is how it wakes itself."""
        if number == SIGTERM:
            self._is_shutting_down = True
            if self._delay_ms:
                log(system, f"Sleeping {self._delay_ms // 1000} seconds before terminating...")
            self._end_ms = system.now_ms + self._delay_ms
            return True
        return number == _SIGUSR1 and self._end_ms is not None

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """HTTP, and datagrams unless they are switched off."""
        del system
        if not 0 < self._udp_port < 65536 or self._udp_port == self._http_port:
            return (self._http_port,)
        return (self._http_port, self._udp_port)

    def started(self, system: System) -> None:
        """Its lines."""
        log(system, f"Started HTTP server on port {self._http_port}")
        if len(self.listeners) > 1:
            log(system, f"Started UDP server on port {self._udp_port}")

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """By the path."""
        if request.method == "DATAGRAM":
            return HttpReply(200, self._datagram(system, request).encode())
        path = self._override or request.path
        asked = HttpRequest(
            request.method,
            path,
            request.headers,
            request.body,
            request.source_ip,
            request.ip,
            request.port,
        )
        name = path.partition("?")[0].strip("/")
        handlers = {
            "clientip": self._client_ip,
            "serverport": self._server_port,
            "header": self._header,
            "dial": self._dial,
            "echo": self._echo,
            "exit": self._exit,
            "healthz": self._healthz,
            "readyz": self._readyz,
            "hostname": self._hostname,
            "hostName": self._hostname,
            "envvar": self._variable,
            "redirect": self._redirect,
            "shell": self._shell,
            "upload": self._upload,
            "shutdown": self._shutdown,
        }
        return handlers.get(name, self._root)(system, asked)

    def _root(self, system: System, request: HttpRequest) -> HttpReply:
        log(system, "GET /")
        moment = datetime.fromtimestamp(system.now_ms / 1000, UTC)
        return text_reply(f"NOW: {moment.strftime('%Y-%m-%d %H:%M:%S.%f')} +0000 UTC m=+0.1")

    def _client_ip(self, system: System, request: HttpRequest) -> HttpReply:
        log(system, "GET /clientip")
        return text_reply(f"{request.source_ip}:{_CLIENT_PORT}")

    def _server_port(self, system: System, request: HttpRequest) -> HttpReply:
        log(system, "GET /serverport")
        return text_reply(str(self._http_port))

    def _header(self, system: System, request: HttpRequest) -> HttpReply:
        key = query(request.path).get("key", "")
        if key:
            log(system, f"GET /header?key={key}")
            return text_reply(request.headers.get(key.lower(), ""))
        log(system, "GET /header")
        found = {name.title(): [text] for name, text in request.headers.items() if name != "host"}
        return text_reply(json.dumps(found, sort_keys=True, separators=(",", ":")))

    def _echo(self, system: System, request: HttpRequest) -> HttpReply:
        values = query(request.path)
        message, code = values.get("msg", ""), values.get("code", "")
        log(system, f"GET /echo?msg={message}&code={code}")
        if code and not code.isdecimal():
            return text_reply(f"argument 'code' must be an integer or empty, got \"{code}\"\n")
        return text_reply(message, int(code) if code else 200)

    def _exit(self, system: System, request: HttpRequest) -> HttpReply:
        values = query(request.path)
        code, wait = values.get("code", ""), values.get("wait", "")
        timeout = values.get("timeout", "")
        log(system, f"GET /exit?code={code}&timeout={timeout}&wait={wait}")
        for name, text in (("timeout", timeout), ("wait", wait)):
            if text and duration_ms(text) is None:
                return text_reply(
                    f"argument '{name}' must be a valid golang duration or empty, got \"{text}\"\n"
                )
        if code and not code.isdecimal():
            return text_reply(
                f"argument 'code' must be an integer [0-127] or empty, got \"{code}\"\n"
            )
        log(
            system,
            f"Will begin shutdown in {wait or '0s'}, allowing {timeout or '0s'} for connections "
            f"to close, then will exit with {code or 0}",
        )
        self._end(system, int(code or 0), duration_ms(wait or "0") or 0)
        return text_reply("")

    def _shutdown(self, system: System, request: HttpRequest) -> HttpReply:
        log(system, "GET /shutdown")
        self._end(system, 0, 0)
        return text_reply("")

    def _end(self, system: System, code: int, wait_ms: int) -> None:
        self._code, self._end_ms = code, system.now_ms + wait_ms
        system.kill(system.pid, _SIGUSR1)

    def _healthz(self, system: System, request: HttpRequest) -> HttpReply:
        log(system, "GET /healthz")
        return text_reply("")

    def _readyz(self, system: System, request: HttpRequest) -> HttpReply:
        log(system, "GET /readyz")
        if self._is_shutting_down:
            return text_reply("shutting down", 503)
        return text_reply("ok")

    def _hostname(self, system: System, request: HttpRequest) -> HttpReply:
        log(system, f"GET {request.path.partition('?')[0]}")
        return text_reply(system.hostname)

    def _variable(self, system: System, request: HttpRequest) -> HttpReply:
        name = query(request.path).get("var", "")
        if not name:
            return text_reply("'var' query parameter is required\n", 400)
        log(system, f"GET /envvar?var={name}")
        value = system.environment.get(name)
        if value is None:
            return text_reply(f'env var "{name}" is not set\n', 500)
        return text_reply(value)

    def _redirect(self, system: System, request: HttpRequest) -> HttpReply:
        values = query(request.path)
        place, code = values.get("location", ""), values.get("code", "")
        log(system, f"{request.method} /redirect?msg={place}&code={code}")
        if code and not code.isdecimal():
            return text_reply(f"argument 'code' must be an integer or empty, got \"{code}\"\n")
        return HttpReply(int(code or 302), b"", {"Location": place})

    def _shell(self, system: System, request: HttpRequest) -> HttpReply:
        values = query(request.path)
        command = values.get("shellCommand") or values.get("cmd", "")
        log(system, f"GET /shell?cmd={command}")
        return text_reply(json.dumps({"error": "this image is an imitation: it runs no shell"}))

    def _upload(self, system: System, request: HttpRequest) -> HttpReply:
        log(system, "GET /upload")
        content = _form_file(request)
        if content is None or len(content) > UPLOAD_BYTES_MAX:
            log(system, "Unable to upload file: http: no such file")
            return text_reply('{"error":"Unable to upload file."}')
        self._uploads += 1
        path = f"/uploads/upload{self._uploads:09d}"
        try:
            system.write_file(path, content, mode=0o700)
        except Errno as error:
            log(system, f"Unable to open file for write: {error.text.lower()}")
            return text_reply('{"error":"Unable to open file for write"}')
        log(system, f"Wrote upload to {path}")
        return text_reply(json.dumps({"output": path}, separators=(",", ":")), 201)

    def _dial(self, system: System, request: HttpRequest) -> HttpReply:
        values = query(request.path)
        host, port = values.get("host", ""), values.get("port", "")
        wish, protocol = values.get("request", ""), values.get("protocol", "")
        tries = values.get("tries", "") or "1"
        log(
            system,
            f"GET /dial?host={host}&protocol={protocol}&port={port}&request={wish}"
            f"&tries={values.get('tries', '')}",
        )
        if not tries.isdecimal():
            return text_reply(f"tries parameter is invalid. {tries}\n", 400)
        if not wish:
            return text_reply("request parameter not specified. <nil>\n", 400)
        if protocol.lower() not in ("", "http", "udp"):
            return text_reply(f"unsupported protocol. {protocol}\n", 400)
        if not port.isdecimal() or not host:
            return text_reply("host and/or port param are invalid. missing port in address\n", 400)
        output: dict[str, list[str]] = {}
        for _ in range(min(int(tries), TRIES_MAX)):
            try:
                answer = _asked(system, host, int(port), wish, is_datagram=protocol == "udp")
                output.setdefault("responses", []).append(answer)
            except (NetworkError, Errno) as error:
                output.setdefault("errors", []).append(str(error))
        return text_reply(json.dumps(output, separators=(",", ":")))

    def _datagram(self, system: System, request: HttpRequest) -> str:
        words = request.body.decode("utf-8", "replace").strip().split(" ", 1)
        command, rest = words[0].lower(), words[1] if len(words) > 1 else ""
        log(system, f"Received UDP packet: {command}")
        if command == "hostname":
            return system.hostname
        if command == "echo":
            return rest
        if command == "envvar":
            return system.environment.get(rest, "")
        if command == "clientip":
            return f"{request.source_ip}:{_CLIENT_PORT}"
        return str(self._udp_port) if command == "serverport" else ""


def _asked(system: System, host: str, port: int, wish: str, *, is_datagram: bool) -> str:
    if is_datagram:
        request = HttpRequest("DATAGRAM", "/", {}, wish.encode())
    else:
        request = HttpRequest("GET", "/" + quote(wish, safe="/?&=%"), {"user-agent": "Go"})
    return system.http(host, request, port).body.decode("utf-8", "replace")


def _form_file(request: HttpRequest) -> bytes | None:
    """The content of the part `file` of a form."""
    kind = request.headers.get("content-type", "")
    boundary = kind.partition("boundary=")[2].strip('"')
    if not kind.startswith("multipart/form-data") or not boundary:
        return None
    for part in request.body.split(b"--" + boundary.encode())[1:]:
        head, _, content = part.partition(b"\r\n\r\n")
        if b'name="file"' in head:
            return content.removesuffix(b"\r\n")
    return None
