"""The part of the API's description that is about lessons."""

from __future__ import annotations

from typing import Any

_SESSION = {"$ref": "#/components/parameters/session"}
_ERROR = {"$ref": "#/components/responses/Error"}
_TEXT: dict[str, Any] = {"type": "string"}
_HTML: dict[str, Any] = {"type": "string", "description": "HTML"}
_NUMBER: dict[str, Any] = {"type": "integer"}
_FLAG: dict[str, Any] = {"type": "boolean"}
_MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
_MOMENT_OR_NULL: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}


def _ref(schema: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": properties}


def _operation(
    summary: str, schema: dict[str, Any], *, errors: str = "", body: str = ""
) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    operation: dict[str, Any] = {
        "summary": summary,
        "responses": {"200": {"description": "the answer", "content": content}},
    }
    operation["responses"] |= dict.fromkeys(errors.split(), _ERROR)
    if body:
        operation["requestBody"] = {"content": {"application/json": {"schema": _ref(body)}}}
    return operation


_SUMMARY = {
    "slug": _TEXT,
    "title": _TEXT,
    "summary": _TEXT,
    "minutes": _NUMBER,
    "learn": _list(_TEXT),
    "requires": {**_list(_TEXT), "description": "lessons to do before"},
    "template": {**_TEXT, "description": "for `template` of POST /api/v1/sessions"},
}
_STEP = _object(
    "id title kind html hints answers",
    id=_TEXT,
    title=_TEXT,
    kind={"type": "string", "enum": ["task", "read", "question"]},
    html=_HTML,
    hints={**_NUMBER, "description": "how many there are"},
    answers=_list(_HTML),
)
_STEP_PROGRESS = _object(
    "id passed_at hints attempts",
    id=_TEXT,
    passed_at=_MOMENT_OR_NULL,
    hints={**_list(_HTML), "description": "those shown so far"},
    attempts=_NUMBER,
    answer=_object("choice right because", choice=_NUMBER, right=_FLAG, because=_HTML),
)
_CHECK = _object("says holds missing", says=_TEXT, holds=_FLAG, missing=_TEXT)

PATHS: dict[str, dict[str, Any]] = {
    "/api/v1/lessons": {
        "get": _operation(
            "Every lesson, in order", _object("lessons", lessons=_list(_ref("LessonSummary")))
        ),
    },
    "/api/v1/lessons/{slug}": {
        "parameters": [{"name": "slug", "in": "path", "required": True, "schema": _TEXT}],
        "get": _operation("One lesson with its texts", _ref("Lesson"), errors="404"),
    },
    "/api/v1/sessions/{session}/lesson": {
        "parameters": [_SESSION],
        "get": _operation(
            "The lesson of a session and where it stands; both null without one",
            _ref("LessonState"),
            errors="404 410",
        ),
        "post": _operation(
            "Begin a lesson, go on from a text, answer a question, show a hint, start over",
            _ref("LessonState"),
            errors="403 404 409 410 422",
            body="LessonAct",
        ),
    },
}
SCHEMAS: dict[str, Any] = {
    "LessonSummary": _object("slug title summary minutes", **_SUMMARY),
    "Lesson": _object(
        "slug title steps",
        **_SUMMARY,
        intro=_HTML,
        closing=_HTML,
        files={"type": "object", "description": "manifests by the name they can be opened with"},
        steps=_list(_STEP),
    ),
    "LessonProgress": _object(
        "slug done total current since steps checks",
        type={"type": "string", "enum": ["lesson"]},
        slug=_TEXT,
        done=_NUMBER,
        total=_NUMBER,
        current={**_TEXT, "description": "a step's id; empty when all are done"},
        since=_MOMENT,
        finished_at=_MOMENT_OR_NULL,
        steps=_list(_STEP_PROGRESS),
        checks={**_list(_CHECK), "description": "of the current step"},
    ),
    "LessonState": _object(
        "lesson progress",
        lesson={"oneOf": [_ref("Lesson"), {"type": "null"}]},
        progress={"oneOf": [_ref("LessonProgress"), {"type": "null"}]},
    ),
    "LessonAct": _object(
        "action",
        action={
            "type": "string",
            "enum": ["start", "read", "answer", "hint", "restart", "restart-step"],
        },
        lesson={**_TEXT, "description": "for start: the lesson's slug"},
        step={**_TEXT, "description": "for read, answer and hint: the step's id"},
        choice={**_NUMBER, "description": "for answer: from 0"},
    ),
}
