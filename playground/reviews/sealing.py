"""What must be kept whole but not readable: sealed with a key derived from the site's."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unsealable(Exception):
    """The site's key has changed since."""


def sealed(data: bytes) -> str:
    """The data as a text that says nothing without the key."""
    return Fernet(_key(b"seal")).encrypt(data).decode()


def unsealed(text: str) -> bytes:
    """What was sealed. Raises Unsealable."""
    try:
        return Fernet(_key(b"seal")).decrypt(text.encode())
    except InvalidToken:
        raise Unsealable("this was sealed with another key of the site") from None


def mark_of(value: str) -> str:
    """A short text that is the same for the same value, and says nothing else about it."""
    digest = hmac.new(_key(b"mark"), value.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return digest.hexdigest()[:8]


def _key(use: bytes) -> bytes:
    digest = hashlib.sha256(b"podyard review " + use + b" " + settings.SECRET_KEY.encode())
    return base64.urlsafe_b64encode(digest.digest())
