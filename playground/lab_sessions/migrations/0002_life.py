"""The life of a session with names: kinds, activity, why it ended."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F
from django.utils import timezone

_STATES = {"read-only": "expired", "gone": "ended"}


def rename_states(apps: Any, schema_editor: Any) -> None:
    sessions = apps.get_model("lab_sessions", "Session").objects
    for old, new in _STATES.items():
        sessions.filter(state=old).update(state=new)
    ended = sessions.filter(state__in=("expired", "ended"))
    ended.update(ended_because="unknown", ended_at=F("gone_at"))
    sessions.update(active_at=F("created_at"))
    sessions.exclude(state="ended").update(due_at=F("expires_at"))


def rename_back(apps: Any, schema_editor: Any) -> None:
    sessions = apps.get_model("lab_sessions", "Session").objects
    for old, new in _STATES.items():
        sessions.filter(state=new).update(state=old)
    sessions.exclude(state__in=("running", *_STATES)).update(state="running")


class Migration(migrations.Migration):
    dependencies = [("lab_sessions", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="session", name="lab_session_state_321a62_idx"),
        migrations.AddField(
            model_name="session",
            name="active_at",
            field=models.DateTimeField(default=timezone.now),
        ),
        migrations.AddField(
            model_name="session",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="ended_because",
            field=models.CharField(blank=True, help_text="one of life.EndReason", max_length=20),
        ),
        migrations.AddField(
            model_name="session",
            name="kind",
            field=models.CharField(default="guest", help_text="one of kinds.Kind", max_length=10),
        ),
        migrations.AddField(
            model_name="session",
            name="left_seconds",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="session",
            name="template",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AlterField(
            model_name="session",
            name="state",
            field=models.CharField(
                choices=[
                    ("reserved", "reserved"),
                    ("running", "running"),
                    ("overtime", "overtime"),
                    ("expired", "expired"),
                    ("hibernated", "hibernated"),
                    ("ended", "ended"),
                ],
                default="running",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["state", "due_at"], name="lab_session_state_866fc7_idx"),
        ),
        migrations.RunPython(rename_states, rename_back),
    ]
