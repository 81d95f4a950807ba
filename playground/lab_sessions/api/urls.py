"""Addresses of the REST API below /api/v1/."""

from __future__ import annotations

from django.urls import path

from playground.lab_sessions.api import (
    examples,
    manifests,
    openapi,
    schemas,
    sessions,
    sharing,
    waiting,
)

urlpatterns = [
    path("sessions", sessions.sessions, name="sessions"),
    path("sessions/import", sessions.import_file, name="session-import"),
    path("waiting/<slug:ticket>", waiting.ticket, name="waiting-ticket"),
    path("templates", sessions.template_list, name="templates"),
    path("sessions/<slug:session_id>", sessions.session, name="session"),
    path("sessions/<slug:session_id>/extend", sessions.extend, name="session-extend"),
    path("sessions/<slug:session_id>/fork", sessions.fork, name="session-fork"),
    path("sessions/<slug:session_id>/shares", sharing.shares, name="session-shares"),
    path("sessions/<slug:session_id>/shares/<int:number>", sharing.share, name="session-share"),
    path(
        "sessions/<slug:session_id>/shares/<int:number>/qr.svg",
        sharing.share_qr,
        name="session-share-qr",
    ),
    path("sessions/<slug:session_id>/join", sharing.join, name="session-join"),
    path("sessions/<slug:session_id>/people", sharing.people_of, name="session-people"),
    path("sessions/<slug:session_id>/people/<slug:person>", sharing.person, name="session-person"),
    path("sessions/<slug:session_id>/key", sharing.key, name="session-key"),
    path("sessions/<slug:session_id>/kubeconfig", sessions.kubeconfig, name="session-kubeconfig"),
    path("sessions/<slug:session_id>/export", sessions.export, name="session-export"),
    path("sessions/<slug:session_id>/manifests", manifests.manifests, name="session-manifests"),
    path("me", sharing.me, name="me"),
    path("schemas", schemas.schema, name="schemas"),
    path("schemas/kinds", schemas.kinds, name="schemas-kinds"),
    path("examples", examples.examples, name="examples"),
    path("openapi.json", openapi.document, name="openapi"),
    path("docs", openapi.docs, name="api-docs"),
]
