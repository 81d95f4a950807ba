"""The Django application `audit`."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See the package."""

    name = "playground.audit"
    verbose_name = "Audit log"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
