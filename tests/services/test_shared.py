"""What several processes share: PostgreSQL and Redis, as the settings reach them."""

from __future__ import annotations

import pytest
from channels.layers import get_channel_layer
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select version()")
        assert cursor.fetchone()[0].startswith("PostgreSQL")


def test_the_cache_counts_for_every_process() -> None:
    cache.set("tests", 1)
    assert cache.incr("tests") == 2
    assert "redis" in type(cache._connections[cache._alias]).__module__  # type: ignore[attr-defined]


async def test_a_group_hears_what_is_sent_to_it() -> None:
    layer = get_channel_layer()
    assert layer is not None
    channel = await layer.new_channel()
    await layer.group_add("tests", channel)
    await layer.group_send("tests", {"type": "said", "text": "hello"})
    assert await layer.receive(channel) == {"type": "said", "text": "hello"}
    await layer.close_pools()
