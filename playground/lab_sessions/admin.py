"""Sessions in Django's admin: to look at, not to change; clusters are ended through the service."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from playground.lab_sessions.models import Membership, Session


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    """Who is in a session."""

    model = Membership
    extra = 0
    can_delete = False
    readonly_fields = ("visitor", "role", "joined_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People join by links."""
        return False


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list of sessions. What opens them, the nonce, is not shown."""

    list_display = ("id", "name", "state", "nodes", "created_at", "expires_at", "extensions")
    list_filter = ("state",)
    search_fields = ("id", "name")
    date_hierarchy = "created_at"
    exclude = ("nonce",)
    inlines = (MembershipInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Sessions are started by visitors."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only to look at."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A record goes by itself, long after its cluster."""
        return False
