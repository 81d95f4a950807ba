"""Clusters in Django's admin: which there are, and whose. Their contents are of use to the program
alone."""

from __future__ import annotations

import datetime

from django.contrib import admin

from playground.hosting.models import HostedCluster, HostLease
from playground.site.look_only import LookOnly


@admin.register(HostedCluster)
class HostedClusterAdmin(LookOnly):
    """By id, as their sessions."""

    list_display = ("cluster_id", "owner", "began")
    fields = ("cluster_id", "owner", "began", "plan")
    search_fields = ("cluster_id", "owner")
    ordering = ("-created_at",)

    @admin.display(ordering="created_at")
    def began(self, cluster: HostedCluster) -> datetime.datetime:
        """When it was made."""
        return datetime.datetime.fromtimestamp(cluster.created_at, datetime.UTC)


@admin.register(HostLease)
class HostLeaseAdmin(LookOnly):
    """Processes that host clusters."""

    list_display = ("owner", "until")
    fields = ("owner", "until")

    @admin.display(ordering="expires_at")
    def until(self, lease: HostLease) -> datetime.datetime:
        """Until when it is taken to be alive, should nothing be heard of it."""
        return datetime.datetime.fromtimestamp(lease.expires_at, datetime.UTC)
