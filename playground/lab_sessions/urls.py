"""Addresses of the sessions' pages."""

from __future__ import annotations

from django.urls import path

from playground.lab_sessions import entrances, views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("import/", entrances.import_form, name="import-form"),
    path("waiting/<slug:ticket>/", entrances.waiting_room, name="waiting-room"),
    path("s/<slug:session_id>", views.with_slash),
    path("s/<slug:session_id>/", views.workspace, name="workspace"),
    path("s/<slug:session_id>/join/<slug:secret>/", views.join, name="join"),
    path("s/<slug:session_id>/fork/<slug:secret>/", entrances.fork_link, name="fork-link"),
]
