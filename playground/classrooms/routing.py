"""Addresses of the classrooms' WebSockets."""

from __future__ import annotations

from django.urls import path

from playground.classrooms.consumers import SeatConsumer, WallConsumer

websocket_urlpatterns = [
    path("ws/classrooms/<slug:room_id>/wall/", WallConsumer.as_asgi()),
    path("ws/classrooms/<slug:room_id>/seat/", SeatConsumer.as_asgi()),
]
