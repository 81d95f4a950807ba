"""For Django's admin: changes that are also written to the audit log."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from playground.accounts.models import Person
from playground.audit.services import Who, audit_append


class Audited(admin.ModelAdmin):  # type: ignore[type-arg]
    """What staff change is in the log by model and key; never what it said."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Made."""
        audit_note(request, "add", obj)
        entry: LogEntry = super().log_addition(request, obj, message)
        return entry

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Changed, or acted upon."""
        audit_note(request, "change", obj)
        entry: LogEntry = super().log_change(request, obj, message)
        return entry

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Deleted."""
        for one in queryset:
            audit_note(request, "delete", one)
        return super().log_deletions(request, queryset)


def audit_note(request: HttpRequest, action: str, obj: Model) -> None:
    """Write what a member of staff did to the audit log."""
    subject = f"{obj._meta.label_lower}/{obj.pk}"
    audit_append(who=_who(request), action=f"admin.{action}", subject=subject)


def _who(request: HttpRequest) -> Who | None:
    if not isinstance(request.user, User):
        return None
    person = Person.objects.filter(user=request.user).first()
    return None if person is None else Who(person.visitor, person.name)
