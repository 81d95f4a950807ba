"""What a configuration means: servers, their locations, upstreams. Made once per configuration."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cluster_engine.images.servers.nginx.patterns import TooComplex, compile_pattern
from cluster_engine.images.servers.nginx.syntax import ConfigurationError, Directive

#: Directives that an inner block takes over from the outer one as a whole.
_INHERITED = (
    "root index error_page add_header access_log error_log default_type autoindex types "
    "autoindex_exact_size proxy_set_header server_tokens client_max_body_size charset "
    "auth_basic auth_basic_user_file expires etag resolver"
).split()


@dataclass(slots=True)
class Scope:
    """The settings that hold in a block: the inherited ones by name, with all their words."""

    settings: dict[str, list[list[str]]] = field(default_factory=dict)

    def last(self, name: str) -> list[str]:
        """The words of a setting, none when it is not set."""
        found = self.settings.get(name)
        return found[-1] if found else []

    def all(self, name: str) -> list[list[str]]:
        """The words of each time it is set."""
        return self.settings.get(name, [])

    def inner(self, block: list[Directive]) -> Scope:
        """The settings of a block inside this one."""
        own: dict[str, list[list[str]]] = {}
        for directive in block:
            if directive.name in _INHERITED and directive.block is None:
                own.setdefault(directive.name, []).append(directive.arguments)
            elif directive.name == "types" and directive.block is not None:
                rows = [[row.name, *row.arguments] for row in directive.block]
                own["types"] = rows
        return Scope({**self.settings, **own})


@dataclass(slots=True)
class Location:
    """One location. `modifier`: "=", "^~", "~", "~*", "@" or ""."""

    modifier: str
    path: str
    scope: Scope
    #: Its directives in order, for return, rewrite, set, if, try_files, proxy_pass and the like.
    block: list[Directive]
    inner: list[Location] = field(default_factory=list)

    def setting(self, name: str) -> list[str]:
        """The words of a directive that is not inherited."""
        for directive in self.block:
            if directive.name == name:
                return directive.arguments or [""]
        return []

    @property
    def pattern(self) -> re.Pattern[str]:
        """Of a location by regular expression."""
        return compile_pattern(self.path, ignores_case=self.modifier == "~*")


@dataclass(slots=True)
class VirtualServer:
    """One `server` block."""

    ports: list[int]
    default_ports: list[int]
    names: list[str]
    scope: Scope
    block: list[Directive]
    locations: list[Location]

    def has_name(self, host: str) -> int:
        """How well it has that name: 3 exactly, 2 by a leading, 1 by a trailing wildcard."""
        best = 0
        for name in self.names:
            if name == host:
                return 3
            if (name.startswith("*.") and host.endswith(name[1:])) or (
                name.startswith(".") and (host.endswith(name) or host == name[1:])
            ):
                best = max(best, 2)
            elif name.endswith(".*") and host.startswith(name[:-1]):
                best = max(best, 1)
        return best


@dataclass(slots=True)
class Site:
    """A whole configuration."""

    scope: Scope = field(default_factory=Scope)
    servers: list[VirtualServer] = field(default_factory=list)
    #: Name to its servers as `host:port`.
    upstreams: dict[str, list[str]] = field(default_factory=dict)
    log_formats: dict[str, str] = field(default_factory=dict)
    error_log: list[str] = field(default_factory=list)
    body_folder: str = "/var/cache/nginx/client_temp"
    #: Where the `user` directive stands.
    user_place: str = ""
    #: Hosts that must be known at start: host and the place that names it.
    hosts: list[tuple[str, str]] = field(default_factory=list)
    maps: list[Directive] = field(default_factory=list)

    @property
    def ports(self) -> list[int]:
        """All ports to listen on."""
        return list(dict.fromkeys(port for server in self.servers for port in server.ports))

    def server_for(self, port: int, host: str) -> VirtualServer | None:
        """The server for a request: by name, else the default one of the port."""
        candidates = [server for server in self.servers if port in server.ports]
        if not candidates:
            return None
        name = host.partition(":")[0].lower()
        best = max(candidates, key=lambda server: server.has_name(name))
        if best.has_name(name):
            return best
        for server in candidates:
            if port in server.default_ports:
                return server
        return candidates[0]


def build(directives: list[Directive]) -> Site:
    """The meaning of a configuration that has been checked. Raises ConfigurationError."""
    site = Site()
    for directive in directives:
        if directive.name == "error_log":
            site.error_log = directive.arguments
        elif directive.name == "user":
            site.user_place = directive.place
        elif directive.name == "http":
            _http(site, directive.block or [])
    return site


def _http(site: Site, block: list[Directive]) -> None:
    site.scope = Scope().inner(block)
    for directive in block:
        words = directive.arguments
        if directive.name == "log_format":
            rest = words[2:] if words[1].startswith("escape=") else words[1:]
            site.log_formats[words[0]] = "".join(rest)
        elif directive.name == "upstream":
            site.upstreams[words[0]] = _upstream(site, directive)
        elif directive.name == "client_body_temp_path":
            site.body_folder = words[0]
        elif directive.name == "map":
            site.maps.append(directive)
    for directive in block:
        if directive.name == "server" and directive.block is not None:
            site.servers.append(_server(site, directive.block))


def _upstream(site: Site, directive: Directive) -> list[str]:
    found = []
    for entry in directive.block or []:
        if entry.name != "server" or "down" in entry.arguments[1:]:
            continue
        host, colon, port = entry.arguments[0].rpartition(":")
        address = entry.arguments[0] if colon else f"{entry.arguments[0]}:80"
        if colon and not port.isdecimal():
            raise ConfigurationError(
                f'invalid port in upstream "{entry.arguments[0]}" in {entry.place}'
            )
        site.hosts.append((host if colon else port, entry.place))
        found.append(address)
    if not found:
        raise ConfigurationError(f"no servers are inside upstream in {directive.place}")
    return found


def _server(site: Site, block: list[Directive]) -> VirtualServer:
    ports, defaults, names = list[int](), list[int](), list[str]()
    for directive in block:
        if directive.name == "listen":
            port = _port(directive)
            ports.append(port)
            if "default_server" in directive.arguments or "default" in directive.arguments:
                defaults.append(port)
        elif directive.name == "server_name":
            names += [name.lower() for name in directive.arguments]
    scope = site.scope.inner(block)
    locations = [_location(site, scope, held) for held in block if held.name == "location"]
    return VirtualServer(ports or [80], defaults, names, scope, block, locations)


def _port(directive: Directive) -> int:
    text = directive.arguments[0]
    digits = text.rpartition(":")[2] if not text.endswith("]") else "80"
    if digits.isdecimal():
        if not 0 < int(digits) < 65536:
            raise ConfigurationError(
                f'invalid port in "{text}" of the "listen" directive in {directive.place}'
            )
        return int(digits)
    if ":" in text and not text.startswith("["):
        raise ConfigurationError(
            f'invalid port in "{text}" of the "listen" directive in {directive.place}'
        )
    return 80


def _location(site: Site, outer: Scope, directive: Directive) -> Location:
    words = directive.arguments
    modifier, path = (words[0], words[1]) if len(words) == 2 else ("", words[0])
    if len(words) == 1:
        for known in ("^~", "~*", "~", "=", "@"):
            if path.startswith(known):
                modifier, path = known, path.removeprefix(known)
                break
    if modifier not in ("", "=", "^~", "~", "~*", "@"):
        raise ConfigurationError(f'invalid location modifier "{modifier}" in {directive.place}')
    block = directive.block or []
    scope = outer.inner(block)
    found = Location(modifier, path, scope, block)
    try:
        if modifier in ("~", "~*"):
            compile_pattern(path, ignores_case=modifier == "~*")
    except TooComplex as error:
        raise ConfigurationError(f"{error} in {directive.place}") from None
    found.inner = [_location(site, scope, held) for held in block if held.name == "location"]
    for held in block:
        if held.name == "proxy_pass":
            _note_host(site, held)
    return found


def _note_host(site: Site, directive: Directive) -> None:
    url = directive.arguments[0]
    scheme, separator, rest = url.partition("://")
    if not separator and "$" not in url:
        raise ConfigurationError(f"invalid URL prefix in {directive.place}")
    if scheme not in ("http", "https") and "$" not in scheme:
        raise ConfigurationError(f"invalid URL prefix in {directive.place}")
    host = rest.partition("/")[0].partition(":")[0]
    if "$" not in url and host not in site.upstreams:
        site.hosts.append((host, directive.place))
