"""The log in Django's admin: to look at."""

from __future__ import annotations

from django.contrib import admin

from playground.audit.models import Actor, Entry
from playground.site.look_only import LookOnly


@admin.register(Entry)
class EntryAdmin(LookOnly):
    """The newest first."""

    list_display = ("number", "at", "action", "subject", "actor")
    list_filter = ("action",)
    search_fields = ("subject", "actor", "action")
    ordering = ("-number",)


@admin.register(Actor)
class ActorAdmin(LookOnly):
    """Who is behind a pseudonym."""

    list_display = ("pseudonym", "name")
    search_fields = ("pseudonym", "name")
    exclude = ("salt",)
