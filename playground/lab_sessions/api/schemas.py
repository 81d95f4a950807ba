"""What kinds there are and what their fields mean, for the editor. The same for every session."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import orjson
from django.http import HttpResponse

from cluster_engine.kinds.registry import KINDS
from cluster_engine.schema import catalogue
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint
from playground.lab_sessions.problems import Invalid, NotFound

_AGE_SECONDS = 3600
_KEPT = ("type", "format", "enum", "description", "default")


@endpoint("GET")
async def kinds(asked: ApiRequest) -> HttpResponse:
    """Every built-in kind in every served version."""
    return _cacheable(asked, _kinds())


@endpoint("GET")
async def schema(asked: ApiRequest) -> HttpResponse:
    """The definitions behind one kind."""
    api_version = asked.http.GET.get("apiVersion", "")
    kind = asked.http.GET.get("kind", "")
    if not api_version or not kind:
        raise Invalid("give apiVersion and kind in the query")
    group, _, version = api_version.rpartition("/")
    found = _schema(group, version, kind)
    if found is None:
        raise NotFound(f"there is no kind {kind} in {api_version}")
    return _cacheable(asked, found)


@cache
def _kinds() -> bytes:
    rows = [
        {
            "apiVersion": f"{kind.group}/{version}" if kind.group else version,
            "kind": kind.kind,
            "namespaced": kind.namespaced,
        }
        for kind in KINDS
        for version in kind.served_versions
    ]
    return orjson.dumps(rows)


@cache
def _schema(group: str, version: str, kind: str) -> bytes | None:
    published = catalogue.load()
    root = published.name_of(group, version, kind)
    if root is None:
        return None
    definitions: dict[str, Any] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name in definitions:
            continue
        definitions[name], references = _definition(published.document(name))
        waiting += references
    return orjson.dumps({"root": root, "definitions": definitions})


def _definition(document: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A definition in the editor's form, and the names it refers to."""
    references: list[str] = []
    required = set(document.get("required", ()))
    properties = {
        name: {**_field(field, references), **({"required": True} if name in required else {})}
        for name, field in document.get("properties", {}).items()
    }
    found: dict[str, Any] = {"description": document.get("description", "")}
    found.update({key: document[key] for key in ("type", "format", "enum") if key in document})
    found["properties"] = properties
    return found, references


def _field(field: dict[str, Any], references: list[str]) -> dict[str, Any]:
    found = {key: field[key] for key in _KEPT if key in field}
    reference = field.get("$ref")
    if reference:
        found["ref"] = reference.rpartition("/")[2]
        references.append(found["ref"])
    for key, name in (("items", "items"), ("additionalProperties", "values")):
        inner = field.get(key)
        if isinstance(inner, dict):
            found[name] = _field(inner, references)
    return found


def _cacheable(asked: ApiRequest, body: bytes) -> HttpResponse:
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    if asked.http.headers.get("if-none-match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={_AGE_SECONDS}"
    return response
