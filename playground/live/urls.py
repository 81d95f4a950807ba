"""Addresses of the terminals below /api/v1/."""

from __future__ import annotations

from django.urls import path

from playground.live import views

urlpatterns = [
    path("sessions/<slug:session_id>/terminals", views.terminals_of, name="terminals"),
    path("sessions/<slug:session_id>/terminals/<int:number>", views.terminal, name="terminal"),
]
