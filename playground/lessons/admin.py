"""Lessons in Django's admin: how far people have come, to look at."""

from __future__ import annotations

from django.contrib import admin

from playground.lessons.models import LessonRun, StepRun
from playground.site.look_only import LookOnly, LookOnlyInline


class StepRunInline(LookOnlyInline):
    """The steps of a run."""

    model = StepRun
    fields = readonly_fields = ("step", "started_at", "passed_at", "attempts", "hints")


@admin.register(LessonRun)
class LessonRunAdmin(LookOnly):
    """Lessons, the newest first."""

    list_display = ("slug", "session", "current", "started_at", "finished_at", "restarts")
    list_filter = ("slug",)
    search_fields = ("slug", "session__id", "session__name")
    list_select_related = ("session",)
    date_hierarchy = "started_at"
    ordering = ("-started_at",)
    inlines = (StepRunInline,)


@admin.register(StepRun)
class StepRunAdmin(LookOnly):
    """Steps across lessons: where people try often."""

    list_display = ("run", "step", "started_at", "passed_at", "attempts", "hints")
    list_filter = ("step",)
    search_fields = ("step", "run__slug", "run__session__id")
    list_select_related = ("run",)
