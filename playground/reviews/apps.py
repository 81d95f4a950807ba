"""The Django application `reviews`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from playground.reviews.recorder import WriteRecorder


class ReviewsConfig(AppConfig):
    """Holds what copies people's writes into the database."""

    name = "playground.reviews"
    label = "reviews"
    default_auto_field = "django.db.models.BigAutoField"
    #: Its part of the REST API's description.
    openapi = "playground.reviews.api.openapi"
    recorder: WriteRecorder

    def ready(self) -> None:
        """Make the recorder; it starts with the site. It needs the models, which are there now."""
        self.recorder = import_string("playground.reviews.recorder.WriteRecorder")()
