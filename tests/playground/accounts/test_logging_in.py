"""From a guest to an account and back, in one browser and in several."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User

from playground.accounts.models import FormerVisitor, Person
from playground.accounts.selectors import account_of
from playground.accounts.visitors import new_visitor
from playground.hosting.local import LocalHost
from playground.lab_sessions.models import Membership, Session
from playground.lab_sessions.roles import Role
from playground.lab_sessions.sharing.people import session_join
from tests.playground.accounts.browsers import PASSWORD, Browser

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_guest_signs_up_and_keeps_the_sessions(host: LocalHost) -> None:
    browser = Browser()
    session = await browser.start()
    guest_id = browser.visitor_id
    answer = await browser.sign_up("ada")
    assert (answer.status_code, answer.headers["location"]) == (302, "/account/")
    assert browser.visitor is not None and browser.visitor.has_account
    assert browser.visitor.name == "ada"
    assert (await browser.get(f"/s/{session}/")).status_code == 200
    assert "Your account" in (await browser.get("/account/")).content.decode()
    user = await account_of(browser.visitor_id)
    assert user is not None and user.username == "ada"
    former = await FormerVisitor.objects.aget()
    assert former.visitor == guest_id
    assert (await Session.objects.aget(id=session)).kind == "account"


async def test_whoever_kept_the_guests_cookie_has_nothing(host: LocalHost) -> None:
    browser, thief = Browser(), Browser()
    session = await browser.start()
    thief.client.cookies.update(browser.client.cookies)
    await browser.sign_up("ada")
    assert browser.visitor_id != thief.visitor_id
    assert (await thief.get(f"/s/{session}/")).status_code == 404
    assert await account_of(thief.visitor_id) is None


async def test_a_second_browser_logs_in_and_sees_the_session(host: LocalHost) -> None:
    first, second = Browser(), Browser()
    await first.sign_up("ada")
    session = await first.start()
    other = await second.start()
    assert (await second.get(f"/s/{session}/")).status_code == 404
    await second.log_in("ada")
    assert second.visitor_id == first.visitor_id
    for one in (session, other):
        assert (await second.get(f"/s/{one}/")).status_code == 200
        assert (await first.get(f"/s/{one}/")).status_code == 200


async def test_logging_out_makes_a_fresh_guest(host: LocalHost) -> None:
    browser = Browser()
    session = await browser.start()
    guest_id = browser.visitor_id
    await browser.sign_up("ada")
    account_id = browser.visitor_id
    await browser.log_out()
    assert browser.visitor is not None and not browser.visitor.has_account
    assert browser.visitor_id not in (guest_id, account_id)
    assert (await browser.get(f"/s/{session}/")).status_code == 404
    await browser.log_in("ada")
    assert (await browser.get(f"/s/{session}/")).status_code == 200


async def test_the_next_person_at_a_shared_computer_gets_nothing_of_the_last(
    host: LocalHost,
) -> None:
    browser = Browser()
    await browser.sign_up("ada")
    session = await browser.start()
    del browser.client.cookies["sessionid"]
    await browser.sign_up("bob")
    assert (await browser.get(f"/s/{session}/")).status_code == 404
    ada = await Person.objects.aget(user__username="ada")
    assert await Membership.objects.filter(session=session, visitor=ada.visitor).aexists()


async def test_logging_out_everywhere_leaves_only_this_browser(host: LocalHost) -> None:
    first, second = Browser(), Browser()
    session = await first.start()
    await first.sign_up("ada")
    await second.log_in("ada")
    await first.post("/account/logout-everywhere/", page="/account/")
    assert (await first.get(f"/s/{session}/")).status_code == 200
    assert (await second.get(f"/s/{session}/")).status_code == 404
    assert "You are a guest" in (await second.get("/account/")).content.decode()
    assert "Your account" in (await first.get("/account/")).content.decode()


async def test_a_new_password_logs_the_other_browsers_out(host: LocalHost) -> None:
    first, second = Browser(), Browser()
    session = await first.start()
    await first.sign_up("ada")
    await second.log_in("ada")
    new = "another horse 8"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = await first.post("/accounts/password/change/", form)
    assert answer.status_code == 302
    assert (await first.get("/account/")).status_code == 200
    assert (await first.get(f"/s/{session}/")).status_code == 200
    assert (await second.get(f"/s/{session}/")).status_code == 404
    assert "You are a guest" in (await second.get("/account/")).content.decode()


async def test_an_account_that_is_switched_off_is_out(host: LocalHost) -> None:
    browser = Browser()
    await browser.sign_up("ada")
    await User.objects.filter(username="ada").aupdate(is_active=False)
    assert "You are a guest" in (await browser.get("/account/")).content.decode()
    assert browser.visitor is not None and not browser.visitor.has_account
    answer = await browser.log_in("ada")
    assert answer.headers["location"] == "/accounts/inactive/"


async def test_a_cookie_of_an_account_ends_with_its_time(host: LocalHost, settings: Any) -> None:
    browser = Browser()
    await browser.sign_up("ada")
    session = await browser.start()
    settings.PODYARD_LOGIN_DAYS = 0
    await browser.post("/account/", {"name": "Ada L.", "color": "hsl(0 55% 45%)"})
    assert browser.visitor is None
    assert (await browser.get(f"/s/{session}/")).status_code == 404


async def test_a_guest_changes_name_and_colour(host: LocalHost) -> None:
    browser = Browser()
    await browser.start()
    before = browser.visitor_id
    await browser.post("/account/", {"name": "  Ada \n L. ", "color": "hsl(30 55% 45%)"})
    assert browser.visitor is not None
    assert (browser.visitor.id, browser.visitor.name) == (before, "Ada L.")


async def test_an_account_changes_its_name_in_every_browser(host: LocalHost) -> None:
    first, second = Browser(), Browser()
    await first.sign_up("ada")
    await second.log_in("ada")
    await first.post("/account/", {"name": "Countess", "color": "hsl(0 55% 45%)"})
    await second.get("/account/")
    assert second.visitor is not None and second.visitor.name == "Countess"


@pytest.mark.parametrize(
    ("name", "color", "said"),
    [
        ("", "hsl(0 55% 45%)", "required"),
        ("x\u202egnp", "hsl(0 55% 45%)", "only visible"),
        ("x" * 61, "hsl(0 55% 45%)", "60 characters"),
        ("Ada", "red;background:url(//evil)", "valid choice"),
    ],
    ids=["no name", "text that turns round", "a long name", "a colour that is none"],
)
async def test_a_name_is_refused_with_a_reason(
    host: LocalHost, name: str, color: str, said: str
) -> None:
    answer = await Browser().post("/account/", {"name": name, "color": color})
    assert answer.status_code == 200
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    ("mode", "status", "said"),
    [("open", 200, "Sign up"), ("invitation", 200, "invitation"), ("closed", 200, "invitation")],
)
async def test_who_may_sign_up(
    host: LocalHost, settings: Any, mode: str, status: int, said: str
) -> None:
    settings.PODYARD_SIGNUP = mode
    browser = Browser()
    page = await browser.get("/accounts/signup/")
    assert page.status_code == status
    assert said in page.content.decode()
    assert (b'name="password1"' in page.content) is (mode == "open")


async def test_passwords_are_not_stored_and_weak_ones_refused(host: LocalHost) -> None:
    answer = await Browser().sign_up("ada", "12345678")
    assert "too short" in answer.content.decode()
    await Browser().sign_up("ada")
    user = await User.objects.aget()
    assert PASSWORD not in user.password


async def test_a_kubeconfig_of_the_guest_goes_on_working_under_the_new_name(
    host: LocalHost,
) -> None:
    browser = Browser()
    session = await browser.start()
    config = (await browser.get(f"/api/v1/sessions/{session}/kubeconfig")).content.decode()
    await browser.sign_up("ada")
    again = (await browser.get(f"/api/v1/sessions/{session}/kubeconfig")).content.decode()
    assert re.findall(r"server: (\S+)", config) == re.findall(r"server: (\S+)", again)
    people = (await browser.get(f"/api/v1/sessions/{session}/people")).json()["people"]
    assert [(one["id"], one["name"]) for one in people] == [(browser.visitor_id, "ada")]


async def test_the_stronger_role_stays_when_guest_and_account_are_both_members(
    host: LocalHost,
) -> None:
    first, second = Browser(), Browser()
    session = await first.start()
    await first.sign_up("ada")
    row = await Session.objects.aget(id=session)
    await second.get("/account/")
    await session_join(session=row, visitor=second.visitor or new_visitor(), role=Role.VIEWER)
    await second.log_in("ada")
    assert [one.role async for one in Membership.objects.all()] == ["owner"]


async def test_a_new_name_over_rest_is_the_accounts(host: LocalHost) -> None:
    browser = Browser()
    await browser.sign_up("ada")
    answer = await browser.client.patch(
        "/api/v1/me", {"name": "Countess"}, content_type="application/json"
    )
    assert answer.status_code == 200
    assert browser.visitor is not None and browser.visitor.has_account
    assert (await Person.objects.aget()).name == "Countess"


async def test_a_long_user_name_is_shown_short(host: LocalHost) -> None:
    browser = Browser()
    await browser.sign_up("a" * 100)
    assert browser.visitor is not None and browser.visitor.name == "a" * 60
