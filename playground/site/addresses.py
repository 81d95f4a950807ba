"""Where a request comes from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address; behind a trusted proxy, what that proxy says."""
    if settings.PODYARD_TRUST_PROXY:
        forwarded = request.headers.get("x-forwarded-for", "").split(",")[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def base_url(request: HttpRequest) -> str:
    """The site's address as the visitor sees it, without a slash at the end."""
    return f"{request.scheme}://{request.get_host()}"
