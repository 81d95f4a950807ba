"""The bodies of the REST API as JSON schemas."""

from __future__ import annotations

from typing import Any

from playground.lab_sessions.api import openapi_sharing
from playground.lab_sessions.kinds import Kind
from playground.lab_sessions.life import EndReason, State
from playground.lab_sessions.manifests.actions import Action
from playground.lab_sessions.roles import Role

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer"}
_MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
_URL: dict[str, Any] = {"type": "string", "format": "uri"}


def _object(required: str = "", **properties: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        found["required"] = required.split()
    return found


def _word(*words: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


_SESSION = _object(
    "id name role state url server kubeconfig_url created_at expires_at",
    id=_TEXT,
    name=_TEXT,
    role=_word(*Role),
    state=_word(*State),
    url=_URL,
    server={**_URL, "description": "the cluster's Kubernetes API; the address is a secret"},
    kubeconfig_url=_URL,
    created_at=_MOMENT,
    expires_at=_MOMENT,
    overtime_until={"oneOf": [{"type": "null"}, _MOMENT]},
    extendable_minutes=_NUMBER,
    kind=_word(*Kind),
    warning={**_TEXT, "description": "what to tell people about the end; empty when it is far"},
    ended={
        "description": "set when it has expired or ended",
        "oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/End"}],
    },
    nodes=_NUMBER,
    seed=_NUMBER,
)
_PROBLEM = _object(
    "line column message severity",
    line=_NUMBER,
    column=_NUMBER,
    message=_TEXT,
    severity=_word("error", "warning"),
)
_RESULT = _object(
    "document line kind name outcome",
    document={**_NUMBER, "description": "from 0, in the order of the text"},
    line=_NUMBER,
    apiVersion=_TEXT,
    kind=_TEXT,
    namespace=_TEXT,
    name=_TEXT,
    outcome=_word(
        "created", "configured", "unchanged", "deleted", "failed", "skipped", "submitted"
    ),
    message=_TEXT,
    diff={**_TEXT, "description": "unified, of YAML, from the live object"},
    object={"type": "object"},
)

SCHEMAS: dict[str, Any] = {
    "Error": _object(
        "error",
        error=_object("code message", code=_TEXT, message=_TEXT, field=_TEXT),
        waiting={"$ref": "#/components/schemas/Waiting"},
    ),
    "End": _object(
        "because reason ended_at kept_until",
        because=_word(*EndReason),
        reason={**_TEXT, "description": "a sentence for people"},
        ended_at={"oneOf": [{"type": "null"}, _MOMENT]},
        kept_until={
            "description": "until when it can be looked at and exported",
            "oneOf": [{"type": "null"}, _MOMENT],
        },
    ),
    "SessionWishes": _object(
        name=_TEXT,
        nodes=_NUMBER,
        minutes=_NUMBER,
        speed={"oneOf": [{"type": "number"}, _word("max")]},
        seed=_NUMBER,
        template={**_TEXT, "description": "one of /api/v1/templates"},
    ),
    "Waiting": _object(
        "ticket position ahead expected_seconds since",
        ticket={**_TEXT, "description": "a secret: ask with it how it stands"},
        position=_NUMBER,
        ahead=_NUMBER,
        expected_seconds={
            "description": "at the latest, unless sessions are extended; null: not known",
            "oneOf": [{"type": "null"}, _NUMBER],
        },
        since=_MOMENT,
    ),
    "Standing": _object(
        waiting={"$ref": "#/components/schemas/Waiting"},
        session={"$ref": "#/components/schemas/NewSession"},
    ),
    "ForkWish": _object(
        link={**_TEXT, "description": "what a link for copies ends with; without: by right"}
    ),
    "Template": _object(
        "name title summary nodes",
        name=_TEXT,
        title=_TEXT,
        summary=_TEXT,
        nodes=_NUMBER,
        lesson={"oneOf": [{"type": "null"}, _TEXT]},
    ),
    "Session": _SESSION,
    "NewSession": {
        "allOf": [
            {"$ref": "#/components/schemas/Session"},
            _object("token", token={**_TEXT, "description": "the caller's own bearer token"}),
        ]
    },
    **openapi_sharing.SCHEMAS,
    "ManifestWish": _object("text", text=_TEXT, action=_word(*Action), file=_TEXT),
    "ManifestReport": _object(
        "results problems",
        results={"type": "array", "items": _RESULT},
        problems={"type": "array", "items": _PROBLEM},
    ),
    "TerminalWish": _object(
        "kind",
        kind=_word("console", "exec"),
        namespace=_TEXT,
        pod=_TEXT,
        container=_TEXT,
        command={"type": "array", "items": _TEXT},
    ),
    "Terminal": _object(
        "number title kind", number=_NUMBER, title=_TEXT, kind=_TEXT, over={"type": "boolean"}
    ),
    "KindSchema": _object("root definitions", root=_TEXT, definitions={"type": "object"}),
}
