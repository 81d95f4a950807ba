"""A room of the review desk for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from django.apps import apps

from playground.hosting.local import LocalHost
from playground.reviews.recorder import WriteRecorder
from tests.playground.reviews.people import Room, open_room


@pytest.fixture
async def room(host: LocalHost) -> AsyncIterator[Room]:
    """A session with review on."""
    apps.get_app_config("reviews").recorder = WriteRecorder()
    yield await open_room(host)
