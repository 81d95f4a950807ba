"""URLs for curl and wget."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from cluster_engine.shell.commands.command import UsageError


@dataclass(frozen=True, slots=True)
class Url:
    """The parts that a request needs; `path` has the query, `user` is "name:password"."""

    scheme: str
    host: str
    port: int
    path: str
    user: str = ""

    @property
    def place(self) -> str:
        """Host and port, the port left out when it is the usual one."""
        usual = 443 if self.scheme == "https" else 80
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    @property
    def text(self) -> str:
        """The whole of it."""
        return f"{self.scheme}://{self.place}{self.path}"

    @property
    def file_name(self) -> str:
        """The last part of the path."""
        return self.path.partition("?")[0].rpartition("/")[2]


def parse_url(text: str, code: int = 3) -> Url:
    """A URL; `http://` may be left out. Raises UsageError with curl's text."""
    full = text if "://" in text else f"http://{text}"
    malformed = UsageError("(3) URL using bad/illegal format or missing URL", code)
    try:
        parts = urlsplit(full)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise malformed from None
    if parts.scheme not in ("http", "https"):
        text = f'(1) Protocol "{parts.scheme}" not supported or disabled in libcurl'
        raise UsageError(text, 1)
    if not host or any(letter <= " " for letter in full):
        raise malformed
    path = parts.path or "/"
    if parts.query:
        path += f"?{parts.query}"
    user = ""
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    default = 443 if parts.scheme == "https" else 80
    return Url(parts.scheme, host, port or default, path, user)
