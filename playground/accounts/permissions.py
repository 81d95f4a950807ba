"""What each group may do in Django's admin: one table, applied after every migration.

Models that nobody but a superuser sees are listed too, so that a new model is always a decision: a
test names the line that is missing.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import transaction

from playground.accounts.rights import GROUPS

_LOOK = ("view",)
_TAKE_BACK = ("view", "delete")
_KEEP = ("view", "add", "change", "delete")

#: Model to group to actions, as `app.model` in lower case. Superusers may do everything that the
#: model's admin offers. An empty row: only superusers.
TABLE: dict[str, dict[str, tuple[str, ...]]] = {
    "account.emailaddress": {"operator": _LOOK},
    "accounts.formervisitor": {"operator": _LOOK},
    "accounts.grant": {"operator": _TAKE_BACK},
    "accounts.invitation": {"operator": ("view", "add", "delete")},
    "accounts.person": {"operator": ("view", "operate")},
    "admin.logentry": {"operator": _LOOK},
    "audit.actor": {"operator": _LOOK, "reviewer": _LOOK},
    "audit.entry": {"operator": _LOOK, "reviewer": _LOOK},
    "auth.group": {"operator": _LOOK},
    "auth.user": {"operator": _LOOK},
    "classrooms.broadcast": {"operator": _LOOK, "teacher": _LOOK},
    "classrooms.classroom": {"operator": _LOOK, "teacher": _LOOK},
    "classrooms.deed": {"operator": _LOOK, "teacher": _LOOK},
    "classrooms.seat": {"operator": _LOOK, "teacher": _LOOK},
    "classrooms.student": {"operator": _LOOK, "teacher": _LOOK},
    "hosting.clustersnapshot": {},
    "hosting.hostedcluster": {"operator": _LOOK},
    "hosting.hostlease": {"operator": _LOOK},
    "hosting.journalpiece": {},
    "lab_sessions.membership": {"operator": _LOOK},
    "lab_sessions.session": {"operator": _LOOK},
    "lab_sessions.sharelink": {"operator": _LOOK},
    "lab_sessions.waitingticket": {"operator": _LOOK},
    "lessons.checkpoint": {},
    "lessons.lessonrun": {"operator": _LOOK},
    "lessons.steprun": {"operator": _LOOK},
    "reviews.comment": {"operator": _LOOK, "reviewer": _LOOK},
    "reviews.decision": {"operator": _LOOK, "reviewer": _LOOK},
    "reviews.item": {"operator": _LOOK, "reviewer": _LOOK},
    "reviews.version": {"operator": _LOOK, "reviewer": _LOOK},
    "reviews.write": {"operator": _LOOK, "reviewer": _LOOK},
    "reviews.delivery": {"operator": _LOOK},
    "reviews.desk": {"operator": _LOOK, "reviewer": _LOOK},
    "reviews.hook": {"operator": _KEEP},
    "reviews.submission": {"operator": _LOOK, "reviewer": _LOOK},
    "reviews.rulesetting": {"operator": _KEEP, "reviewer": _KEEP},
    "socialaccount.socialaccount": {"operator": _LOOK},
}


def groups_set(sender: Any, using: str = "default", **_: Any) -> None:
    """Receiver of post_migrate: the groups exist and may do just what the table says.

    Runs once, after the last application, when all permissions have been made.
    """
    with_models = [config for config in apps.get_app_configs() if config.models_module]
    if sender is not with_models[-1]:
        return
    # This module is imported before there are models.
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    groups = apps.get_model("auth", "Group").objects.using(using)
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permissions.select_related("content_type")
    }
    with transaction.atomic(using=using):
        for name, wanted in _names_by_group().items():
            group, _made = groups.get_or_create(name=name)
            group.permissions.set([known[key] for key in sorted(wanted) if key in known])


def _names_by_group() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {name: set() for name in GROUPS}
    for model, by_group in TABLE.items():
        app, _, word = model.partition(".")
        for group, actions in by_group.items():
            names[group] |= {f"{app}.{action}_{word}" for action in actions}
    return names
