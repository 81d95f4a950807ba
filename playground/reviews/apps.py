"""The Django application `reviews`."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """See the package."""

    name = "playground.reviews"
    label = "reviews"
    default_auto_field = "django.db.models.BigAutoField"
