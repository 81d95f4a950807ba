"""Addresses of the REST API below /api/v1/."""

from __future__ import annotations

from django.urls import path

from playground.lab_sessions.api import examples, manifests, openapi, schemas, sessions

urlpatterns = [
    path("sessions", sessions.sessions, name="sessions"),
    path("sessions/<slug:session_id>", sessions.session, name="session"),
    path("sessions/<slug:session_id>/extend", sessions.extend, name="session-extend"),
    path("sessions/<slug:session_id>/fork", sessions.fork, name="session-fork"),
    path("sessions/<slug:session_id>/shares", sessions.shares, name="session-shares"),
    path("sessions/<slug:session_id>/kubeconfig", sessions.kubeconfig, name="session-kubeconfig"),
    path("sessions/<slug:session_id>/export", sessions.export, name="session-export"),
    path("sessions/<slug:session_id>/manifests", manifests.manifests, name="session-manifests"),
    path("schemas", schemas.schema, name="schemas"),
    path("schemas/kinds", schemas.kinds, name="schemas-kinds"),
    path("examples", examples.examples, name="examples"),
    path("openapi.json", openapi.document, name="openapi"),
    path("docs", openapi.docs, name="api-docs"),
]
