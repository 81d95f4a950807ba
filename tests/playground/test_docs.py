"""The documents are complete: what is not written down does not exist for an operator."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from playground.live import consumers

DOCS = Path(settings.ROOT) / "docs"
SOURCES = Path(settings.ROOT) / "playground"


def documented() -> dict[str, str]:
    """Setting and default of every row of docs/settings.md."""
    text = (DOCS / "settings.md").read_text()
    rows = re.findall(r"^\| `(PODYARD_\w+)` \| (.+?) \| .+ \|$", text, re.MULTILINE)
    return {name: default.strip("`") for name, default in rows}


def test_every_setting_is_documented() -> None:
    named = set()
    for path in (SOURCES / "settings").glob("*.py"):
        named |= set(re.findall(r'"(PODYARD_\w+)"', path.read_text()))
    assert sorted(documented()) == sorted(named)


@pytest.mark.parametrize(
    "name", [name for name, default in documented().items() if default.isdigit()]
)
def test_the_documented_default_is_the_real_one(name: str) -> None:
    source = "".join(path.read_text() for path in (SOURCES / "settings").glob("*.py"))
    found = re.search(rf'"{name}",\s*(.+?)\s*\)', source)
    assert found is not None
    value = found[1].strip('"').replace("_", "")
    parts = [int(part) for part in value.split("*")] if value not in ("True", "False") else []
    product = {"True": 1, "False": 0}.get(value, 1)
    for part in parts:
        product *= part
    assert product == int(documented()[name])


def test_every_frame_of_a_browser_is_documented() -> None:
    text = (DOCS / "protocol.md").read_text()
    source = Path(consumers.__file__).read_text()
    kinds = set(re.findall(r'kind (?:==|in) \(?"(\w+)"', source)) | {"input", "resize"}
    assert {kind for kind in kinds if f"`{kind}`" not in text} == set()
