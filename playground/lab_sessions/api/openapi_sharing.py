"""The part of the API's description that is about sharing: links, people, names and keys."""

from __future__ import annotations

from typing import Any

_SESSION = {"$ref": "#/components/parameters/session"}
_NUMBER = {"$ref": "#/components/parameters/number"}
_PERSON = {"$ref": "#/components/parameters/person"}
_ERROR = {"$ref": "#/components/responses/Error"}
_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER_OR_NULL: dict[str, Any] = {"type": ["integer", "null"]}
_ROLES = ["viewer", "editor", "teacher"]
_USES = [*_ROLES, "fork"]
_MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}


def _ref(schema: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _json(schema: dict[str, Any], text: str) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _operation(
    summary: str, status: int, answer: dict[str, Any], body: str = "", errors: str = "404 410"
) -> dict[str, Any]:
    responses: dict[str, Any] = {str(status): answer}
    responses |= dict.fromkeys(errors.split(), _ERROR)
    operation: dict[str, Any] = {"summary": summary, "responses": responses}
    if body:
        operation["requestBody"] = {"content": {"application/json": {"schema": _ref(body)}}}
    return operation


def _list(field: str, schema: str) -> dict[str, Any]:
    items = {"type": "array", "items": _ref(schema)}
    return {"type": "object", "required": [field], "properties": {field: items}}


PATHS: dict[str, dict[str, Any]] = {
    "/api/v1/sessions/{session}/shares": {
        "parameters": [_SESSION],
        "get": _operation(
            "The links of a session, newest first; owners and teachers",
            200,
            _json(_list("links", "Share"), "the links"),
            errors="403 404 410",
        ),
        "post": _operation(
            "A link that lets others in; owners and teachers",
            201,
            _json(_ref("Share"), "the link"),
            body="ShareWish",
            errors="403 404 410 422 429",
        ),
    },
    "/api/v1/sessions/{session}/shares/{number}": {
        "parameters": [_SESSION, _NUMBER],
        "delete": {
            **_operation(
                "Revoke a link; with people=leave those who came by it leave too",
                200,
                _json(
                    {"type": "object", "properties": {"left": {"type": "integer"}}},
                    "how many people left",
                ),
                errors="403 404 410 422",
            ),
            "parameters": [
                {
                    "name": "people",
                    "in": "query",
                    "schema": {"type": "string", "enum": ["stay", "leave"], "default": "stay"},
                }
            ],
        },
    },
    "/api/v1/sessions/{session}/shares/{number}/qr.svg": {
        "parameters": [_SESSION, _NUMBER],
        "get": _operation(
            "A link as a QR code; owners and teachers",
            200,
            {"description": "the image", "content": {"image/svg+xml": {}}},
            errors="403 404 410",
        ),
    },
    "/api/v1/sessions/{session}/join": {
        "parameters": [_SESSION],
        "post": _operation(
            "Come in by a link's secret: what its address ends with",
            200,
            _json(_ref("NewSession"), "the session, and a token of the caller's own"),
            body="JoinWish",
            errors="404 410 422 429",
        ),
    },
    "/api/v1/sessions/{session}/people": {
        "parameters": [_SESSION],
        "get": _operation(
            "Everybody who may use the session",
            200,
            _json(_list("people", "Person"), "the people"),
        ),
    },
    "/api/v1/sessions/{session}/people/{person}": {
        "parameters": [_SESSION, _PERSON],
        "patch": _operation(
            "Another role; an owner who makes another one hands the session over",
            200,
            _json(_ref("Person"), "the person"),
            body="RoleWish",
            errors="403 404 410 422",
        ),
        "delete": _operation(
            'Send somebody out; "me" leaves',
            204,
            {"description": "done"},
            errors="403 404 410",
        ),
    },
    "/api/v1/sessions/{session}/key": {
        "parameters": [_SESSION],
        "post": _operation(
            "Another secret for the caller: kubeconfigs and tokens from before stop working",
            200,
            _json(_ref("NewSession"), "the session, with the new address and token"),
        ),
    },
    "/api/v1/me": {
        "get": _operation(
            "Who the caller is to others", 200, _json(_ref("Me"), "the caller"), errors=""
        ),
        "patch": _operation(
            "Another name", 200, _json(_ref("Me"), "the caller"), body="NameWish", errors="422"
        ),
    },
}

SCHEMAS: dict[str, Any] = {
    "ShareWish": {
        "type": "object",
        "properties": {
            "role": {"type": "string", "enum": _USES, "default": "viewer"},
            "label": {"type": "string", "maxLength": 60},
            "minutes": {**_NUMBER_OR_NULL, "description": "null: as long as the session"},
            "uses": {**_NUMBER_OR_NULL, "description": "people it lets in; null: any number"},
        },
    },
    "Share": {
        "type": "object",
        "required": ["id", "role", "url", "state", "uses", "people"],
        "properties": {
            "id": {"type": "integer"},
            "role": {"type": "string", "enum": _USES},
            "label": _TEXT,
            "url": {"type": "string", "format": "uri"},
            "state": {"type": "string", "enum": ["good", "expired", "revoked", "used-up"]},
            "created_at": _MOMENT,
            "created_by": {**_TEXT, "description": "a person's id"},
            "expires_at": {"type": ["string", "null"], "format": "date-time"},
            "uses": {"type": "integer"},
            "uses_max": _NUMBER_OR_NULL,
            "people": {"type": "array", "items": _TEXT, "description": "ids: who came by it"},
        },
    },
    "JoinWish": {"type": "object", "required": ["secret"], "properties": {"secret": _TEXT}},
    "Person": {
        "type": "object",
        "required": ["id", "name", "color", "role", "joined_at"],
        "properties": {
            "id": _TEXT,
            "name": _TEXT,
            "color": _TEXT,
            "role": {"type": "string", "enum": ["owner", *reversed(_ROLES)]},
            "joined_at": _MOMENT,
            "link": {**_NUMBER_OR_NULL, "description": "the link they came by; for owners"},
        },
    },
    "RoleWish": {
        "type": "object",
        "required": ["role"],
        "properties": {"role": {"type": "string", "enum": ["owner", *reversed(_ROLES)]}},
    },
    "Me": {
        "type": "object",
        "required": ["id", "name", "color"],
        "properties": {"id": _TEXT, "name": _TEXT, "color": _TEXT},
    },
    "NameWish": {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string", "maxLength": 40}},
    },
}
