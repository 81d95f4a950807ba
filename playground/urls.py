"""Addresses of the site's pages and of its own REST API."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from playground.serving import health, metrics

urlpatterns = [
    path("", include("playground.lab_sessions.urls")),
    path("api/v1/", include("playground.lab_sessions.api.urls")),
    path("api/v1/", include("playground.live.urls")),
    path("api/v1/", include("playground.reviews.api.urls")),
    path("", include("playground.accounts.urls")),
    path("", include("playground.classrooms.urls")),
    path("", include("playground.lessons.urls")),
    path("", include("playground.reviews.urls")),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("admin/", admin.site.urls),
]
handler400 = "playground.site.errors.bad_request"
handler403 = "playground.site.errors.forbidden"
handler404 = "playground.site.errors.not_found"
handler500 = "playground.site.errors.server_error"
handler429 = "playground.site.errors.too_many"
