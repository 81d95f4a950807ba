"""Where somebody is in the page, as they tell the others; and an editor's text without Secrets.

Pure. What browsers send is checked field by field: an unknown field is left out, a wrong one too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

FOCUS_LENGTH_MAX = 200
#: Words of a place, with the most characters of each.
_WORDS = {"tab": 20, "dock": 40, "picture": 10, "view": 10, "file": 80}
_NUMBERS = ("line", "column", "lines")
_FLAGS = ("typing", "hidden")
_FILTER = ("namespace", "text", "state")
_WORD_LENGTH_MAX = 100
_NUMBER_MAX = 1_000_000

_SECRET = re.compile(r"""\bkind["']?\s*:\s*(?:[&!]\S+\s+)*["']?Secret""")
_DOCUMENT = re.compile(r"^(---.*)$", re.MULTILINE)
_PLAIN_LINE = re.compile(r"\s*|apiVersion:\s*v1\s*|kind:\s*Secret\s*")
_KEYED_LINE = re.compile(r"( *)([\w.-]+:)( .*)?")
_HIDDEN = "•"


def read_focus(value: object) -> str | None:
    """What somebody looks at, as a short text."""
    return value[:FOCUS_LENGTH_MAX] if isinstance(value, str) and value else None


def read_place(value: object) -> dict[str, Any]:
    """Where somebody is: dock and inspector tab, filter, file and line of the editor."""
    if not isinstance(value, Mapping):
        return {}
    place: dict[str, Any] = {
        name: value[name][:most]
        for name, most in _WORDS.items()
        if isinstance(value.get(name), str)
    }
    place |= {name: value[name] for name in _NUMBERS if _is_number(value.get(name))}
    place |= {name: True for name in _FLAGS if value.get(name) is True}
    found = value.get("filter")
    if isinstance(found, Mapping):
        words = {name: found[name] for name in _FILTER if isinstance(found.get(name), str)}
        place["filter"] = {name: word[:_WORD_LENGTH_MAX] for name, word in words.items() if word}
    return place


def read_mirror(value: Mapping[str, Any], text_length_max: int) -> dict[str, Any]:
    """What followers see of an editor: file, text (when it has changed), cursor, first line."""
    mirror: dict[str, Any] = {}
    if isinstance(value.get("file"), str):
        mirror["file"] = value["file"][: _WORDS["file"]]
    text = value.get("text")
    if isinstance(text, str):
        mirror["text"] = text[:text_length_max]
        mirror["cut"] = len(text) > text_length_max
    mirror |= {n: value[n] for n in ("anchor", "head", "top") if _is_number(value.get(n))}
    return mirror


def without_secrets(text: str) -> str:
    """The text with every value of a Secret's document hidden; as long as before, so that cursors
    stay where they were. Whoever may not read Secrets sees this of an editor."""
    parts = _DOCUMENT.split(text)
    return "".join(_hidden(part) if _SECRET.search(part) else part for part in parts)


def _hidden(document: str) -> str:
    """Keys stay. What is indented deeper than a key with a value belongs to the value."""
    shown, value_indent = [], -1
    for line in document.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        keyed = _KEYED_LINE.fullmatch(body)
        indent = len(body) - len(body.lstrip(" "))
        if body.strip() and indent <= value_indent:
            value_indent = -1
        if _PLAIN_LINE.fullmatch(body):
            shown.append(line)
            continue
        key = keyed[1] + keyed[2] if keyed and value_indent < 0 else ""
        if key and body[len(key) :].strip():
            value_indent = indent
        shown.append(key + re.sub(r"\S", _HIDDEN, line[len(key) :]))
    return "".join(shown)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _NUMBER_MAX
