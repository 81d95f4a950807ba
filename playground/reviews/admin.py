"""The review desk in Django's admin: to look at; changed are hooks, and how much rules matter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from playground.accounts.audited import Audited
from playground.reviews.models import (
    Comment,
    Decision,
    Delivery,
    Desk,
    Hook,
    Item,
    RuleSetting,
    Submission,
    Version,
    Write,
)
from playground.reviews.rules import rule_choices
from playground.site.look_only import LookOnly, LookOnlyInline


class VersionInline(LookOnlyInline):
    """A submission's versions; what they hold sealed is not shown."""

    model = Version
    fields = ("version", "at", "source", "command", "message", "is_cut")


class CommentInline(LookOnlyInline):
    """A submission's comments."""

    model = Comment
    fields = ("number", "by_name", "at", "version", "line", "text")


class DecisionInline(LookOnlyInline):
    """A submission's decisions."""

    model = Decision
    fields = ("by_name", "at", "act", "version", "message")


@admin.register(Submission)
class SubmissionAdmin(LookOnly):
    """The newest first."""

    list_display = ("__str__", "state", "title", "submitter_name", "assignee_name", "updated_at")
    list_filter = ("state", "source")
    search_fields = ("title", "submitter_name", "session__id")
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    inlines = (VersionInline, CommentInline, DecisionInline)


@admin.register(Write)
class WriteAdmin(LookOnly):
    """The record."""

    list_display = ("at", "person_name", "source", "act", "kind", "namespace", "name", "code")
    list_filter = ("source", "act", "code")
    search_fields = ("person_name", "kind", "name", "session__id")
    ordering = ("-pk",)


@admin.register(Desk)
class DeskAdmin(LookOnly):
    """Which sessions are reviewed."""

    list_display = ("session", "is_on", "switched_by_name", "drained")
    list_filter = ("is_on",)


@admin.register(Hook)
class HookAdmin(Audited):
    """Where messages are posted. Its key is given once and not shown again."""

    list_display = ("url", "is_on", "note")
    list_filter = ("is_on",)
    search_fields = ("url", "note")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Another key is another hook."""
        given = ("url", "is_on", "note")
        return given if obj is not None else (*given, "secret")


@admin.register(Delivery)
class DeliveryAdmin(LookOnly):
    """Messages and how far they came. Keys are not shown."""

    list_display = ("made_at", "kind", "target", "event", "tries", "delivered_at", "problem")
    list_filter = ("kind", "event")
    exclude = ("secret",)
    ordering = ("-pk",)


class ItemInline(LookOnlyInline):
    """The writes of a version, masked."""

    model = Item
    fields = ("position", "act", "kind", "namespace", "name", "size")


@admin.register(Version)
class VersionAdmin(LookOnly):
    """What was submitted, masked."""

    list_display = ("submission", "version", "at", "source", "is_cut")
    list_filter = ("source", "is_cut")
    search_fields = ("session__id", "submission__title", "message")
    list_select_related = ("submission",)
    ordering = ("-pk",)
    inlines = (ItemInline,)


@admin.register(Item)
class ItemAdmin(LookOnly):
    """Single writes; what is sealed stays so."""

    list_display = ("version", "position", "act", "kind", "namespace", "name")
    list_filter = ("act", "is_secret")
    search_fields = ("kind", "namespace", "name")
    list_select_related = ("version__submission",)
    exclude = ("sealed",)
    ordering = ("-pk",)


@admin.register(Comment)
class CommentAdmin(LookOnly):
    """What was said at the desk."""

    list_display = ("submission", "number", "by_name", "at", "line")
    search_fields = ("text", "by_name", "submission__title")
    list_select_related = ("submission",)
    ordering = ("-pk",)


@admin.register(Decision)
class DecisionAdmin(LookOnly):
    """What was decided at the desk."""

    list_display = ("submission", "act", "by_name", "at", "version")
    list_filter = ("act",)
    search_fields = ("message", "by_name", "submission__title")
    list_select_related = ("submission",)
    ordering = ("-pk",)


class RuleSettingForm(forms.ModelForm):  # type: ignore[type-arg]
    """The rules by their titles, as a list to choose from."""

    rule = forms.ChoiceField(choices=rule_choices)

    class Meta:
        model = RuleSetting
        fields = ("rule", "severity")


@admin.register(RuleSetting)
class RuleSettingAdmin(Audited):
    """How much rules matter on this site; without a row a rule is as it comes."""

    form = RuleSettingForm
    list_display = ("rule", "severity")
    list_editable = ("severity",)
