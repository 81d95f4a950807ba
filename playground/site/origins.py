"""Whether a WebSocket comes from one of our own pages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host


def is_ours(headers: Mapping[str, str]) -> bool:
    """Browsers always name the page's origin; a client without one has no cookies to abuse."""
    origin = headers.get("origin")
    host = headers.get("host", "")
    if origin is None:
        return True
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    parsed = urlsplit(origin)
    if parsed.scheme not in ("http", "https") or parsed.netloc.lower() != host.lower():
        return False
    return validate_host(parsed.hostname or "", settings.ALLOWED_HOSTS) or settings.DEBUG
