"""`manage.py account`: the first teacher, reviewer, operator, or superuser of an installation."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from playground.accounts.rights import Right


class Command(BaseCommand):
    """Makes an account, or gives one that exists more rights or another password."""

    help = (
        "Make an account, or change one: its rights, its password. The password is asked for, or "
        "read from standard input with --password-stdin; without --password an account that "
        "exists keeps its own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `--help`."""
        parser.add_argument("name", help="the user name")
        parser.add_argument(
            "--right",
            action="append",
            default=[],
            choices=[right.value for right in Right],
            help="may be given several times",
        )
        parser.add_argument("--superuser", action="store_true", help="may do everything")
        parser.add_argument("--password", action="store_true", help="ask for another password")
        parser.add_argument("--password-stdin", action="store_true", help="one line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or change it, and say what came of it."""
        name = str(options["name"])
        user = User.objects.filter(username__iexact=name).first()
        is_new = user is None
        user = user or User(username=name)
        if is_new or options["password"] or options["password_stdin"]:
            user.set_password(_password(user, from_stdin=options["password_stdin"]))
        if options["superuser"]:
            user.is_superuser = user.is_staff = True
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        user.save()
        for word in options["right"]:
            user.groups.add(Group.objects.get(name=Right(word).group))
        self.stdout.write(_sentence(user, is_new=is_new))


def _sentence(user: User, *, is_new: bool) -> str:
    groups = ", ".join(group.name for group in user.groups.order_by("name"))
    what = "superuser" if user.is_superuser else groups or "no special right"
    return f"{user.username} {'is here now' if is_new else 'was changed'}: {what}"


def _password(user: User, *, from_stdin: bool) -> str:
    if from_stdin:
        found = sys.stdin.readline().rstrip("\n")
    else:
        found = getpass.getpass("Password: ")
        if found != getpass.getpass("Again: "):
            raise CommandError("the passwords differ")
    try:
        validate_password(found, user)
    except ValidationError as error:
        raise CommandError("; ".join(error.messages)) from None
    return found
