"""The Django application `reviews`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from playground.reviews.findings.severities import severities_of

if TYPE_CHECKING:
    from playground.reviews.recorder import WriteRecorder
    from playground.reviews.sending.courier import Courier


class ReviewsConfig(AppConfig):
    """Holds what copies people's writes into the database, and what sends messages."""

    name = "playground.reviews"
    verbose_name = "Review desk"
    label = "reviews"
    default_auto_field = "django.db.models.BigAutoField"
    #: Its part of the REST API's description.
    openapi = "playground.reviews.api.openapi"
    recorder: WriteRecorder
    courier: Courier

    def ready(self) -> None:
        """Make both; they start with the site. They need the models, which are there now."""
        try:
            severities_of(settings.PODYARD_FINDINGS_SEVERITIES)
        except ValueError as error:
            raise ImproperlyConfigured(f"PODYARD_FINDINGS_SEVERITIES: {error}") from None
        self.recorder = import_string("playground.reviews.recorder.WriteRecorder")()
        self.courier = import_string("playground.reviews.sending.courier.Courier")()
        self.recorder.on_taken = self.courier.wake
