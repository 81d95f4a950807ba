"""The audit log: whatever is done to it afterwards is found."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from playground.audit.chain import Link, Top, hash_of, link_from, problem_of
from playground.audit.models import Actor, Entry, Head
from playground.audit.selectors import all_links, entries_after, top_now, verify_now
from playground.audit.services import Who, audit_append, audit_note, person_forget, seal_key

pytestmark = pytest.mark.django_db
ANN = Who("visitor-ann", "Ann")


def _write(count: int = 5) -> None:
    for number in range(count):
        audit_append(who=ANN, action="test", subject=f"thing {number}", data={"b": 1, "a": "x"})


def _chain() -> tuple[list[Link], Top]:
    _write()
    return list(all_links()), top_now()


def _rechained(links: list[Link]) -> list[Link]:
    """As somebody would who knows how hashes are made, but not the key."""
    made: list[Link] = []
    previous = "0" * 64
    for number, link in enumerate(links, 1):
        link = replace(link, number=number, previous=previous)
        made.append(replace(link, hash=hash_of(link)))
        previous = made[-1].hash
    return made


def test_what_was_written_is_whole() -> None:
    links, top = _chain()
    assert problem_of(links, top, seal_key()) == ""
    assert [link.number for link in links] == [1, 2, 3, 4, 5] and top.number == 5
    assert links[0].data == '{"a":"x","b":1}'
    assert verify_now() == (5, "")


def test_an_empty_log_is_whole() -> None:
    assert verify_now() == (0, "")


@pytest.mark.parametrize(
    "field", ["at", "actor", "action", "subject", "data", "previous", "hash", "number"]
)
def test_a_changed_field_is_found(field: str) -> None:
    links, top = _chain()
    for position in range(len(links)):
        changed = list(links)
        value = 77 if field == "number" else '{"a":"y"}' if field == "data" else "f" * 64
        changed[position] = replace(links[position], **{field: value})
        assert problem_of(changed, top, seal_key())


@pytest.mark.parametrize(
    "tamper",
    [
        lambda links: links[1:],
        lambda links: [*links[:2], *links[3:]],
        lambda links: links[:-1],
        lambda links: [],
        lambda links: [links[1], links[0], *links[2:]],
        lambda links: links[::-1],
        lambda links: [*links, links[-1]],
        lambda links: [*links[:3], links[2], *links[3:]],
    ],
    ids=[
        "the first is gone",
        "one in the middle is gone",
        "the last is gone",
        "all are gone",
        "two are swapped",
        "the order is turned round",
        "one is there twice at the end",
        "one is there twice in the middle",
    ],
)
def test_what_was_taken_added_or_moved_is_found(
    tamper: Callable[[list[Link]], list[Link]],
) -> None:
    links, top = _chain()
    assert problem_of(tamper(links), top, seal_key())


def test_a_chain_made_anew_is_found_by_its_seal() -> None:
    links, _ = _chain()
    forged = _rechained([replace(links[0], subject="nothing happened"), *links[1:]])
    top = Top(5, forged[-1].hash, seal="0" * 64)
    assert "seal" in problem_of(forged, top, seal_key())
    assert problem_of(forged, top, None) == ""


@pytest.mark.parametrize("number", [1, 3, 5])
def test_rows_changed_in_the_database_are_found(number: int) -> None:
    _write()
    Entry.objects.filter(number=number).update(subject="other")
    assert verify_now()[1] == f"entry {number} has been changed"


def test_rows_taken_from_the_database_are_found() -> None:
    _write()
    Entry.objects.filter(number=5).delete()
    assert "5 were written" in verify_now()[1]
    Head.objects.update(number=4, hash=Entry.objects.get(number=4).hash)
    assert "seal" in verify_now()[1]


def test_a_row_put_in_beside_is_found() -> None:
    _write(2)
    last = Entry.objects.get(number=2)
    last.number = 3
    last.save(force_insert=True)
    assert "entry 3 was not written" in verify_now()[1]


def test_a_person_can_be_made_anonymous_without_breaking_the_chain() -> None:
    _write(2)
    audit_append(who=Who("visitor-ben", "Ben"), action="test", subject="other")
    before = [link.hash for link in all_links()]
    Actor.objects.filter(visitor=ANN.id).delete()
    assert [link.hash for link in all_links()] == before and verify_now() == (3, "")
    assert not any("ann" in str(link.body()).lower() for link in all_links())
    assert list(Actor.objects.values_list("name", flat=True)) == ["Ben"]


def test_who_comes_back_after_that_is_somebody_else() -> None:
    _write(1)
    Actor.objects.all().delete()
    _write(1)
    first, second = all_links()
    assert first.actor != second.actor


@pytest.mark.django_db(transaction=True)
async def test_names_are_shown_as_long_as_they_are_known() -> None:
    await audit_note(who=ANN, action="test", subject="thing")
    assert [entry["name"] for entry in await entries_after(0, 10)] == ["Ann"]
    await person_forget(visitor_id=ANN.id)
    assert [entry["name"] for entry in await entries_after(0, 10)] == [""]


def test_the_command_verifies_and_exports(tmp_path: Path) -> None:
    _write()
    path = tmp_path / "audit.jsonl"
    call_command("audit", "export", file=str(path))
    call_command("audit", "verify", file=str(path))
    call_command("audit", "verify")
    lines = path.read_text().splitlines()
    assert len(lines) == 6
    path.write_text("\n".join([*lines[:2], *lines[3:]]))
    with pytest.raises(CommandError, match="entry 3 is missing"):
        call_command("audit", "verify", file=str(path))
    Entry.objects.filter(number=2).update(action="other")
    with pytest.raises(CommandError, match="entry 2 has been changed"):
        call_command("audit", "verify")


def test_an_export_reads_back() -> None:
    links, _ = _chain()
    assert [link_from(link.body()) for link in links] == links


_WRITER = """
import django
django.setup()
from playground.audit.services import Who, audit_append
for number in range(25):
    audit_append(who=Who("v", "V"), action="test", subject=str(number))
"""


def test_writers_in_several_processes_make_one_chain(tmp_path: Path) -> None:
    environment = {
        "PODYARD_VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "playground.settings.local",
        "PATH": "",
    }

    def run(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, *arguments]
        return subprocess.Popen(command, cwd=settings.ROOT, env=environment, stdout=subprocess.PIPE)

    assert run("manage.py", "migrate", "--verbosity=0").wait(60) == 0
    writers = [run("-c", _WRITER) for _ in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    said, _ = run("manage.py", "audit", "verify").communicate(timeout=60)
    assert said.startswith(b"75 entries")
