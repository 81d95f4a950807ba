"""Addresses of lessons: pages, and their part of the REST API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from playground.lessons import views
from playground.lessons.api import lessons

urlpatterns: list[URLPattern | URLResolver] = [
    path("lessons/", views.lessons, name="lessons"),
    path("lessons/<slug:slug>/", views.lesson, name="lesson"),
    path("lessons/<slug:slug>/start", views.start, name="lesson-start"),
    path("api/v1/lessons", lessons.lessons, name="api-lessons"),
    path("api/v1/lessons/<slug:slug>", lessons.lesson, name="api-lesson"),
    path("api/v1/sessions/<slug:session_id>/lesson", lessons.session_lesson, name="session-lesson"),
]
