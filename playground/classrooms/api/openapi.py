"""The part of the API's description that is about classrooms."""

from __future__ import annotations

from typing import Any

from playground.classrooms.life import RoomState
from playground.classrooms.models import Help, Stage
from playground.classrooms.plans import ALLOWABLE

_ERROR = {"$ref": "#/components/responses/Error"}
_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer"}
_MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
_ROOM = {"name": "room", "in": "path", "required": True, "schema": _TEXT}
_ALLOWED = {"type": "array", "items": {"type": "string", "enum": [act.value for act in ALLOWABLE]}}


def _ref(schema: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": properties}


def _operation(
    summary: str, schema: dict[str, Any], *, status: int = 200, errors: str = "", body: str = ""
) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    operation: dict[str, Any] = {
        "summary": summary,
        "responses": {str(status): {"description": "the answer", "content": content}},
    }
    operation["responses"] |= dict.fromkeys(errors.split(), _ERROR)
    if body:
        operation["requestBody"] = {"content": {"application/json": {"schema": _ref(body)}}}
    return operation


def _file(summary: str, media: str) -> dict[str, Any]:
    answer = {"description": "a file", "content": {media: {"schema": {"type": "string"}}}}
    return {"get": {"summary": summary, "responses": {"200": answer, "404": _ERROR}}}


_WISHES = {
    "title": _TEXT,
    "starts_at": {**_MOMENT, "description": "without it, when the teacher says so"},
    "ends_at": _MOMENT,
    "minutes": {**_NUMBER, "description": "time per student"},
    "seats": _NUMBER,
    "nodes": _NUMBER,
    "speed": {"type": ["number", "string"]},
    "template": {**_TEXT, "description": "a name of GET /api/v1/templates"},
    "lesson": {**_TEXT, "description": "a slug of GET /api/v1/lessons"},
    "manifests": {**_TEXT, "description": "YAML that every cluster starts with"},
    "faults": {**_list(_TEXT), "description": "names of what is broken from the start"},
    "review": {"type": "boolean", "description": "what students write waits for the teacher"},
    "allowed": {**_ALLOWED, "description": "what students may do"},
}

PATHS: dict[str, dict[str, Any]] = {
    "/api/v1/classrooms": {
        "get": _operation(
            "A teacher's classrooms, newest first",
            _object("classrooms", classrooms=_list(_ref("Classroom"))),
            errors="403",
        ),
        "post": _operation(
            "Make a classroom; its clusters are made ready in the background",
            _ref("Classroom"),
            status=201,
            errors="403 422 429",
            body="ClassroomWishes",
        ),
    },
    "/api/v1/classrooms/join": {
        "post": _operation(
            "Come in as a student; with a rejoin code, come back on another device",
            _ref("ClassroomSeat"),
            status=201,
            errors="404 409 422 429",
            body="ClassroomJoining",
        ),
    },
    "/api/v1/classrooms/{room}": {
        "parameters": [_ROOM],
        "get": _operation("One classroom; its teacher only", _ref("Classroom"), errors="404"),
        "delete": {
            "summary": "Delete a classroom with its clusters and results; its teacher only",
            "responses": {"204": {"description": "done"}, "404": _ERROR},
        },
    },
    "/api/v1/classrooms/{room}/actions": {
        "parameters": [_ROOM],
        "post": _operation(
            "What a teacher does to a class, or to some in it",
            _ref("ClassroomOutcome"),
            errors="404 409 422",
            body="ClassroomAction",
        ),
    },
    "/api/v1/classrooms/{room}/seat": {
        "parameters": [_ROOM],
        "get": _operation("One's own place in a class", _ref("ClassroomSeat"), errors="404"),
        "post": _operation(
            "Raise a hand, let the teacher in, be done, leave",
            _ref("ClassroomSeat"),
            errors="404 409 422",
            body="ClassroomSeatAct",
        ),
    },
    "/api/v1/classrooms/{room}/results.csv": {
        "parameters": [_ROOM],
        **_file("What came of it, a row per student", "text/csv"),
    },
    "/api/v1/classrooms/{room}/replay.zip": {
        "parameters": [_ROOM],
        **_file("Every session's file, the results and the record", "application/zip"),
    },
    "/api/v1/classrooms/{room}/qr.svg": {
        "parameters": [_ROOM],
        **_file("The join address to point a phone at", "image/svg+xml"),
    },
}
SCHEMAS: dict[str, Any] = {
    "ClassroomWishes": _object("title", **_WISHES, draft={"type": "boolean"}),
    "Classroom": _object(
        "id title state code join_url ends_at seats actions",
        id=_TEXT,
        state={"type": "string", "enum": [state.value for state in RoomState]},
        code={**_TEXT, "description": "what students type"},
        join_url=_TEXT,
        url={**_TEXT, "description": "the wall; of a new classroom only"},
        frozen_at=_TEXT,
        actions={**_list(_TEXT), "description": "what makes sense now"},
        **_WISHES
        | {
            "faults": _list(_object("name title target", name=_TEXT, title=_TEXT, target=_TEXT)),
        },
    ),
    "ClassroomAction": _object(
        "action",
        action=_TEXT,
        students={**_list(_TEXT), "description": "ids; without it everybody"},
        value={"type": ["string", "integer"], "description": "what docs/protocol.md says"},
    ),
    "ClassroomOutcome": _object(
        "done failed",
        done=_list(_TEXT),
        failed=_list(_object("student message", student=_TEXT, message=_TEXT)),
        url=_TEXT,
    ),
    "ClassroomJoining": _object(
        "code name", code=_TEXT, name=_TEXT, pin={**_TEXT, "description": "the rejoin code"}
    ),
    "ClassroomSeatAct": _object(
        "action",
        action={
            "type": "string",
            "enum": ["raise-hand", "lower-hand", "let-in", "send-out", "finish", "leave"],
        },
    ),
    "ClassroomSeat": _object(
        "state room student url",
        state={"type": "string", "enum": [stage.value for stage in Stage]},
        room=_object("id title state", id=_TEXT, title=_TEXT, state=_TEXT),
        student=_object("id name pin", id=_TEXT, name=_TEXT, pin=_TEXT),
        url={**_TEXT, "description": "the student's cluster; empty while there is none"},
        ends_at=_TEXT,
        hand={"type": ["string", "null"], "format": "date-time"},
        teacher={"type": "string", "enum": [word.value for word in Help]},
        place={**_NUMBER, "description": "on the waiting list; 0: not on it"},
    ),
}
