"""How nginx answers a request: which location, and what its directives make of it.

Models: the phases of ngx_http_core_module as far as configurations in labs use them: rewrite,
access, content (files, return, proxy), error pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html import escape
from urllib.parse import quote, unquote

from cluster_engine.images.servers import files
from cluster_engine.images.servers.nginx import rewriting
from cluster_engine.images.servers.nginx.patterns import search
from cluster_engine.images.servers.nginx.proxying import forward
from cluster_engine.images.servers.nginx.site import Location, Scope, Site, VirtualServer
from cluster_engine.images.servers.nginx.variables import Exchange, expand
from cluster_engine.network.http import HttpReply, HttpRequest, reason
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

CYCLES_MAX = 10
_REDIRECTS = (301, 302, 303, 307, 308)
#: Where nginx' pages say it otherwise than HTTP.
_WORDS = {
    401: "Authorization Required",
    405: "Not Allowed",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
_CACHEABLE = (200, 201, 204, 206, 301, 302, 303, 304, 307, 308)


@dataclass(slots=True)
class Answerer:
    """One request on its way through a site."""

    site: Site
    system: System
    version: str
    #: Writes to the error log: level and words.
    complain: ErrorLog
    cycles: int = 0
    scope: Scope = field(default_factory=Scope)

    def answer(self, request: HttpRequest) -> tuple[HttpReply, Exchange, Scope]:
        """The reply, what it was made of, and the settings for its log line."""
        host = request.headers.get("host", "")
        server = self.site.server_for(request.port or 80, host)
        exchange = Exchange(request, self.system, server, self.site, self.version)
        if server is None:
            return HttpReply(404), exchange, self.site.scope
        self.scope = server.scope
        reply = self._checked(server, exchange)
        exchange.status = reply.status
        self._finish(reply, exchange)
        return reply, exchange, self.scope

    def _checked(self, server: VirtualServer, exchange: Exchange) -> HttpReply:
        path = files.local("", exchange.request.path)
        if path is None:
            return self.page(400)
        exchange.uri = path or "/"
        result = rewriting.run(server.block, exchange, server.scope)
        if result.reply is not None:
            return self._with_page(result.reply, server, exchange)
        return self._route(server, exchange)

    def _route(self, server: VirtualServer, exchange: Exchange) -> HttpReply:
        """Find the location of the URI, and its answer."""
        self.cycles += 1
        if self.cycles > CYCLES_MAX:
            words = "rewrite or internal redirection cycle while processing"
            self.complain("error", f'{words} "{exchange.uri}"', exchange)
            return self.page(500)
        location = find_location(server.locations, exchange)
        if location is None:
            self.scope = server.scope
            return self._with_page(self._file(server.scope, None, exchange), server, exchange)
        self.scope = location.scope
        reply = self._in_location(server, location, exchange)
        return self._with_page(reply, server, exchange)

    def _in_location(
        self, server: VirtualServer, location: Location, exchange: Exchange
    ) -> HttpReply:
        result = rewriting.run(location.block, exchange, location.scope)
        if result.reply is not None:
            return result.reply
        if result.is_again:
            return self._route(server, exchange)
        refusal = self._refusal(location, exchange)
        if refusal is not None:
            return refusal
        tries = location.setting("try_files")
        if tries:
            found = self._try_files(server, location, tries, exchange)
            if found is not None:
                return found
        proxy = result.proxy or location.setting("proxy_pass")
        if proxy:
            return forward(self, location, proxy[0], exchange)
        if location.setting("stub_status"):
            return self._status()
        for gateway in ("fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass"):
            if location.setting(gateway):
                words = "connect() failed (111: Connection refused) while connecting to upstream"
                self.complain("error", words, exchange)
                return self.page(502)
        return self._file(location.scope, location, exchange)

    def _refusal(self, location: Location, exchange: Exchange) -> HttpReply | None:
        for directive in location.block:
            if directive.name == "internal" and self.cycles < 2:
                return self.page(404)
            if directive.name in ("allow", "deny"):
                wanted = directive.arguments[0]
                if wanted == "all" or wanted.partition("/")[0] == exchange.request.source_ip:
                    if directive.name == "allow":
                        break
                    words = "access forbidden by rule"
                    self.complain("error", words, exchange)
                    return self.page(403)
        realm = location.scope.last("auth_basic")
        if realm and realm[0] != "off" and not self._knows(location, exchange):
            reply = self.page(401)
            reply.headers["WWW-Authenticate"] = f'Basic realm="{realm[0]}"'
            return reply
        return None

    def _knows(self, location: Location, exchange: Exchange) -> bool:
        """Whether the request's user stands in the password file, in plain text."""
        named = location.scope.last("auth_basic_user_file")
        given = exchange.credentials
        if not named or given is None:
            return False
        try:
            lines = self.system.read_file(named[0]).decode("utf-8", "replace").splitlines()
        except Errno:
            return False
        user, _, password = given.partition(":")
        return f"{user}:{{PLAIN}}{password}" in lines

    def _try_files(
        self, server: VirtualServer, location: Location, tries: list[str], exchange: Exchange
    ) -> HttpReply | None:
        """The first file that is there, else the last word. None: go on with the URI as it is."""
        for wish in tries[:-1]:
            path = expand(wish, exchange)
            file = self._path(location.scope, location, exchange, path)
            try:
                kind = self.system.stat(file.rstrip("/") or "/").kind
            except Errno:
                continue
            if (kind == "directory") == path.endswith("/"):
                exchange.uri = path
                return self._file(location.scope, location, exchange)
        last = tries[-1]
        if last.startswith("="):
            return self.page(int(last[1:]) if last[1:].isdecimal() else 404)
        if last.startswith("@"):
            return self._named(server, last, exchange)
        target, _, arguments = expand(last, exchange).partition("?")
        exchange.uri, exchange.arguments = target, arguments or exchange.arguments
        return self._route(server, exchange)

    def _named(self, server: VirtualServer, name: str, exchange: Exchange) -> HttpReply:
        for location in server.locations:
            if location.modifier == "@" and f"@{location.path}" == name:
                self.cycles += 1
                self.scope = location.scope
                if self.cycles <= CYCLES_MAX:
                    return self._in_location(server, location, exchange)
        self.complain("error", f'could not find named location "{name}"', exchange)
        return self.page(500)

    # Files

    def _path(self, scope: Scope, location: Location | None, exchange: Exchange, uri: str) -> str:
        """The file that a URI means."""
        alias = location.setting("alias") if location is not None else []
        if alias and location is not None:
            base = expand(alias[0], exchange)
            if location.modifier in ("~", "~*"):
                return base
            return base + uri[len(location.path) :]
        root = scope.last("root")
        base = expand(root[0], exchange) if root else "/etc/nginx/html"
        if not base.startswith("/"):
            base = f"/etc/nginx/{base}"
        return base.rstrip("/") + uri

    def _file(self, scope: Scope, location: Location | None, exchange: Exchange) -> HttpReply:
        if exchange.request.method not in ("GET", "HEAD"):
            return self.page(405)
        path = self._path(scope, location, exchange, exchange.uri)
        try:
            status = self.system.stat(path.rstrip("/") or "/")
            if status.kind == "directory":
                return self._folder(scope, location, exchange, path)
            if path.endswith("/"):
                raise Errno("ENOTDIR")
            body = self.system.read_file(path)
        except Errno as error:
            return self._unreadable(path, error, exchange)
        tag = f'"{status.mtime_ms // 1000:x}-{status.size:x}"'
        headers = {
            "Content-Type": self._type(scope, path),
            "Last-Modified": files.date(status.mtime_ms),
            "ETag": tag,
            "Accept-Ranges": "bytes",
        }
        given = exchange.request.headers
        if given.get("if-none-match") == tag or (
            "if-none-match" not in given
            and given.get("if-modified-since") == headers["Last-Modified"]
        ):
            return HttpReply(304, b"", headers)
        return HttpReply(200, body, headers)

    def _folder(
        self, scope: Scope, location: Location | None, exchange: Exchange, path: str
    ) -> HttpReply:
        if not exchange.uri.endswith("/"):
            reply = self.page(301)
            reply.headers["Location"] = f"{exchange.base_url}{quote(exchange.uri)}/"
            return reply
        names = scope.last("index") or ["index.html"]
        for name in names:
            file = f"{path.rstrip('/')}/{expand(name, exchange)}"
            if self.system.exists(file):
                exchange.uri += expand(name, exchange)
                return self._file(scope, location, exchange)
        if scope.last("autoindex") == ["on"]:
            return self._listing(exchange, path)
        self.complain("error", f'directory index of "{path.rstrip("/")}/" is forbidden', exchange)
        return self.page(403)

    def _unreadable(self, path: str, error: Errno, exchange: Exchange) -> HttpReply:
        number = {"ENOENT": 2, "EACCES": 13, "ENOTDIR": 20}.get(error.name, 5)
        words = f'open() "{path}" failed ({number}: {error.text})'
        self.complain("error", words, exchange)
        return self.page(403 if error.name == "EACCES" else 404)

    def _listing(self, exchange: Exchange, path: str) -> HttpReply:
        uri = escape(unquote(exchange.uri))
        rows = ['<a href="../">../</a>\n']
        for name, status in files.entries(self.system, path.rstrip("/") or "/"):
            is_folder = status.kind == "directory"
            shown = name + "/" * is_folder
            moment = files.date(status.mtime_ms).split()
            when = f"{moment[1]}-{moment[2]}-{moment[3]} {moment[4][:5]}"
            size = "-" if is_folder else str(status.size)
            link = f'<a href="{quote(shown)}">{escape(shown[:50])}</a>'
            rows.append(f"{link}{' ' * max(51 - len(shown), 1)}{when}{size:>20}\n")
        text = (
            f"<html>\r\n<head><title>Index of {uri}</title></head>\r\n<body>\r\n"
            f"<h1>Index of {uri}</h1><hr><pre>{''.join(rows)}</pre><hr></body>\r\n</html>\r\n"
        )
        return HttpReply(200, text.encode(), {"Content-Type": "text/html"})

    def _type(self, scope: Scope, path: str) -> str:
        suffix = path.rpartition("/")[2].rpartition(".")[2].lower()
        for kind, *suffixes in scope.all("types"):
            if suffix in suffixes:
                return kind
        default = scope.last("default_type")
        return default[0] if default else "text/plain"

    def _status(self) -> HttpReply:
        text = (
            "Active connections: 1 \nserver accepts handled requests\n 1 1 1 \n"
            "Reading: 0 Writing: 1 Waiting: 0 \n"
        )
        return HttpReply(200, text.encode(), {"Content-Type": "text/plain"})

    # Pages and headers

    @property
    def signature(self) -> str:
        """What the Server header and the error pages say."""
        return "nginx" if self.scope.last("server_tokens") == ["off"] else f"nginx/{self.version}"

    def page(self, status: int) -> HttpReply:
        """The server's own page for a status."""
        title = f"{status} {_WORDS.get(status) or reason(status)}"
        text = (
            f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
            f"<center><h1>{title}</h1></center>\r\n<hr><center>{self.signature}</center>\r\n"
            "</body>\r\n</html>\r\n"
        )
        return HttpReply(status, text.encode(), {"Content-Type": "text/html"})

    def _with_page(self, reply: HttpReply, server: VirtualServer, exchange: Exchange) -> HttpReply:
        """The page that `error_page` names for a status, when it names one."""
        if reply.status < 300 or exchange.is_error_page:
            return reply
        for words in self.scope.all("error_page"):
            target = words[-1]
            given = [word for word in words[:-1] if word.startswith("=")]
            if str(reply.status) not in words[:-1]:
                continue
            exchange.is_error_page = True
            if target.startswith("@"):
                page = self._named(server, target, exchange)
            elif "://" in target:
                return replace(self.page(302), headers={"Location": expand(target, exchange)})
            else:
                exchange.uri = expand(target, exchange)
                page = self._route(server, exchange)
            if given and given[0] == "=":
                return page
            wanted = int(given[0][1:]) if given and given[0][1:].isdecimal() else reply.status
            return HttpReply(wanted, page.body, page.headers) if page.status < 300 else reply
        return reply

    def _finish(self, reply: HttpReply, exchange: Exchange) -> None:
        """Headers that every reply has."""
        first = {
            "Server": self.signature,
            "Date": files.date(self.system.now_ms),
            "Content-Type": _take(reply.headers, "content-type") or "text/plain",
            "Content-Length": str(len(reply.body)),
            "Connection": "keep-alive",
        }
        if reply.status in (204, 304):
            del first["Content-Type"], first["Content-Length"]
        reply.headers = {**first, **reply.headers}
        for words in self.scope.all("add_header"):
            is_always = len(words) > 2 and words[2] == "always"
            if is_always or reply.status in _CACHEABLE:
                reply.headers[words[0]] = expand(words[1], exchange)
        if reply.status in _REDIRECTS:
            place = reply.headers.get("Location", "")
            if place.startswith("/"):
                reply.headers["Location"] = exchange.base_url + place


def _take(headers: dict[str, str], name: str) -> str:
    """Take a header out, however it is written; "" when there is none."""
    for held in headers:
        if held.lower() == name:
            return headers.pop(held)
    return ""


class ErrorLog:
    """Writes to the error log: see `Nginx.complain`."""

    def __call__(self, level: str, words: str, exchange: Exchange) -> None:
        """One line."""
        raise NotImplementedError


def find_location(locations: list[Location], exchange: Exchange) -> Location | None:
    """As nginx chooses: exact, longest prefix, then the first matching expression."""
    uri = exchange.uri
    best: Location | None = None
    for location in locations:
        if location.modifier == "=" and location.path == uri:
            return location
        is_prefix = location.modifier in ("", "^~") and uri.startswith(location.path)
        if is_prefix and (best is None or len(location.path) > len(best.path)):
            best = location
    inner = find_location(best.inner, exchange) if best is not None and best.inner else None
    if best is None or best.modifier != "^~":
        for location in locations:
            if location.modifier in ("~", "~*"):
                found = search(location.pattern, uri)
                if found is not None:
                    exchange.capture(found)
                    return find_location(location.inner, exchange) or location
    return inner or best
