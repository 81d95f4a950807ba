"""Addresses of the sessions' pages."""

from __future__ import annotations

from django.urls import path

from playground.lab_sessions import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("s/<slug:session_id>", views.with_slash),
    path("s/<slug:session_id>/", views.workspace, name="workspace"),
    path("s/<slug:session_id>/join/<slug:secret>/", views.join, name="join"),
]
