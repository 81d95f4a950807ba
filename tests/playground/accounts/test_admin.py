"""The admin: every model is there, each group does what the table says, nothing secret shows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from playground.accounts.models import FormerVisitor, Grant, Invitation, Person
from playground.accounts.people import person_enter
from playground.accounts.permissions import TABLE
from playground.accounts.rights import GROUPS
from playground.audit.models import Entry
from playground.classrooms.models import Classroom, Student
from playground.hosting.local import LocalHost
from playground.lab_sessions.models import Membership, Session, ShareLink
from tests.playground.accounts.browsers import Browser

#: Of other applications' models, those that nobody needs to see there, and why.
NOT_SHOWN = {
    "auth.permission": "follows from the models",
    "contenttypes.contenttype": "follows from the models",
    "sessions.session": "keys that log one in",
    "account.emailconfirmation": "keys that confirm an address",
    "socialaccount.socialapp": "comes from the settings",
    "socialaccount.socialtoken": "keys of other sites",
    "hosting.clustersnapshot": "a compressed cluster, of use to the program alone",
    "hosting.journalpiece": "what came into a cluster, of use to the program alone",
    "lessons.checkpoint": "a compressed cluster, of use to the program alone",
    "audit.head": "one row that seals the log",
}
ROLES = ("nobody", *GROUPS, "superuser")


def labels() -> list[str]:
    return sorted(model._meta.label_lower for model in apps.get_models())


def shown() -> list[str]:
    return [label for label in labels() if label not in NOT_SHOWN]


@pytest.mark.parametrize("label", labels())
def test_every_model_is_in_the_admin_or_has_a_reason_not_to(label: str) -> None:
    registered = {model._meta.label_lower for model in admin.site._registry}
    if label in NOT_SHOWN:
        assert label not in registered, f"{label} is not to be shown: {NOT_SHOWN[label]}"
    else:
        assert label in registered, (
            f"register {label} in its application's admin.py (read-only: site.look_only.LookOnly), "
            f"or say in NOT_SHOWN why nobody needs to see it"
        )


@pytest.mark.parametrize("label", shown())
def test_every_model_has_a_row_of_permissions(label: str) -> None:
    assert label in TABLE, f"say in accounts.permissions.TABLE which group may do what with {label}"


@pytest.fixture
def clients(db: None) -> dict[str, Client]:
    """Somebody of each group, logged in."""
    made = {}
    for role in ROLES:
        user = User.objects.create_user(role, is_superuser=role == "superuser")
        if role in GROUPS:
            user.groups.add(Group.objects.get(name=role))
        made[role] = Client()
        made[role].force_login(user)
    return made


def may(role: str, label: str, action: str) -> bool:
    """By the table alone."""
    return role == "superuser" or action in TABLE[label].get(role, ())


@pytest.mark.parametrize("label", shown())
def test_lists_open_for_those_who_may_look(clients: dict[str, Client], label: str) -> None:
    address = reverse(f"admin:{label.replace('.', '_')}_changelist")
    got = {role: clients[role].get(address).status_code for role in ROLES}
    wanted = {role: 200 if may(role, label, "view") else 403 for role in GROUPS}
    assert got == {**wanted, "nobody": got["nobody"], "superuser": 200}
    assert got["nobody"] in (302, 403)


@pytest.mark.parametrize("label", shown())
def test_adding_and_deleting_follow_the_table(clients: dict[str, Client], label: str) -> None:
    model: type[Model] = apps.get_model(label)
    found = admin.site._registry[model]
    for role in GROUPS:
        request = clients[role].get("/admin/").wsgi_request
        assert found.has_view_permission(request) is may(role, label, "view")
        if found.has_add_permission(request):
            assert may(role, label, "add"), f"{role} could add {label}"
        if found.has_delete_permission(request):
            assert may(role, label, "delete"), f"{role} could delete {label}"
        if found.has_change_permission(request):
            assert may(role, label, "change"), f"{role} could change {label}"


def test_groups_have_just_the_permissions_of_the_table(db: None) -> None:
    for name in GROUPS:
        has = {
            (p.content_type.app_label, p.codename)
            for p in Permission.objects.filter(group__name=name).select_related("content_type")
        }
        wanted = {
            (label.partition(".")[0], f"{action}_{label.partition('.')[2]}")
            for label, by_group in TABLE.items()
            for action in by_group.get(name, ())
        }
        assert has == wanted


def test_an_operator_cannot_become_more(clients: dict[str, Client]) -> None:
    root = User.objects.get(username="superuser")
    operator = clients["operator"]
    page = operator.get(f"/admin/auth/user/{root.pk}/change/").content.decode()
    assert "scrypt" not in page and "md5" not in page and 'name="is_superuser"' not in page
    for path in (f"{root.pk}/password/", f"{root.pk}/change/", "add/"):
        answer = operator.post(f"/admin/auth/user/{path}", {"is_superuser": "on"})
        assert answer.status_code == 403
    me = User.objects.get(username="operator")
    assert not me.is_superuser


@pytest.mark.parametrize(
    ("action", "is_active"), [("switch_off", False), ("switch_on", True), ("log_out", True)]
)
def test_an_operator_acts_on_accounts_and_it_is_written_down(
    clients: dict[str, Client], action: str, is_active: bool
) -> None:
    operator = User.objects.get(username="operator")
    person_enter(user=operator, guest=None)
    target, root = User.objects.create_user("ada"), User.objects.get(username="superuser")
    before = person_enter(user=target, guest=None).visitor
    chosen = [str(user.pk) for user in (target, root, operator)]
    clients["operator"].post(
        "/admin/auth/user/", {"action": action, "_selected_action": chosen}, follow=True
    )
    target.refresh_from_db()
    root.refresh_from_db()
    operator.refresh_from_db()
    assert (target.is_active, root.is_active, operator.is_active) == (is_active, True, True)
    is_same = Person.objects.get(user=target).visitor == before
    assert is_same is (action == "switch_on")
    entry = Entry.objects.get()
    assert (entry.action, entry.subject) == ("admin.change", f"auth.user/{target.pk}")
    assert entry.actor


@pytest.mark.parametrize("role", ["teacher", "reviewer"])
def test_others_have_no_such_actions(clients: dict[str, Client], role: str) -> None:
    target = User.objects.create_user("ada")
    answer = clients[role].post(
        "/admin/auth/user/", {"action": "switch_off", "_selected_action": [str(target.pk)]}
    )
    target.refresh_from_db()
    assert (answer.status_code, target.is_active) == (403, True)


def test_an_operator_invites(clients: dict[str, Client]) -> None:
    answer = clients["operator"].post(
        "/admin/accounts/invitation/add/", {"right": "teach", "note": "for Ada"}, follow=True
    )
    found = re.search(r"http://testserver(/teach/welcome/[\w-]+/)", answer.content.decode())
    assert found is not None
    assert Invitation.objects.get().note == "for Ada"
    token = found[1].rstrip("/").rpartition("/")[2]
    again = clients["operator"].get("/admin/accounts/invitation/", follow=True).content.decode()
    assert token not in again
    assert Client().get(found[1]).status_code == 200


def test_what_opens_a_door_is_not_shown(clients: dict[str, Client]) -> None:
    now = timezone.now()
    session = Session.objects.create(
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
    Membership.objects.create(session=session, visitor="v", role="owner", joined_at=now)
    link = ShareLink.objects.create(session=session, role="viewer", created_by="v", created_at=now)
    invitation = Invitation.objects.create(
        token_hash="the-hash", made_at=now, expires_at=now, grant_hours=1
    )
    root = clients["superuser"]
    pages = [
        root.get(f"/admin/{path}/change/").content.decode()
        for path in (
            "lab_sessions/session/abc",
            f"lab_sessions/sharelink/{link.pk}",
            f"accounts/invitation/{invitation.pk}",
        )
    ]
    assert "a lab" in pages[0]
    for secret in ("the-nonce", "the-hash"):
        assert [secret in page for page in pages] == [False] * len(pages)


def test_a_right_by_link_can_be_taken_back(clients: dict[str, Client]) -> None:
    grant = Grant.objects.create(visitor="v", right="teach", expires_at=timezone.now())
    address = f"/admin/accounts/grant/{grant.pk}/delete/"
    assert clients["reviewer"].post(address, {"post": "yes"}).status_code == 403
    clients["operator"].post(address, {"post": "yes"})
    assert not Grant.objects.exists()
    assert not FormerVisitor.objects.exists()


def test_the_login_of_the_admin_is_the_sites_own(db: None, settings: Any) -> None:
    answer = Client().get("/admin/?x=1")
    assert answer.status_code == 302
    again = Client().get(answer.headers["location"])
    assert again.headers["location"].startswith("/accounts/login/?next=/admin/")
    settings.PODYARD_ACCOUNTS = False
    assert Client().get("/admin/login/").status_code == 200


def test_guessing_at_the_admins_own_login_is_stopped(db: None, settings: Any) -> None:
    settings.PODYARD_ACCOUNTS = False
    User.objects.create_superuser("root", password="correct horse 7")
    wrong = {"username": "root", "password": "wrong"}
    codes = [Client().post("/admin/login/", wrong).status_code for _ in range(8)]
    assert codes == [200] * 5 + [429] * 3
    right = {"username": "Root", "password": "correct horse 7"}
    assert Client().post("/admin/login/", right).status_code == 429


def test_a_teacher_sees_only_rooms_of_their_own(clients: dict[str, Client]) -> None:
    me = person_enter(user=User.objects.get(username="teacher"), guest=None)
    now = timezone.now()
    for number, teacher in enumerate((me.visitor, "another")):
        room = Classroom.objects.create(
            id=f"room{number}",
            code=f"code{number}",
            title=f"Room {number}",
            teacher=teacher,
            created_at=now,
            ends_at=now,
            minutes=60,
            seats_max=5,
            nodes=1,
        )
        Student.objects.create(
            id=f"s{number}",
            classroom=room,
            visitor="v",
            name=f"Eve {number}",
            pin="4711",
            joined_at=now,
        )
    mine = clients["teacher"].get("/admin/classrooms/student/").content.decode()
    assert ("Eve 0" in mine, "Eve 1" in mine) == (True, False)
    assert clients["teacher"].get("/admin/classrooms/classroom/room1/change/").status_code == 302
    every = clients["operator"].get("/admin/classrooms/classroom/").content.decode()
    assert ("Room 0" in every, "Room 1" in every) == (True, True)
    page = clients["operator"].get("/admin/classrooms/student/s0/change/").content.decode()
    assert "4711" not in page


@pytest.mark.django_db(transaction=True)
async def test_an_operator_ends_a_session(host: LocalHost) -> None:
    browser, staff = Browser(), Browser()
    session = await browser.start()
    await staff.sign_up("olga")
    operators = await Group.objects.aget(name="operator")
    await operators.user_set.aadd(await User.objects.aget(username="olga"))
    chosen = {"action": "end", "_selected_action": session}
    await staff.post("/admin/lab_sessions/session/", chosen)
    assert not host.has(session)
    ended = await Session.objects.aget(id=session)
    assert (ended.state, ended.ended_because) == ("ended", "operator")
    entry = await Entry.objects.aget(action="admin.change")
    assert entry.subject == f"lab_sessions.session/{session}"
