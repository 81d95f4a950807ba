"""The log in Django's admin: to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from playground.audit.models import Actor, Entry


class _OnlyLooked(admin.ModelAdmin):  # type: ignore[type-arg]
    def has_add_permission(self, request: HttpRequest) -> bool:
        """The site writes."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes what was written."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nor deletes it."""
        return False


@admin.register(Entry)
class EntryAdmin(_OnlyLooked):
    """The newest first."""

    list_display = ("number", "at", "action", "subject", "actor")
    list_filter = ("action",)
    search_fields = ("subject", "actor", "action")
    ordering = ("-number",)


@admin.register(Actor)
class ActorAdmin(_OnlyLooked):
    """Who is behind a pseudonym."""

    list_display = ("pseudonym", "name")
    search_fields = ("pseudonym", "name")
    exclude = ("salt",)
