"""nginx: starts as its configuration says, or tells why it cannot.

Models: nginx 1.2x in a container: its options, what it logs, how it ends. One process stands for
the master and its workers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from cluster_engine.images.servers.nginx.loading import load, packed, read_sources, unpacked
from cluster_engine.images.servers.nginx.responding import Answerer, ErrorLog
from cluster_engine.images.servers.nginx.site import Scope, Site
from cluster_engine.images.servers.nginx.syntax import ConfigurationError, parse
from cluster_engine.images.servers.nginx.variables import Exchange, expand
from cluster_engine.images.servers.web import (
    SIGHUP,
    SIGINT,
    SIGQUIT,
    SIGTERM,
    STDERR,
    STDOUT,
    WebServer,
)
from cluster_engine.network.connection import NetworkError
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

VERSION = "1.29.5"
_MAIN = "/etc/nginx/nginx.conf"
_LEVELS = ("debug", "info", "notice", "warn", "error", "crit", "alert", "emerg")
_COMBINED = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
    '"$http_referer" "$http_user_agent"'
)
_ERRNO = {"EACCES": 13, "EROFS": 30, "ENOENT": 2, "ENOTDIR": 20, "EADDRINUSE": 98, "ENOSPC": 28}
_WORKERS = 2
_FIRST_WORKER_OFFSET = 28
_HELP = """\
nginx version: nginx/%s
Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]
             [-e filename] [-c filename] [-g directives]

Options:
  -?,-h         : this help
  -v            : show version and exit
  -V            : show version and configure options then exit
  -t            : test configuration and exit
  -T            : test configuration, dump it and exit
  -q            : suppress non-error messages during configuration testing
  -s signal     : send signal to a master process: stop, quit, reopen, reload
  -p prefix     : set prefix path (default: /etc/nginx/)
  -e filename   : set error log file (default: /var/log/nginx/error.log)
  -c filename   : set configuration file (default: /etc/nginx/nginx.conf)
  -g directives : set global directives out of configuration file

