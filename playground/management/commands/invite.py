"""`manage.py invite`: a link that is good once, to teach, review, operate, or to sign up."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand

from playground.accounts.rights import Right
from playground.accounts.services import invitation_make


class Command(BaseCommand):
    """Prints the link; nobody can read it again afterwards."""

    help = "Print a link that is good once; without --right it only lets somebody sign up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See `--help`."""
        parser.add_argument("--right", choices=[right.value for right in Right])
        parser.add_argument("--note", default="", help="for whom, for the administration")
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="the site's address")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it."""
        right = Right(options["right"]) if options["right"] else None
        path = async_to_sync(invitation_make)(right=right, note=options["note"])
        self.stdout.write(options["url"].rstrip("/") + path)
