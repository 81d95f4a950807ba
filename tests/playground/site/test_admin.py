"""Django's admin works, though its middleware runs for its pages only."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import AsyncClient, Client
from django.utils import timezone

from playground.hosting.local import LocalHost
from playground.lab_sessions.models import Session


@pytest.mark.django_db
def test_staff_see_sessions_but_not_what_opens_them() -> None:
    User.objects.create_superuser("root", password="secret")
    now = timezone.now()
    Session.objects.create(
        id="abc",
        name="a lab",
        nonce="the-nonce",
        nodes=3,
        seed=1,
        speed="1",
        address="hashed",
        created_at=now,
        expires_at=now,
        gone_at=now,
    )
    client = Client()
    assert client.get("/admin/").status_code == 302
    assert client.login(username="root", password="secret")
    page = client.get("/admin/lab_sessions/session/").content.decode()
    assert "a lab" in page
    detail = client.get("/admin/lab_sessions/session/abc/change/").content.decode()
    assert "a lab" in detail
    assert "the-nonce" not in detail


@pytest.mark.django_db(transaction=True)
async def test_the_admin_works_asynchronously_too(host: LocalHost) -> None:
    answer = await AsyncClient().get("/admin/login/", follow=True)
    assert answer.status_code == 200
    assert b"csrfmiddlewaretoken" in answer.content


@pytest.mark.django_db(transaction=True)
async def test_a_host_name_that_is_not_ours_is_refused(host: LocalHost) -> None:
    answer = await AsyncClient().get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
