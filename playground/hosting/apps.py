"""The host of this process, made once from the settings."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from playground.hosting.host import ClusterHost
from playground.hosting.journal.archive import Archive
from playground.hosting.keeper import KeepLimits
from playground.hosting.local import LocalHost
from playground.hosting.quotas import HostLimits


class HostingConfig(AppConfig):
    """Holds the host; views and consumers get it through `site_host`."""

    name = "playground.hosting"
    default_auto_field = "django.db.models.BigAutoField"

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
            archive=self._archive() if settings.PODYARD_KEEP_SESSIONS else None,
            keeping=KeepLimits(
                snapshot_work_seconds=settings.PODYARD_SNAPSHOT_WORK_MS / 1000,
                snapshot_bytes=settings.PODYARD_SNAPSHOT_JOURNAL_BYTES,
                doze_seconds=settings.PODYARD_DOZE_SECONDS,
                catch_up_seconds=settings.PODYARD_CATCH_UP_SECONDS,
            ),
        )

    def _archive(self) -> Archive:
        # Its tables are models, which can be imported only when all applications are there.
        database = import_module("playground.hosting.journal.database")
        archive: Archive = database.DatabaseArchive(Path(settings.PODYARD_VAR_DIR) / "hosts")
        return archive
