"""The host of this process, made once from the settings."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings

from playground.hosting.host import ClusterHost
from playground.hosting.local import LocalHost
from playground.hosting.quotas import HostLimits


class HostingConfig(AppConfig):
    """Holds the host; views and consumers get it through `site_host`."""

    name = "playground.hosting"

    def ready(self) -> None:
        """Make the host. It starts to run with its first cluster."""
        self.host: ClusterHost = LocalHost(
            limits=HostLimits(
                clusters_max=settings.PODYARD_SESSIONS_MAX,
                streams_per_cluster_max=settings.PODYARD_STREAMS_PER_SESSION_MAX,
                viewers_per_cluster_max=settings.PODYARD_VIEWERS_PER_SESSION_MAX,
                requests_per_second_max=settings.PODYARD_REQUESTS_PER_SECOND_MAX,
                requests_burst_max=settings.PODYARD_REQUESTS_BURST_MAX,
                frames_per_second_max=settings.PODYARD_FRAMES_PER_SECOND_MAX,
                rehearsals_max=settings.PODYARD_FORECASTS_MAX,
                rehearsal_work_seconds_max=settings.PODYARD_FORECAST_WORK_SECONDS_MAX,
                advance_ms_max=settings.PODYARD_CLOCK_ADVANCE_SECONDS_MAX * 1000,
            ),
            slice_ms_max=settings.PODYARD_SLICE_MS_MAX,
        )
