"""Addresses of reviews."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from playground.reviews import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("review", pages.with_slash),
    path("review/", pages.desk, name="review-desk"),
    path("review/<slug:submission_id>", pages.with_slash),
    path("review/<slug:submission_id>/", pages.desk, name="review-submission"),
]
