"""`manage.py account` and `manage.py invite`: how an installation gets its first staff."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from playground.accounts.models import Invitation

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 7"


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().strip()


def given(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_teacher_is_made_and_can_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, PASSWORD + "\n")
    said = run("account", "ada", "--right", "teach", "--right", "review", "--password-stdin")
    assert said == "ada is here now: reviewer, teacher"
    assert Client().login(username="ada", password=PASSWORD)


def test_an_account_gets_a_right_and_keeps_its_password() -> None:
    User.objects.create_user("ada", password=PASSWORD)
    assert run("account", "Ada", "--right", "operate") == "ada was changed: operator"
    assert Client().login(username="ada", password=PASSWORD)


def test_a_superuser_enters_the_administration(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, PASSWORD)
    assert (
        run("account", "root", "--superuser", "--password-stdin") == "root is here now: superuser"
    )
    client = Client()
    client.force_login(User.objects.get())
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [("ada", "short", "too short"), ("a b", PASSWORD, "valid username")],
    ids=["a weak password", "a name with a space"],
)
def test_what_is_wrong_is_said(
    monkeypatch: pytest.MonkeyPatch, name: str, password: str, said: str
) -> None:
    given(monkeypatch, password)
    with pytest.raises(CommandError, match=said):
        run("account", name, "--password-stdin")
    assert not User.objects.exists()


def test_passwords_that_differ_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([PASSWORD, PASSWORD + "8"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    with pytest.raises(CommandError, match="differ"):
        run("account", "ada")


@pytest.mark.parametrize(
    ("words", "path"),
    [(["--right", "teach"], "/teach/welcome/"), ([], "/accounts/welcome/")],
    ids=["for a teacher", "to sign up"],
)
def test_an_invitation_is_printed_and_opens(words: list[str], path: str) -> None:
    link = run("invite", *words, "--note", "for Ada", "--url", "https://podyard.example/")
    found = re.fullmatch(rf"https://podyard\.example({path}[\w-]+/)", link)
    assert found is not None
    answer: Any = Client().get(found[1])
    assert answer.status_code == 200
    assert Invitation.objects.get().note == "for Ada"
