"""The secrets of a session: derived, never stored, so that a stolen database opens nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from ipaddress import ip_address, ip_network

from django.conf import settings

from playground.lab_sessions.roles import Role

_ID_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_ID_LENGTH = 10
#: A person has a whole IPv6 network of that size.
_IPV6_PREFIX = 64


def new_id() -> str:
    """A public name, easy to read out."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LENGTH))


def new_nonce() -> str:
    """What makes a session's secrets its own."""
    return secrets.token_hex(16)


def secret_of(session_id: str, nonce: str, role: Role) -> str:
    """The secret with which one has `role` in a session."""
    digest = _digest(f"session-secret:{session_id}:{nonce}:{role.value}")
    return base64.b32encode(digest).decode().lower().rstrip("=")[:32]


def role_of(session_id: str, nonce: str, secret: str) -> Role | None:
    """The role that a secret gives, compared in constant time."""
    found = None
    for role in Role:
        if hmac.compare_digest(secret_of(session_id, nonce, role).encode(), secret.encode()):
            found = role
    return found


def address_key(address: str) -> str:
    """An address as limits remember it: a keyed hash of it, or of its IPv6 network."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return _digest(f"address:{address}").hex()[:32]
    if parsed.version == 6:
        parsed = ip_network((parsed, _IPV6_PREFIX), strict=False).network_address
    return _digest(f"address:{parsed}").hex()[:32]


def _digest(text: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()
