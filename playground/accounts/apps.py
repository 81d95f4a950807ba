"""The Django application `accounts`."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from playground.accounts.permissions import groups_set


class AccountsConfig(AppConfig):
    """See the package."""

    name = "playground.accounts"
    verbose_name = "People"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Groups follow the table of permissions after each migration."""
        post_migrate.connect(groups_set, dispatch_uid="podyard-groups")
