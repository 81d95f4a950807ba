"""The review desk in Django's admin: to look at; only hooks are changed here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from playground.reviews.models import (
    Comment,
    Decision,
    Delivery,
    Desk,
    Hook,
    Submission,
    Version,
    Write,
)


class _OnlyLooked(admin.ModelAdmin):  # type: ignore[type-arg]
    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come from the site."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Decisions are made at the desk."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They go with their session's record."""
        return False


class _Inline(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only shown."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only shown."""
        return False


class VersionInline(_Inline):
    """A submission's versions; what they hold sealed is not shown."""

    model = Version
    fields = ("version", "at", "source", "command", "message", "is_cut")


class CommentInline(_Inline):
    """A submission's comments."""

    model = Comment
    fields = ("number", "by_name", "at", "version", "line", "text")


class DecisionInline(_Inline):
    """A submission's decisions."""

    model = Decision
    fields = ("by_name", "at", "act", "version", "message")


@admin.register(Submission)
class SubmissionAdmin(_OnlyLooked):
    """The newest first."""

    list_display = ("__str__", "state", "title", "submitter_name", "assignee_name", "updated_at")
    list_filter = ("state", "source")
    search_fields = ("title", "submitter_name", "session__id")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    inlines = (VersionInline, CommentInline, DecisionInline)


@admin.register(Write)
class WriteAdmin(_OnlyLooked):
    """The record."""

    list_display = ("at", "person_name", "source", "act", "kind", "namespace", "name", "code")
    list_filter = ("source", "act", "code")
    search_fields = ("person_name", "kind", "name", "session__id")
    ordering = ("-pk",)


@admin.register(Desk)
class DeskAdmin(_OnlyLooked):
    """Which sessions are reviewed."""

    list_display = ("session", "is_on", "switched_by_name", "drained")
    list_filter = ("is_on",)


@admin.register(Hook)
class HookAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Where messages are posted."""

    list_display = ("url", "is_on", "note")


@admin.register(Delivery)
class DeliveryAdmin(_OnlyLooked):
    """Messages and how far they came. Keys are not shown."""

    list_display = ("made_at", "kind", "target", "event", "tries", "delivered_at", "problem")
    list_filter = ("kind", "event")
    exclude = ("secret",)
    ordering = ("-pk",)
