"""What is stored about people: nothing is forgotten in the registry, and deletion deletes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session as Login
from django.db.models import CharField, TextField
from django.utils import timezone

from playground.accounts.models import FormerVisitor, Grant, Invitation, Person
from playground.accounts.personal_data import NOT_PERSONAL, holdings
from playground.accounts.rights import Right
from playground.accounts.services import invitation_make, old_forget
from playground.hosting.local import LocalHost
from playground.lab_sessions.models import Membership, Session, ShareLink
from tests.playground.accounts.browsers import PASSWORD, Browser


def test_every_model_is_a_decision() -> None:
    covered = {label for holding in holdings() for label in holding.models}
    missing = sorted(
        model._meta.label_lower
        for model in apps.get_models()
        if model._meta.label_lower not in covered | set(NOT_PERSONAL)
    )
    assert missing == [], (
        "what do these models keep about people? Name each in a Holding of the application's "
        "personal_data.py, or in accounts.personal_data.NOT_PERSONAL"
    )


def test_the_registry_names_only_models_that_exist() -> None:
    known = {model._meta.label_lower for model in apps.get_models()}
    named = {label for holding in holdings() for label in holding.models} | set(NOT_PERSONAL)
    assert named - known == set()


def test_every_holding_has_its_own_key_and_says_how_long() -> None:
    keys = [holding.key for holding in holdings()]
    assert len(set(keys)) == len(keys)
    assert [holding.key for holding in holdings() if "{" in holding.kept or not holding.kept] == []


@pytest.mark.django_db(transaction=True)
async def test_the_privacy_page_shows_the_whole_registry(host: LocalHost) -> None:
    page = await Browser().get("/privacy/")
    text = page.content.decode().replace("&#x27;", "'")
    assert [holding.key for holding in holdings() if holding.kept not in text] == []
    assert "30 days" in text


@pytest.mark.django_db(transaction=True)
async def test_the_download_holds_ones_own_and_no_one_elses(host: LocalHost) -> None:
    browser, other = Browser(), Browser()
    mine, theirs = await browser.start(), await other.start()
    await browser.sign_up("ada")
    answer = await browser.get("/account/data.json")
    assert "attachment" in answer.headers["content-disposition"]
    data = answer.json()
    assert set(data) == {holding.key for holding in holdings()}
    assert [one["id"] for one in data["sessions"]] == [mine]
    assert data["account"][0]["username"] == "ada"
    text = answer.content.decode()
    assert theirs not in text
    assert "scrypt" not in text and "md5" not in text


@sync_to_async
def traces(words: list[str]) -> list[str]:
    """Every column of every table in which one of the words still stands."""
    found = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, CharField | TextField):
                for word in words:
                    rows = model._default_manager.filter(**{f"{field.name}__contains": word})
                    if rows.exists():
                        found.append(f"{model._meta.label_lower}.{field.name}: {word}")
    return found


@pytest.mark.django_db(transaction=True)
async def test_deleting_an_account_leaves_no_trace_of_it(host: LocalHost) -> None:
    browser, friend = Browser(), Browser()
    session = await browser.start()
    guest_id = browser.visitor_id
    shared = await friend.start()
    await browser.sign_up("ada-lovelace")
    await browser.post(await invitation_make(right=Right.TEACH))
    await Membership.objects.acreate(
        session_id=shared,
        visitor=browser.visitor_id,
        role="editor",
        joined_at=(await Session.objects.aget(id=shared)).created_at,
    )
    account_id = browser.visitor_id
    await ShareLink.objects.acreate(
        session_id=shared,
        role="viewer",
        created_by=account_id,
        created_at=(await Session.objects.aget(id=shared)).created_at,
    )
    refused = await browser.post("/account/delete/", {"password": "wrong"})
    assert b"not your password" in refused.content
    done = await browser.post("/account/delete/", {"password": PASSWORD})
    assert b"It is gone" in done.content
    assert not host.has(session)
    assert host.has(shared)
    assert not await Login.objects.aexists(), "the other browser's login is gone too"
    assert browser.visitor is not None and not browser.visitor.has_account
    assert await traces([guest_id, account_id, "ada-lovelace", session]) == []
    assert "You are a guest" in (await browser.get("/account/")).content.decode()


@pytest.mark.django_db(transaction=True)
async def test_a_guest_deletes_what_is_stored(host: LocalHost) -> None:
    browser = Browser()
    session = await browser.start()
    guest_id = browser.visitor_id
    refused = await browser.post("/account/delete/", {"word": "no"})
    assert b"Type the word delete" in refused.content
    await browser.post("/account/delete/", {"word": "Delete"})
    assert await traces([guest_id, session]) == []
    assert browser.visitor_id != guest_id


@pytest.mark.django_db(transaction=True)
async def test_what_staff_did_stays_without_a_name(host: LocalHost) -> None:
    browser = Browser()
    await browser.sign_up("grace-hopper")
    user = await User.objects.aget()
    kind = await ContentType.objects.aget(app_label="auth", model="user")
    await LogEntry.objects.acreate(
        user=user,
        content_type=kind,
        object_id=str(user.pk),
        object_repr=str(user),
        action_flag=CHANGE,
        change_message="switched on",
    )
    await browser.post("/account/delete/", {"password": PASSWORD})
    kept = await LogEntry.objects.select_related("user").aget()
    assert kept.user.username == f"deleted-{user.pk}"
    assert await traces(["grace-hopper"]) == []
    answer = await Browser().log_in("grace-hopper")
    assert b"not correct" in answer.content


@pytest.mark.django_db(transaction=True)
async def test_a_session_with_another_owner_stays(host: LocalHost) -> None:
    browser = Browser()
    session = await browser.start()
    row = await Session.objects.aget(id=session)
    await Membership.objects.acreate(
        session=row, visitor="another", role="owner", joined_at=row.created_at
    )
    await browser.post("/account/delete/", {"word": "delete"})
    assert host.has(session)
    assert [one.visitor async for one in Membership.objects.all()] == ["another"]
    for model in (Person, FormerVisitor, Grant, Invitation):
        assert not await model.objects.aexists()


@pytest.mark.django_db(transaction=True)
async def test_what_is_over_is_forgotten_by_itself(settings: Any) -> None:
    settings.PODYARD_INVITATION_RECORD_DAYS = 30
    now = timezone.now()
    for hours, days in ((-1, -31), (1, -29)):
        ends = now + datetime.timedelta(hours=hours)
        await Grant.objects.acreate(visitor=f"v{hours}", right="teach", expires_at=ends)
        await Login.objects.acreate(session_key=f"k{hours}", session_data="", expire_date=ends)
        await Invitation.objects.acreate(
            token_hash=f"h{hours}",
            made_at=now,
            expires_at=now + datetime.timedelta(days=days),
            grant_hours=1,
        )
    await old_forget(now=now)
    assert [one.visitor async for one in Grant.objects.all()] == ["v1"]
    assert [one.session_key async for one in Login.objects.all()] == ["k1"]
    assert [one.token_hash async for one in Invitation.objects.all()] == ["h1"]
