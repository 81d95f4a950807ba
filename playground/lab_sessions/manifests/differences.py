"""What would change, as a unified diff of YAML. Pure."""

from __future__ import annotations

import difflib
from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """Lists indented under their key, as kubectl prints them flush; long texts as blocks."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def difference(live: dict[str, Any] | None, merged: dict[str, Any] | None, name: str) -> str:
    """The unified diff from the live object to the merged one; empty when they are the same."""
    before, after = _lines(live), _lines(merged)
    lines = difflib.unified_diff(before, after, f"live/{name}", f"merged/{name}", n=4)
    return "".join(lines)


def shown(obj: dict[str, Any]) -> dict[str, Any]:
    """An object without what only servers read."""
    metadata = {
        key: value for key, value in obj.get("metadata", {}).items() if key != "managedFields"
    }
    return {**obj, "metadata": metadata}


def _lines(obj: dict[str, Any] | None) -> list[str]:
    if obj is None:
        return []
    text = yaml.dump(shown(obj), Dumper=_Dumper, sort_keys=True, allow_unicode=True, width=1000)
    return text.splitlines(keepends=True)
