"""The application `admin`, with our site as its default. Read before there are models."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class PodyardAdminConfig(AdminConfig):
    """See administration.py."""

    default_site = "playground.accounts.administration.PodyardAdminSite"
