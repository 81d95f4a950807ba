"""How the rest of the site gets at the host."""

from __future__ import annotations

from typing import cast

from django.apps import apps

from playground.hosting.apps import HostingConfig
from playground.hosting.host import ClusterHost


def site_host() -> ClusterHost:
    """The host that this site's sessions live on."""
    return cast(HostingConfig, apps.get_app_config("hosting")).host
