"""`kubectl describe` of kinds whose pages have not changed lately, against the real kubectl 1.33.

golden/describe.txt holds what it printed about the objects in golden/*.yaml, with times, addresses
and versions replaced.
"""

import re
from pathlib import Path

import pytest

from tests.engine.kubectl.console import Console

FOLDER = Path(__file__).with_name("golden")
_CHANGING = (
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
    (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", "TIME"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC", "TIME"),
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UID"),
    (r"\b10\.9\d\.\d+\.\d+\b", "ADDRESS"),
    (r"(Resource Version: +)\d+", r"\1N"),
)


def without_changing_parts(text):
    """The text with what differs between two clusters replaced."""
    for pattern, word in _CHANGING:
        text = re.sub(pattern, word, text)
    return text


@pytest.fixture(scope="module")
def full():
    """A console on a cluster that has the objects; nothing here changes them."""
    console = Console()
    console.run("create ns golden")
    for name in ("describe.yaml", "thing.yaml"):
        console.write(name, (FOLDER / name).read_text())
        result = console.run(f"apply -n golden -f {name}")
        assert result.code == 0, result
    return console


def cases():
    text = (FOLDER / "describe.txt").read_text()
    for block in text.removeprefix("$ kubectl ").split("\n$ kubectl "):
        line, _, said = block.partition("\n")
        yield pytest.param(line, said, id=line.split()[1])


@pytest.mark.parametrize(("line", "said"), cases())
def test_as_the_real_one(full, line, said):
    result = full.run(f"{line} -n golden")
    assert without_changing_parts(result.out) == said
