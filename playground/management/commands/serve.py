"""`manage.py serve`: the site under daphne."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from playground.hosting import garbage
from playground.serving.application import make_application
from playground.serving.server import Server


class Command(BaseCommand):
    """Serve until SIGTERM."""

    help = "Serves the site on a port of this machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        host, port = options["host"], options["port"]

        def ready() -> None:
            garbage.calm(has_many_clusters=True)
            self.stdout.write(f"Podyard serves http://{host}:{port}")
            self.stdout.flush()

        Server(make_application(), host=host, port=port, ready=ready).run()
