"""`manage.py audit verify|export`: check the audit log, or write it out as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from playground.audit.chain import Link, Top, link_from, problem_of
from playground.audit.selectors import export_lines, verify_now
from playground.audit.services import seal_key


class Command(BaseCommand):
    """See the module."""

    help = "Check the audit log, or write it out as JSON lines."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and with which file."""
        parser.add_argument("act", choices=("verify", "export"))
        parser.add_argument("--file", default="", help="an export to check, or where to write one")
        parser.add_argument(
            "--foreign",
            action="store_true",
            help="the export is of another site: no seal is checked",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError when the log is not what was written."""
        path = options["file"]
        if options["act"] == "export":
            self._export(path)
            return
        count, problem = (
            _verify_file(Path(path), is_foreign=options["foreign"]) if path else verify_now()
        )
        if problem:
            raise CommandError(problem)
        self.stdout.write(f"{count} entries, all as they were written")

    def _export(self, path: str) -> None:
        if not path:
            for line in export_lines():
                sys.stdout.buffer.write(line)
            sys.stdout.flush()
            return
        with Path(path).open("wb") as file:
            for line in export_lines():
                file.write(line)


def _verify_file(path: Path, *, is_foreign: bool) -> tuple[int, str]:
    """How many entries an export holds, and what is wrong with it."""
    *lines, last = path.read_bytes().splitlines() or [b""]
    try:
        head = orjson.loads(last)["head"]
        top = Top(int(head["number"]), str(head["hash"]), str(head["seal"]))
        links = list(_links(lines))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise CommandError(f"{path} is no export of an audit log") from None
    return len(links), problem_of(links, top, None if is_foreign else seal_key())


def _links(lines: list[bytes]) -> Iterator[Link]:
    for line in lines:
        yield link_from(orjson.loads(line))
