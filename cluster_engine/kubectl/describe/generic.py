"""Any object: all its fields, with their names as words.

Models: k8s.io/kubectl/pkg/describe/describe.go genericDescriber (v0.37.2).
"""

from __future__ import annotations

import re

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.describe.page import Page
from cluster_engine.kubectl.describe.source import Source
from cluster_engine.kubectl.describe.words import go_value

_SKIPPED = (
    ".metadata.managedFields",
    ".metadata.name",
    ".metadata.namespace",
    ".metadata.labels",
    ".metadata.annotations",
)
_ACRONYMS = ("API", "URL", "UID", "GUID")
_PLAIN_NAME = re.compile(r"[^\W\d_]+(?:-[^\W\d_]*)*|(?:-[^\W\d_]*)+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|[^A-Za-z]+")


def describe_any(page: Page, obj: Object, source: Source) -> None:
    page.head(obj)
    _write_fields(page, 0, obj, "")
    source.events(page, obj)


def _write_fields(page: Page, level: int, content: Object, path: str) -> None:
    for name in sorted(content):
        value, here = content[name], f"{path}.{name}"
        if here in _SKIPPED:
            continue
        if isinstance(value, dict):
            page.line(f"{label_for(name)}:", level)
            _write_fields(page, level + 1, value, here)
        elif isinstance(value, list):
            page.line(f"{label_for(name)}:", level)
            for item in value:
                if isinstance(item, dict):
                    _write_fields(page, level + 1, item, here)
                else:
                    page.line(go_value(item), level + 1)
        else:
            page.field(label_for(name), go_value(value), level)


def label_for(name: str) -> str:
    """ "creationTimestamp" as "Creation Timestamp"; names with other signs stay as they are."""
    if not _PLAIN_NAME.fullmatch(name):
        return name
    words = []
    for part in _merged(_PARTS.findall(name)):
        if part.upper() in _ACRONYMS:
            part = part.upper()
        elif part.lower() == part:
            part = part[:1].upper() + part[1:]
        words.append(part)
    return " ".join(words)


def _merged(parts: list[str]) -> list[str]:
    """Capitals stay with the word that follows them: "HTTPRoute"."""
    merged: list[str] = []
    place = 0
    while place < len(parts):
        part = parts[place]
        following = parts[place + 1] if place + 1 < len(parts) else ""
        is_capitals = len(part) >= 2 and not any(letter.islower() for letter in part)
        if is_capitals and following[:1].isupper():
            part += following
            place += 1
        merged.append(part)
        place += 1
    return merged
