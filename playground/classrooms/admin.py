"""Classrooms in Django's admin: to look at. Teachers see their own, operators all; pins nobody."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from playground.accounts.models import Person
from playground.classrooms.models import Broadcast, Classroom, Deed, Seat, Student
from playground.site.look_only import LookOnly, LookOnlyInline


class OwnRooms(LookOnly):
    """Who is not an operator sees what belongs to rooms of their own."""

    #: The way from the model to the id of the room's teacher.
    teacher_path = "classroom__teacher"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """All, or those of the rooms that the account has made."""
        found = super().get_queryset(request)
        if request.user.has_perm("accounts.operate_person"):
            return found
        mine = Person.objects.filter(user__username=request.user.get_username())
        return found.filter(**{f"{self.teacher_path}__in": mine.values("visitor")})


class StudentInline(LookOnlyInline):
    """Who is in the room."""

    model = Student
    fields = readonly_fields = ("name", "stage", "joined_at", "started_at", "finished_at", "hands")


@admin.register(Classroom)
class ClassroomAdmin(OwnRooms):
    """Rooms, the newest first."""

    teacher_path = "teacher"
    list_display = ("title", "state", "created_at", "starts_at", "ends_at", "seats_max", "lesson")
    list_filter = ("state", "lesson")
    search_fields = ("id", "title", "code", "teacher")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    inlines = (StudentInline,)


@admin.register(Student)
class StudentAdmin(OwnRooms):
    """Students across rooms; the pin lets one in elsewhere and is not shown."""

    list_display = ("name", "classroom", "stage", "joined_at", "finished_at", "hands", "helps")
    list_filter = ("stage",)
    search_fields = ("name", "visitor", "classroom__title", "classroom__code")
    list_select_related = ("classroom",)
    exclude = ("pin",)


@admin.register(Seat)
class SeatAdmin(OwnRooms):
    """Which session is whose."""

    list_display = ("session", "classroom", "student", "made_at", "is_ready")
    list_filter = ("is_ready",)
    search_fields = ("session", "student__name", "classroom__title")
    list_select_related = ("classroom", "student")


@admin.register(Broadcast)
class BroadcastAdmin(OwnRooms):
    """What was said to a class."""

    list_display = ("classroom", "kind", "at")
    list_filter = ("kind",)
    search_fields = ("classroom__title", "text")
    list_select_related = ("classroom",)
    date_hierarchy = "at"


@admin.register(Deed)
class DeedAdmin(OwnRooms):
    """What was done in a class, by whom."""

    list_display = ("at", "classroom", "action", "value", "name")
    list_filter = ("action",)
    search_fields = ("classroom__title", "name", "visitor", "value")
    list_select_related = ("classroom",)
    date_hierarchy = "at"
