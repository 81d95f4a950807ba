"""Who may come in at `manage.py cluster`, and what its options accept."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apiserver.requests import ADMIN
from playground.gateway.foreground import RootDoor

SCOPE = {"type": "http", "path": "/api"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "127.0.0.1:6443"},
        {"host": "localhost:6443", "origin": "http://localhost"},
        {"host": "[::1]:6443"},
        {"host": "192.0.2.7:80"},
    ],
    ids=["none", "loopback", "e2e tests", "IPv6", "forwarded"],
)
async def test_clients_on_this_machine_come_in(headers: dict[str, str]) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    grant = await RootDoor().admit({**SCOPE, "headers": pairs})
    assert grant.user == ADMIN


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "127.0.0.1:6443", "origin": "https://evil.example"},
        {"host": "127.0.0.1:6443", "origin": "http://192.0.2.7"},
        {"host": "127.0.0.1:6443", "origin": "null"},
        {"host": "rebound.example:6443"},
    ],
    ids=["a site", "a site without a name", "a sandbox", "a name of the site's own"],
)
async def test_pages_of_other_sites_do_not(headers: dict[str, str]) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    with pytest.raises(ApiError, match="forbidden") as caught:
        await RootDoor().admit({**SCOPE, "headers": pairs})
    assert caught.value.code == 403


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--port", "99999"),
        ("--port", "-1"),
        ("--nodes", "-3"),
        ("--node-cpu", "zz"),
        ("--node-memory", "-4"),
        ("--node-pods", "many"),
        ("--speed", "fast"),
    ],
)
def test_a_wrong_option_is_named(option: str, value: str) -> None:
    with pytest.raises(CommandError, match=option):
        call_command("cluster", f"{option}={value}")
