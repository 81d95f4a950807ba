"""The front end's built files in a page."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import (
    DjangoViteAssetNotFoundError,
    DjangoViteManifestError,
)

register = template.Library()


@register.simple_tag
def frontend(entry: str) -> SafeString:
    """Scripts and styles of an entry such as "static/app/workspace.ts".

    Before the first build there are none, and the page is its HTML alone.
    """
    try:
        html: str = DjangoViteAssetLoader.instance().generate_vite_asset(entry)
    except (DjangoViteManifestError, DjangoViteAssetNotFoundError):
        html = "<!-- the front end is not built: run make setup -->"
    return mark_safe(html)
