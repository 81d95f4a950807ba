"""The tokens of invitations: random, shown once, remembered as a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings

_TOKEN_BYTES = 24


def new_token() -> str:
    """What only the invited person gets."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What the database keeps: a stolen copy of it opens nothing."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"invitation:{token}".encode(), hashlib.sha256).hexdigest()
