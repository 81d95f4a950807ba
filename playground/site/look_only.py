"""For Django's admin: models that are looked at there and never changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """No adding, no changing, no deleting, not even for superusers: the services do that."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The site writes it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only to look at."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It goes when its time is over."""
        return False


class LookOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """The same for rows inside another model's page."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The site writes it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only to look at."""
        return False
