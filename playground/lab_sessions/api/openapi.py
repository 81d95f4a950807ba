"""The REST API described: one OpenAPI document, kept by hand beside the endpoints, and a page."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import render

from playground.lab_sessions.api import openapi_sharing
from playground.lab_sessions.api.endpoint import ApiRequest, endpoint, reply
from playground.lab_sessions.api.openapi_schemas import SCHEMAS

_SESSION = {"$ref": "#/components/parameters/session"}
_NUMBER = {"$ref": "#/components/parameters/number"}


def _json(schema: str | dict[str, Any], text: str) -> dict[str, Any]:
    body = {"$ref": f"#/components/schemas/{schema}"} if isinstance(schema, str) else schema
    return {"description": text, "content": {"application/json": {"schema": body}}}


def _operation(
    summary: str,
    answer: tuple[int, dict[str, Any]],
    *,
    body: str = "",
    errors: tuple[int, ...] = (404, 410),
) -> dict[str, Any]:
    operation: dict[str, Any] = {"summary": summary, "responses": {str(answer[0]): answer[1]}}
    for status in errors:
        operation["responses"][str(status)] = {"$ref": "#/components/responses/Error"}
    if body:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{body}"}}}
        operation["requestBody"] = {"content": content}
    return operation


_DONE = (204, {"description": "done"})
_OWN = (403, 404, 410)
_EDIT = (403, 404, 410, 422)
_START = (422, 429, 503)


def _list(schema: str, field: str) -> dict[str, Any]:
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}}
    return {"type": "object", "required": [field], "properties": {field: items}}


PATHS: dict[str, dict[str, Any]] = {
    "/api/v1/sessions": {
        "get": _operation(
            "The visitor's live sessions, newest first",
            (200, _json(_list("Session", "sessions"), "the sessions")),
            errors=(),
        ),
        "post": _operation(
            "Start a session with its own cluster",
            (201, _json("NewSession", "the session and its owner's token")),
            body="SessionWishes",
            errors=_START,
        ),
    },
    "/api/v1/sessions/import": {
        "post": {
            **_operation(
                "A session of the caller's own from such a file",
                (201, _json("NewSession", "the new session")),
                errors=(413, *_START),
            ),
            "requestBody": {"content": {"application/zip": {}, "multipart/form-data": {}}},
        },
    },
    "/api/v1/waiting/{ticket}": {
        "parameters": [
            {"name": "ticket", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "get": _operation(
            "How a ticket stands; when its turn has come, the session that is held for it",
            (200, _json("Standing", "the line, or the session")),
            errors=(404,),
        ),
        "delete": _operation("Wait no more", _DONE, errors=(404,)),
    },
    "/api/v1/templates": {
        "get": _operation(
            "What a session can start from",
            (200, _json(_list("Template", "templates"), "the templates")),
            errors=(),
        ),
    },
    "/api/v1/sessions/{session}": {
        "parameters": [_SESSION],
        "get": _operation("One session", (200, _json("Session", "the session"))),
        "delete": _operation("End a session; owners only", _DONE, errors=_OWN),
    },
    "/api/v1/sessions/{session}/extend": {
        "parameters": [_SESSION],
        "post": _operation(
            "Some more minutes; owners and teachers",
            (200, _json("Session", "the session")),
            errors=_OWN,
        ),
    },
    "/api/v1/sessions/{session}/fork": {
        "parameters": [_SESSION],
        "post": _operation(
            "A copy of the cluster as it is now, in a session of the caller's own",
            (201, _json("NewSession", "the new session")),
            body="ForkWish",
            errors=(403, 404, 410, 429, 503),
        ),
    },
    **openapi_sharing.PATHS,
    "/api/v1/sessions/{session}/kubeconfig": {
        "parameters": [_SESSION],
        "get": _operation(
            "The caller's own kubeconfig",
            (200, {"description": "YAML", "content": {"application/yaml": {}}}),
        ),
    },
    "/api/v1/sessions/{session}/export": {
        "parameters": [_SESSION],
        "get": _operation(
            "The session as one file; with form=yaml what people wrote, as manifests",
            (200, {"description": "a zip file, or YAML", "content": {"application/zip": {}}}),
            errors=(403, 404, 410, 422),
        ),
    },
    "/api/v1/sessions/{session}/manifests": {
        "parameters": [_SESSION],
        "post": _operation(
            "Apply, try, compare, delete or check a text of manifests",
            (200, _json("ManifestReport", "what became of each document")),
            body="ManifestWish",
            errors=_EDIT,
        ),
    },
    "/api/v1/sessions/{session}/terminals": {
        "parameters": [_SESSION],
        "get": _operation(
            "The session's terminals", (200, _json(_list("Terminal", "terminals"), "terminals"))
        ),
        "post": _operation(
            "Open a terminal: the console, or a container",
            (201, _json("Terminal", "the terminal; its screen is at /ws/…/terminals/<n>/")),
            body="TerminalWish",
            errors=(400, *_EDIT, 429),
        ),
    },
    "/api/v1/sessions/{session}/terminals/{number}": {
        "parameters": [_SESSION, _NUMBER],
        "get": _operation("One terminal", (200, _json("Terminal", "the terminal"))),
        "delete": _operation("End a terminal", _DONE, errors=_OWN),
    },
    "/api/v1/schemas": {
        "parameters": [
            {"name": name, "in": "query", "required": True, "schema": {"type": "string"}}
            for name in ("apiVersion", "kind")
        ],
        "get": _operation(
            "The fields of a kind, with descriptions",
            (200, _json("KindSchema", "the definitions")),
            errors=(404, 422),
        ),
    },
    "/api/v1/schemas/kinds": {
        "get": _operation(
            "Every built-in kind",
            (200, _json({"type": "array", "items": {"type": "object"}}, "the kinds")),
            errors=(),
        ),
    },
    "/api/v1/examples": {
        "get": _operation(
            "Examples to start with",
            (200, _json({"type": "array", "items": {"type": "object"}}, "the examples")),
            errors=(),
        ),
    },
}


def _parts(name: str) -> dict[str, Any]:
    """What all applications describe: an app's config names its own part in `openapi`, a module
    with PATHS and SCHEMAS."""
    found: dict[str, Any] = {}
    for config in apps.get_app_configs():
        module = getattr(config, "openapi", "")
        if module:
            found |= getattr(import_module(module), name)
    return found


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Podyard",
            "version": "1",
            "description": (
                "Sessions with a simulated Kubernetes cluster each. The cluster itself speaks the "
                "Kubernetes API at the session's `server`."
            ),
        },
        "security": [{"token": []}, {"visitor": []}],
        "paths": {**PATHS, **_parts("PATHS")},
        "components": {
            "schemas": {**SCHEMAS, **_parts("SCHEMAS")},
            "parameters": {
                "session": _path_parameter("session", {"type": "string"}),
                "number": _path_parameter("number", {"type": "integer", "minimum": 1}),
                "person": _path_parameter("person", {"type": "string"}),
            },
            "responses": {"Error": _json("Error", "refused")},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "visitor": {"type": "apiKey", "in": "cookie", "name": "podyard_visitor"},
            },
        },
    }


def _path_parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


@endpoint("GET")
async def document(asked: ApiRequest) -> HttpResponse:
    """The document as JSON."""
    return reply(openapi())


@endpoint("GET")
async def docs(asked: ApiRequest) -> HttpResponse:
    """The document as a page; as JSON for those who ask for that."""
    if "text/html" not in asked.http.headers.get("accept", ""):
        return reply(openapi())
    described = openapi()
    operations = [
        {"method": method.upper(), "path": path, "operation": operation}
        for path, item in described["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]
    return render(asked.http, "api_docs.html", {"operations": operations})
