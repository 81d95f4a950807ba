"""Addresses of reviews."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from playground.reviews import advice, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/findings", advice.findings),
    path("api/v1/findings/rules", advice.rules),
    path("review", pages.with_slash),
    path("review/", pages.desk, name="review-desk"),
    path("review/<slug:submission_id>", pages.with_slash),
    path("review/<slug:submission_id>/", pages.desk, name="review-submission"),
]
