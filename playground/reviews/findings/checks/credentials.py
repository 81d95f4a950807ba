"""Secrets that stand in the open. What was found is never repeated in the message."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from cluster_engine.apimachinery.manifests import Path
from playground.reviews.findings.rules import tables
from playground.reviews.findings.subjects import Container, Spot, Subject
from playground.reviews.findings.values import at, entries, mapping, texts

_SECRET = ("", "Secret")
#: A longer value is a file, not a password.
_VALUE_CHARACTERS_MAX = 4096


def in_env(container: Container) -> Iterator[Spot]:
    for index, variable in entries(container.body, "env"):
        name, value = variable.get("name"), variable.get("value")
        if isinstance(name, str) and _is_secret(name, value):
            yield container.spot("env", index, "value", variable=name)


def in_args(container: Container) -> Iterator[Spot]:
    for field in ("command", "args"):
        before = ""
        for index, argument in texts(container.body, field):
            found = _pattern("secret_arguments").match(argument)
            if found and not _is_plain(found[2]):
                yield container.spot(field, index, argument=argument[: found.start(2) - 1])
            elif _pattern("secret_flags").match(before) and not _is_plain(argument):
                yield container.spot(field, index, argument=before)
            before = argument


def in_config_map(subject: Subject) -> Iterator[Spot]:
    if subject.kind != ("", "ConfigMap"):
        return
    for key, value in mapping(subject.object, "data").items():
        if _is_secret(key, value):
            yield subject.spot("data", key, key=key)


def in_text(subject: Subject) -> Iterator[Spot]:
    """Anything that is known by its form, wherever it stands; a Secret's values are its own."""
    for path, value in _all_texts(subject.object):
        if subject.kind == _SECRET and path[0] in ("data", "stringData"):
            continue
        for what, marks, pattern in _credentials():
            if any(mark in value for mark in marks) and pattern.search(value):
                yield subject.spot(*path, credential=what)
                break


def in_manifest(subject: Subject) -> Iterator[Spot]:
    if subject.kind == _SECRET:
        for field in ("data", "stringData"):
            if mapping(subject.object, field):
                yield subject.spot(field)
                return


def ends_with_newline(subject: Subject) -> Iterator[Spot]:
    if subject.kind != _SECRET:
        return
    for key, value in mapping(subject.object, "data").items():
        if not isinstance(value, str) or len(value) > _VALUE_CHARACTERS_MAX or "." in key:
            continue
        try:
            decoded = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            continue
        if decoded.endswith(b"\n") and decoded.count(b"\n") == 1 and len(decoded) > 1:
            yield subject.spot("data", key, key=key)


def as_env(container: Container) -> Iterator[Spot]:
    for index, variable in entries(container.body, "env"):
        if at(variable, "valueFrom", "secretKeyRef") is not None:
            name = str(variable.get("name", ""))
            yield container.spot("env", index, variable=name)


def _is_secret(name: str, value: Any) -> bool:
    if not isinstance(value, str) or _is_plain(value):
        return False
    return bool(
        _pattern("secret_names").search(name) and not _pattern("secret_names_not").search(name)
    )


def _is_plain(value: str) -> bool:
    """Whether it says nothing secret: a switch, a path, a reference, a gap, a whole file."""
    is_long = len(value) > _VALUE_CHARACTERS_MAX
    return is_long or _pattern("plain_values").match(value) is not None


def _all_texts(value: Any) -> Iterator[tuple[Path, str]]:
    waiting: list[tuple[Path, Any]] = [((), value)]
    while waiting:
        path, one = waiting.pop()
        if isinstance(one, str):
            yield path, one
        elif isinstance(one, dict):
            waiting.extend(((*path, name), inner) for name, inner in one.items())
        elif isinstance(one, list):
            waiting.extend(((*path, index), inner) for index, inner in enumerate(one))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(tables()[name])


@cache
def _credentials() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    return tuple(
        (entry["what"], tuple(entry["marks"]), re.compile(entry["pattern"]))
        for entry in tables()["credentials"]
    )
