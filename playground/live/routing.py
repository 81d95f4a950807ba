"""Addresses of the page's WebSockets."""

from __future__ import annotations

from django.urls import path

from playground.live.consumers import SessionConsumer, TerminalConsumer

websocket_urlpatterns = [
    path("ws/sessions/<slug:session_id>/", SessionConsumer.as_asgi()),
    path("ws/sessions/<slug:session_id>/terminals/<int:number>/", TerminalConsumer.as_asgi()),
]
