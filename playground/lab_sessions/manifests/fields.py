"""Fields checked against the published schemas before a cluster is asked: what is unknown, what has
the wrong type, and where it stands in the text. Pure.
"""

from __future__ import annotations

import re
from typing import Any

from cluster_engine.apimachinery.manifests import Path
from cluster_engine.schema.check import check
from playground.lab_sessions.manifests.documents import Document, Problem, field_path

_UNKNOWN = re.compile(r'unknown field "(.+)"')
_WRONG = re.compile(
    r"cannot unmarshal (\S+)(?: \S+)? into Go struct field (?:[^.\s]+\.)?(\S+) of type (\S+)"
)
_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "bool": (bool,),
    "array": (list,),
    "object": (dict,),
}
_WORDS = {
    "string": "a text",
    "number": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a mapping of fields",
}


def field_problems(document: Document) -> list[Problem]:
    """What the schema of a built-in kind minds; nothing for kinds it does not know."""
    group, _, version = document.api_version.rpartition("/")
    findings = check(document.object, group, version, document.kind)
    if findings.wrong:
        return [_wrong(document, findings.wrong)]
    problems = []
    for text in findings.unknown:
        found = _UNKNOWN.search(text)
        path = field_path(found[1]) if found else ()
        problems.append(document.problem(path, text))
    return problems


def _wrong(document: Document, text: str) -> Problem:
    found = _WRONG.search(text)
    if found is None:
        return document.problem((), text)
    given, names, wanted = found.groups()
    path = locate(document.object, names.split("."), _JSON_TYPES.get(given, (object,)))
    if path is None:
        return document.problem((), text)
    message = f"{shown(path)} is {_WORDS.get(given, given)}, but must be {_wanted(wanted)}"
    return document.problem(path, message)


def _wanted(go_type: str) -> str:
    if go_type.startswith("[]"):
        return "a list"
    if go_type.startswith(("int", "uint", "float")):
        return "a number without quotes"
    return {"string": "a text", "bool": "true or false"}.get(go_type, "a mapping of fields")


def locate(value: Any, names: list[str], types: tuple[type, ...]) -> Path | None:
    """The path of the first value of such a type at a path that skips list indexes and map keys."""
    if not names and _is_one_of(value, types):
        return ()
    if isinstance(value, list):
        for index, item in enumerate(value):
            rest = locate(item, names, types)
            if rest is not None:
                return (index, *rest)
        return None
    if not names and isinstance(value, dict):
        found = (key for key, item in value.items() if _is_one_of(item, types))
        return next(((key,) for key in found), None)
    if not names or not isinstance(value, dict) or names[0] not in value:
        return None
    rest = locate(value[names[0]], names[1:], types)
    return None if rest is None else (names[0], *rest)


def _is_one_of(value: Any, types: tuple[type, ...]) -> bool:
    """In JSON true and false are no numbers."""
    return isinstance(value, types) and (not isinstance(value, bool) or bool in types)


def shown(path: Path) -> str:
    """A path as Kubernetes writes it."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
