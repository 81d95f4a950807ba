"""Full-screen programs show what tests/scenarios/screens says."""

import ast
from dataclasses import dataclass, field

import pytest

from tests.engine.runtime.bench import Client
from tests.engine.shell.commands.scenarios import FOLDER, machine
from tests.engine.shell.commands.screen import Screen

SIZE = (60, 10)
FILES = sorted((FOLDER.parent / "screens").glob("*.txt"))


@dataclass
class Sight:
    """A command line, the keys that were pressed, and what the screen shows then."""

    line: int
    command: str
    keys: str = ""
    rows: list[str] = field(default_factory=list)
    cursor: tuple[int, ...] = ()


def read_sights(path):
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("$ "):
            found.append(Sight(number, line[2:]))
        elif line.startswith("< "):
            found[-1].keys = ast.literal_eval('"' + line[2:].replace('"', '\\"') + '"')
        elif line.startswith("|"):
            found[-1].rows.append(line[2:])
        elif line.startswith("@ "):
            found[-1].cursor = tuple(int(word) for word in line[2:].split())
    return found


def look(command, keys="", *, size=SIZE, image="busybox", bench=None):
    """The screen after a command has been started and keys were pressed."""
    bench = bench or machine(image)
    words = ("sh", "-c", f"cd /tmp/w; exec {command}")
    client = Client(bench, bench.kernel.exec("c1", words, tty=True, size=size))
    client.read(100)
    if keys:
        client.type(keys, 100)
    screen = Screen(*size)
    screen.feed(client.out)
    return screen, client


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_screens_show_what_the_scenario_says(path):
    wrong = []
    for sight in read_sights(path):
        screen, _ = look(sight.command, sight.keys)
        if screen.text.split("\n") != sight.rows or screen.cursor != sight.cursor:
            place = f"{path.name}:{sight.line}: {sight.command} {sight.keys!r} {screen.cursor}"
            wrong.append("\n".join([place, *sight.rows, "-- but --", screen.text]))
    assert not wrong, "\n\n".join(wrong)
