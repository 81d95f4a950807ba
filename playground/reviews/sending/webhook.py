"""One post to one address. Blocking: runs in a thread.

The address is resolved once, judged, and then connected to as it was judged, so that a name cannot
lead somewhere else in between. No redirect is followed; no more than the status is believed.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

_SCHEMES = {"http": 80, "https": 443}
_READ_BYTES_MAX = 4096


class NotDelivered(Exception):
    """It did not arrive; the text is for the operator."""


@dataclass(frozen=True, slots=True)
class Post:
    """What is sent where."""

    url: str
    body: bytes
    headers: dict[str, str]
    timeout_s: float
    may_be_private: bool = False


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What `X-Podyard-Signature` holds: over the moment too, so that an old post is no new one."""
    message = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def post(sent: Post) -> int:
    """Send it; the status, from 200 to 299. Raises NotDelivered."""
    parts = urlsplit(sent.url)
    port = _SCHEMES.get(parts.scheme)
    try:
        port = parts.port or port
    except ValueError:
        port = None
    if port is None or not parts.hostname:
        raise NotDelivered("the address is no http or https URL")
    address = _judged(parts.hostname, port, may_be_private=sent.may_be_private)
    connection = _connection(parts.scheme, parts.hostname, port, address, sent.timeout_s)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, sent.body, sent.headers)
        response = connection.getresponse()
        response.read(_READ_BYTES_MAX)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotDelivered(f"{type(error).__name__}: {error}"[:200]) from None
    finally:
        connection.close()
    if not 200 <= response.status < 300:
        raise NotDelivered(f"answered with {response.status}")
    return response.status


def _judged(host: str, port: int, *, may_be_private: bool) -> str:
    """The address that a name stands for. Raises NotDelivered for one that is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotDelivered(f"{host}: {error}") from None
    addresses = [str(one[4][0]) for one in found]
    if not may_be_private and not all(_is_public(address) for address in addresses):
        raise NotDelivered(f"{host} is not a public address")
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not address.is_multicast


def _connection(
    scheme: str, host: str, port: int, address: str, timeout_s: float
) -> http.client.HTTPConnection:
    connection: _Pinned | _PinnedTls
    if scheme == "https":
        context = ssl.create_default_context()
        connection = _PinnedTls(host, port, timeout=timeout_s, context=context)
    else:
        connection = _Pinned(host, port, timeout=timeout_s)
    connection.pinned = address
    return connection


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was judged."""

    pinned = ""

    def connect(self) -> None:
        """See http.client."""
        self.sock = socket.create_connection((self.pinned, self.port), self.timeout)


class _PinnedTls(http.client.HTTPSConnection):
    """The same, with the certificate checked for the name."""

    pinned = ""

    def connect(self) -> None:
        """See http.client."""
        plain = socket.create_connection((self.pinned, self.port), self.timeout)
        context = self._context  # type: ignore[attr-defined]
        self.sock = context.wrap_socket(plain, server_hostname=self.host)