"""
#: What a usual start costs, be it the first of its sort in this process or not.
_WORK_USUAL = 10
_USUAL = ["nginx", "-g", "daemon off;"]
_SIGNALS = {"stop": SIGTERM, "quit": SIGQUIT, "reload": SIGHUP, "reopen": 10}


@dataclass(frozen=True, slots=True)
class _Found:
    """What a start finds out from the files of its container."""

    sources: bytes
    ports: tuple[int, ...]
    errors: int | str
    level: int


@lru_cache(maxsize=64)
def _known(layer: str) -> list[_Found]:
    """What a start finds out where the files are as that layer has them; filled by the first."""
    del layer
    return []


class Nginx(WebServer):
    """The program."""

    endings = (SIGINT, SIGQUIT, SIGTERM)
    memory_bytes = 9 * 1024 * 1024

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.version = VERSION
        #: The files of the configuration that holds.
        self._sources = b""
        self._ports: tuple[int, ...] = ()
        #: Where the error log goes: a descriptor or a path, and its level.
        self._errors: int | str = STDERR
        self._level = 2
        self._requests = 0
        self._is_reloading = False

    @property
    def site(self) -> Site:
        """What the configuration means; shared by all servers with the same files."""
        return load(self._sources)

    # Life

    def prepare(self, system: System) -> int | None:
        """Options, then the configuration."""
        self.version = system.environment.get("NGINX_VERSION") or VERSION
        if self.arguments == _USUAL and system.uid == 0:
            layer = system.unchanged_layer("/etc/nginx", "/var/log/nginx")
            if layer:
                code = self._prepare_usual(system, _known(layer))
                system.count_as(_WORK_USUAL)
                return code
        return self._prepare(system)

    def _prepare_usual(self, system: System, known: list[_Found]) -> int | None:
        """In a container whose files are as its image has them: all find out the same."""
        if not known:
            code = self._prepare(system)
            if code is None:
                known.append(_Found(self._sources, self._ports, self._errors, self._level))
            return code
        found = known[0]
        self._sources, self._ports = found.sources, found.ports
        self._errors, self._level = found.errors, found.level
        try:
            self._make_folders(system, self.site)
        except ConfigurationError as error:
            return self._fail(system, str(error), is_test=False)
        return None

    def _prepare(self, system: System) -> int | None:
        options = self.arguments[1:]
        for word in options:
            if word in ("-v", "-V", "-h", "-?"):
                text = _HELP % self.version if word in ("-h", "-?") else self._about(word)
                system.write(STDERR, text.encode())
                return 0
        if "-s" in options:
            return self._send_signal(system)
        is_test = any(word in ("-t", "-T", "-tq") for word in options)
        try:
            self._sources = packed(self._read(system))
            site = load(self._sources)
            self._resolve(system, site)
            if not is_test:
                self._warn_of_user(system, site)
                self._make_folders(system, site)
        except ConfigurationError as error:
            return self._fail(system, str(error), is_test=is_test)
        if is_test:
            return self._tested(system)
        self._open_log(system, site)
        self._ports = tuple(site.ports)
        if "daemon off;" not in " ".join(options):
            # As a daemon it leaves its first process, and a container ends with that.
            self._notice_start(system)
            return 0
        return None

    def ports_wanted(self, system: System) -> tuple[int, ...]:
        """What the configuration says."""
        del system
        return self._ports

    def started(self, system: System) -> None:
        """What nginx says when it is up, at the level `notice`."""
        self._notice_start(system)

    def refused(self, system: System, port: int, error: Errno) -> None:
        """The port is taken: nginx tries for a while, then gives up."""
        number = _ERRNO.get(error.name, 22)
        text = f"bind() to 0.0.0.0:{port} failed ({number}: {error.text})"
        for _ in range(5 if error.name == "EADDRINUSE" else 1):
            self._emergency(system, text)
        if error.name == "EADDRINUSE":
            self._emergency(system, "still could not bind()")

    def ended(self, system: System) -> None:
        """Quickly on SIGTERM and SIGINT, gracefully on SIGQUIT."""
        number, name = self.ending, {2: "SIGINT", 3: "SIGQUIT", 15: "SIGTERM"}[self.ending]
        way = "shutting down" if number == SIGQUIT else "exiting"
        self._write(system, "notice", f"signal {number} ({name}) received, {way}")
        workers = [system.pid + _FIRST_WORKER_OFFSET + place for place in range(_WORKERS)]
        for worker in workers:
            if number == SIGQUIT:
                self._write(system, "notice", "gracefully shutting down", worker)
            self._write(system, "notice", "exiting", worker)
            self._write(system, "notice", "exit", worker)
        for worker in workers:
            self._write(system, "notice", f"signal 17 (SIGCHLD) received from {worker}")
            self._write(system, "notice", f"worker process {worker} exited with code 0")
        self._write(system, "notice", "exit")

    def signal(self, system: System, number: int) -> bool:
        """SIGHUP reads the configuration again."""
        if number == SIGHUP:
            self._reload(system)
            return True
        return super().signal(system, number)

    # Requests

    def respond(self, system: System, request: HttpRequest) -> HttpReply:
        """Not used: `http` needs more than the reply."""
        return self.http(system, request)

    def http(self, system: System, request: HttpRequest) -> HttpReply:
        """Answer one request and log it."""
        self._requests += 1
        answerer = Answerer(self.site, system, self.version, _Complaints(self, system))
        reply, exchange, scope = answerer.answer(request)
        exchange.named["body_bytes_sent"] = str(0 if request.method == "HEAD" else len(reply.body))
        exchange.named["bytes_sent"] = str(len(reply.body) + 240)
        self._log_access(system, exchange, scope)
        return reply

    def complain(self, system: System, level: str, words: str, exchange: Exchange) -> None:
        """A line of the error log about a request."""
        request = exchange.request
        names = exchange.server.names if exchange.server is not None else []
        line = (
            f"*{self._requests} {words}, client: {request.source_ip}, "
            f'server: {names[0] if names else ""}, request: "{request.method} {request.path} '
            'HTTP/1.1"'
        )
        upstream = exchange.named.pop("_upstream_url", "")
        if upstream:
            line += f', upstream: "{upstream}"'
        host = request.headers.get("host")
        line += f', host: "{host}"' if host else ""
        self._write(system, level, line, system.pid + _FIRST_WORKER_OFFSET)

    def _log_access(self, system: System, exchange: Exchange, scope: Scope) -> None:
        for words in scope.all("access_log") or [["/var/log/nginx/access.log"]]:
            if words[0] == "off":
                return
            name = words[1] if len(words) > 1 and "=" not in words[1] else "combined"
            form = self.site.log_formats.get(name, _COMBINED)
            line = _with_dashes(form, exchange) + "\n"
            self._put(system, self._target(system, words[0]), line)

    # The configuration

    def _read(self, system: System) -> tuple[tuple[str, str], ...]:
        path = self.option("c", default=_MAIN)
        path = path if path.startswith("/") else f"/etc/nginx/{path}"
        sources = read_sources(system, path)
        directives = self.option("g")
        if directives:
            parse(directives, "command line")
        return sources

    def _resolve(self, system: System, site: Site) -> None:
        for host, place in site.hosts:
            try:
                found = system.resolve(host)
            except NetworkError:
                found = []
            if not found:
                raise ConfigurationError(f'host not found in upstream "{host}" in {place}')

    def _warn_of_user(self, system: System, site: Site) -> None:
        if system.uid != 0 and site.user_place:
            text = (
                'the "user" directive makes sense only if the master process runs with '
                f"super-user privileges, ignored in {site.user_place}"
            )
            system.write(STDERR, f"{self._stamp(system, 'warn')}{text}\n".encode())
            system.write(STDERR, f"nginx: [warn] {text}\n".encode())

    def _make_folders(self, system: System, site: Site) -> None:
        path = site.body_folder
        try:
            system.mkdir(path, 0o700)
        except Errno as error:
            if error.name == "EEXIST":
                return
            number = _ERRNO.get(error.name, 5)
            raise ConfigurationError(f'mkdir() "{path}" failed ({number}: {error.text})') from None

    def _reload(self, system: System) -> None:
        self._write(system, "notice", "signal 1 (SIGHUP) received, reconfiguring")
        self._write(system, "notice", "reconfiguring")
        try:
            sources = packed(self._read(system))
            site = load(sources)
            self._resolve(system, site)
        except ConfigurationError as error:
            self._write(system, "emerg", str(error))
            return
        for port in site.ports:
            if port not in self._ports:
                try:
                    self.listeners.append(system.listen(port, is_http=True))
                except Errno as error:
                    self.refused(system, port, error)
                    return
        self._sources, self._ports = sources, tuple({*self._ports, *site.ports})
        self._open_log(system, site)
        self._write(system, "notice", "start worker processes")

    def _send_signal(self, system: System) -> int:
        wish = self.option("s")
        if wish not in _SIGNALS:
            system.write(STDERR, f'nginx: invalid option: "-s {wish}"\n'.encode())
            return 1
        for process in system.processes():
            if process.name == "nginx" and process.pid != system.pid:
                text = f"{self._stamp(system, 'notice')}signal process started\n"
                system.write(STDERR, text.encode())
                system.kill(process.pid, _SIGNALS[wish])
                return 0
        text = 'nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)\n'
        system.write(STDERR, text.encode())
        return 1

    def _tested(self, system: System) -> int:
        sources = unpacked(self._sources)
        main = sources[0][0]
        text = (
            f"nginx: the configuration file {main} syntax is ok\n"
            f"nginx: configuration file {main} test is successful\n"
        )
        system.write(STDERR, text.encode())
        if "-T" in self.arguments:
            for path, content in sources:
                system.write(STDOUT, f"# configuration file {path}:\n{content}\n".encode())
        return 0

    def _about(self, word: str) -> str:
        text = f"nginx version: nginx/{self.version}\n"
        if word == "-V":
            text += (
                "built by gcc 14.2.0 (Debian 14.2.0-19) \nbuilt with OpenSSL 3.5.1 1 Jul 2025\n"
                "TLS SNI support enabled\nconfigure arguments: --prefix=/etc/nginx "
                "--sbin-path=/usr/sbin/nginx --conf-path=/etc/nginx/nginx.conf\n"
            )
        return text

    # Logs

    def _open_log(self, system: System, site: Site) -> None:
        words = site.error_log or ["/var/log/nginx/error.log"]
        level = words[1] if len(words) > 1 else "error"
        self._level = _LEVELS.index(level) if level in _LEVELS else 4
        self._errors = self._target(system, words[0])

    def _target(self, system: System, path: str) -> int | str:
        """A descriptor when the path is a link to one, as the image's own logs are."""
        if path in ("stderr", "/dev/stderr"):
            return STDERR
        if path == "/dev/stdout":
            return STDOUT
        try:
            link = system.readlink(path)
        except Errno:
            return path
        return {"/dev/stdout": STDOUT, "/dev/stderr": STDERR}.get(link, path)

    def _put(self, system: System, target: int | str, text: str) -> None:
        try:
            if isinstance(target, int):
                system.write(target, text.encode())
            else:
                system.write_file(target, text.encode(), append=True, mode=0o644)
        except Errno:
            return

    def _write(self, system: System, level: str, words: str, pid: int = 0) -> None:
        if _LEVELS.index(level) >= self._level:
            self._put(system, self._errors, f"{self._stamp(system, level, pid)}{words}\n")

    def _stamp(self, system: System, level: str, pid: int = 0) -> str:
        moment = datetime.fromtimestamp(system.now_ms // 1000, UTC)
        pid = pid or system.pid
        return f"{moment.strftime('%Y/%m/%d %H:%M:%S')} [{level}] {pid}#{pid}: "

    def _notice_start(self, system: System) -> None:
        if self._level > 2:
            return
        is_debian = "~" in system.environment.get("PKG_RELEASE", "")
        compiler = "14.2.0 (Debian 14.2.0-19)" if is_debian else "14.2.0 (Alpine 14.2.0)"
        workers = [system.pid + _FIRST_WORKER_OFFSET + place for place in range(_WORKERS)]
        lines = [
            'using the "epoll" event method',
            f"nginx/{self.version}",
            f"built by gcc {compiler} ",
            "OS: Linux 6.12.41",
            "getrlimit(RLIMIT_NOFILE): 1048576:1048576",
            "start worker processes",
            *(f"start worker process {worker}" for worker in workers),
        ]
        stamp = self._stamp(system, "notice")
        self._put(system, self._errors, "".join(f"{stamp}{line}\n" for line in lines))

    def _fail(self, system: System, text: str, *, is_test: bool) -> int:
        self._emergency(system, text)
        if is_test:
            line = f"nginx: configuration file {self.option('c', default=_MAIN)} test failed\n"
            system.write(STDERR, line.encode())
        return 1

    def _emergency(self, system: System, text: str) -> None:
        stamp = self._stamp(system, "emerg")
        system.write(STDERR, f"{stamp}{text}\nnginx: [emerg] {text}\n".encode())


class _Complaints(ErrorLog):
    """The error log, while one request is answered."""

    def __init__(self, server: Nginx, system: System) -> None:
        self._server = server
        self._system = system

    def __call__(self, level: str, words: str, exchange: Exchange) -> None:
        self._server.complain(self._system, level, words, exchange)


def _with_dashes(form: str, exchange: Exchange) -> str:
    """A log line: variables without a value are shown as "-"."""
    out, rest = list[str](), form
    while rest:
        head, dollar, rest = rest.partition("$")
        out.append(head)
        if dollar:
            name = rest[: len(rest) - len(rest.lstrip("abcdefghijklmnopqrstuvwxyz_0123456789"))]
            rest = rest[len(name) :]
            out.append(expand(f"${name}", exchange) or "-")
    return "".join(out)
