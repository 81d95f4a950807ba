"""Limits on logging in are counted in the cache: each test begins with none."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Every address may log in again."""
    cache.clear()
