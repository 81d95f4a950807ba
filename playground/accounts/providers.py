"""The OpenID Connect providers that the operator has set up."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings


def providers() -> list[dict[str, Any]]:
    """As in the settings."""
    found: list[dict[str, Any]] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return found


def provider_origins() -> list[str]:
    """Where their login pages are."""
    return [_origin(one["settings"]) for one in providers()]


def _origin(one: dict[str, Any]) -> str:
    if one["authorize_origin"]:
        return str(one["authorize_origin"])
    parts = urlsplit(one["server_url"])
    return f"{parts.scheme}://{parts.netloc}"
