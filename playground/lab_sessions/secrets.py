"""The secrets of a session: derived, never stored, so that a stolen database opens nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings

from playground.lab_sessions.roles import Role

_ID_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_ID_LENGTH = 10
#: A person has a whole IPv6 network of that size.
_IPV6_PREFIX = 64
_DIGITS = string.digits + string.ascii_lowercase
_ROLES = {role.value[0]: role for role in Role}
_MEMBER_SECRET = re.compile(
    rf"([0-9a-z]{{1,12}})-([{''.join(_ROLES)}])([0-9]{{1,9}})-[a-z2-7]{{32}}"
)
_LINK_SECRET = re.compile(r"([0-9a-z]{1,12})-[a-z2-7]{32}")


def new_id() -> str:
    """A public name, easy to read out."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LENGTH))


def new_nonce() -> str:
    """What makes a session's secrets its own."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class MemberClaim:
    """What a person's secret says: which membership, in which role, and the how-manieth it is."""

    member: int
    role: Role
    turn: int


def member_secret(session_id: str, nonce: str, claim: MemberClaim) -> str:
    """A person's own secret: in the address of the cluster's API, and as a bearer token."""
    said = f"{_base36(claim.member)}-{claim.role.value[0]}{claim.turn}"
    return f"{said}-{_mac(f'member-secret:{session_id}:{nonce}:{said}')}"


def read_member_secret(session_id: str, nonce: str, secret: str) -> MemberClaim | None:
    """What a secret says, if it is one of ours. Whether it still holds, the membership knows."""
    found = _MEMBER_SECRET.fullmatch(secret)
    if found is None:
        return None
    claim = MemberClaim(int(found[1], 36), _ROLES[found[2]], int(found[3]))
    is_ours = hmac.compare_digest(member_secret(session_id, nonce, claim), secret)
    return claim if is_ours else None


def link_secret(session_id: str, nonce: str, link: int) -> str:
    """The secret in a link that lets others in."""
    said = _base36(link)
    return f"{said}-{_mac(f'link-secret:{session_id}:{nonce}:{said}')}"


def read_link_secret(session_id: str, nonce: str, secret: str) -> int | None:
    """The link that a secret belongs to. Whether it still holds, the link knows."""
    found = _LINK_SECRET.fullmatch(secret)
    if found is None:
        return None
    link = int(found[1], 36)
    is_ours = hmac.compare_digest(link_secret(session_id, nonce, link), secret)
    return link if is_ours else None


def address_key(address: str) -> str:
    """An address as limits remember it: a keyed hash of it, or of its IPv6 network."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return _digest(f"address:{address}").hex()[:32]
    if parsed.version == 6:
        parsed = ip_network((parsed, _IPV6_PREFIX), strict=False).network_address
    return _digest(f"address:{parsed}").hex()[:32]


def _mac(text: str) -> str:
    return base64.b32encode(_digest(text)).decode().lower().rstrip("=")[:32]


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _digest(text: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()
