"""The review desk's part of the REST API's description."""

from __future__ import annotations

from typing import Any

from playground.reviews.life import DECISIONS, State

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer"}
_FLAG: dict[str, Any] = {"type": "boolean"}
_MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}
_ERROR = {"$ref": "#/components/responses/Error"}


def _object(required: str = "", **properties: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        found["required"] = required.split()
    return found


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


def _word(*words: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


def _operation(
    summary: str,
    schema: dict[str, Any],
    *,
    status: int = 200,
    body: dict[str, Any] | None = None,
    errors: str = "404",
    query: str = "",
) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    operation: dict[str, Any] = {
        "summary": summary,
        "responses": {str(status): {"description": "the answer", "content": content}},
    }
    for code in errors.split():
        operation["responses"][code] = _ERROR
    if body is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": body}}}
    if query:
        operation["parameters"] = [
            {"name": name, "in": "query", "schema": _TEXT} for name in query.split()
        ]
    return operation


def _path(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


_SUBMISSION = _path("submission", {**_TEXT, "description": "<session>-<number>"})
_DECISION = _object("act", act=_word(*DECISIONS), message=_TEXT, version=_NUMBER)
_FILTERS = "state session assignee submitter source kind namespace text limit cursor"
_REVIEW = _object(
    "on reviewers open may_switch",
    on=_FLAG,
    reviewers=_list("ReviewPerson"),
    open=_NUMBER,
    may_switch=_FLAG,
)
_PAGE = _object("submissions next counts", submissions=_list("SubmissionSummary"), counts=_object())

PATHS: dict[str, dict[str, Any]] = {
    "/api/v1/reviews": {
        "get": _operation(
            "Submissions that the caller may see, newest first",
            _PAGE,
            errors="304 422",
            query=_FILTERS,
        )
    },
    "/api/v1/reviews/bulk": {
        "post": _operation(
            "One decision, or one assignment, for many",
            _object("results", results={"type": "array", "items": _object("id ok")}),
            body=_object("ids", ids=_TEXTS, act=_word(*DECISIONS), message=_TEXT, assignee=_TEXT),
            errors="422",
        )
    },
    "/api/v1/reviews/reviewers": {
        "get": _operation(
            "Whom a submission can be given to",
            _object("reviewers", reviewers=_list("ReviewPerson")),
            errors="",
            query="session",
        )
    },
    "/api/v1/reviews/{submission}": {
        "parameters": [_SUBMISSION],
        "get": _operation("A submission", _ref("Submission"), errors="304 404"),
    },
    "/api/v1/reviews/{submission}/versions": {
        "parameters": [_SUBMISSION],
        "post": _operation(
            "The submitter's next version",
            _ref("Submission"),
            status=201,
            body=_object("text", text=_TEXT, message=_TEXT),
            errors="403 404 409 410 422",
        ),
    },
    "/api/v1/reviews/{submission}/versions/{number}": {
        "parameters": [_SUBMISSION, _path("number", _NUMBER)],
        "get": _operation(
            "One version; with `reveal=true` Secrets' values for those who may see them",
            _ref("SubmissionVersion"),
            errors="403 404",
            query="reveal",
        ),
    },
    "/api/v1/reviews/{submission}/changes": {
        "parameters": [_SUBMISSION],
        "get": _operation(
            "A unified diff of two versions",
            _object("from to diff", to=_NUMBER, diff=_TEXT),
            errors="404 422",
            query="from to",
        ),
    },
    "/api/v1/reviews/{submission}/effect": {
        "parameters": [_SUBMISSION],
        "get": _operation(
            "What it would do, tried on a copy of the cluster",
            _ref("SubmissionEffect"),
            errors="404 409 410 422 503",
            query="version seconds",
        ),
    },
    "/api/v1/reviews/{submission}/comments": {
        "parameters": [_SUBMISSION],
        "post": _operation(
            "Comment, on a line if one is given",
            _ref("ReviewComment"),
            status=201,
            body=_object("text", text=_TEXT, version=_NUMBER, line=_NUMBER),
            errors="404 422 429",
        ),
    },
    "/api/v1/reviews/{submission}/decisions": {
        "parameters": [_SUBMISSION],
        "post": _operation(
            "Decide", _ref("Submission"), body=_DECISION, errors="403 404 409 410 422"
        ),
    },
    "/api/v1/reviews/{submission}/assignee": {
        "parameters": [_SUBMISSION],
        "put": _operation(
            "Give it to a reviewer",
            _ref("Submission"),
            body=_object("assignee", assignee=_TEXT),
            errors="403 404 422",
        ),
    },
    "/api/v1/findings": {
        "post": _operation(
            "What is worth saying about a text of manifests; nothing is stored",
            _object("findings", findings=_list("Finding")),
            body=_object("text", text=_TEXT),
            errors="422",
        )
    },
    "/api/v1/findings/rules": {
        "get": _operation(
            "Everything that is looked for, with how much it matters here",
            _object("rules", rules={"type": "array", "items": {"type": "object"}}),
            errors="",
        )
    },
    "/api/v1/writes": {
        "get": _operation(
            "What people wrote, newest first",
            _object("writes next", writes=_list("PersonWrite")),
            errors="422",
            query="session submitter source kind namespace limit cursor",
        )
    },
    "/api/v1/writes/{number}": {
        "parameters": [_path("number", _NUMBER)],
        "get": _operation("One write with its text", _ref("PersonWrite")),
    },
    "/api/v1/sessions/{session}/review": {
        "parameters": [{"$ref": "#/components/parameters/session"}],
        "get": _operation("Whether review is on", _REVIEW, errors="404 410"),
        "put": _operation(
            "Switch review on or off",
            _REVIEW,
            body=_object("on", on=_FLAG),
            errors="403 404 410 422",
        ),
    },
    "/api/v1/audit": {
        "get": _operation(
            "Entries of the audit log, oldest first",
            _object("entries head", entries=_list("AuditEntry"), head=_object()),
            errors="403 422",
            query="after limit",
        )
    },
    "/api/v1/audit/verify": {
        "get": _operation(
            "Whether the log is as it was written",
            _object("ok entries problem", ok=_FLAG, entries=_NUMBER, problem=_TEXT),
            errors="403",
        )
    },
    "/api/v1/audit/export": {
        "get": _operation("The whole log as JSON lines", _object(), errors="403")
    },
}

_SUMMARY = _object(
    "id session number state title submitter source created_at updated_at version may",
    id=_TEXT,
    session=_object("id name", id=_TEXT, name=_TEXT),
    number=_NUMBER,
    state=_word(*State),
    title=_TEXT,
    submitter=_ref("ReviewPerson"),
    source=_TEXT,
    command=_TEXT,
    created_at=_MOMENT,
    updated_at=_MOMENT,
    version=_NUMBER,
    documents=_NUMBER,
    kinds=_TEXTS,
    namespaces=_TEXTS,
    assignee={"oneOf": [_ref("ReviewPerson"), {"type": "null"}]},
    comments=_NUMBER,
    findings={"type": "object", "additionalProperties": _NUMBER},
    url=_TEXT,
    may=_TEXTS,
)

SCHEMAS: dict[str, Any] = {
    "Finding": _object(
        "rule title category severity document line column path message fix reference",
        rule=_TEXT,
        title=_TEXT,
        category=_TEXT,
        severity=_word("error", "warning", "info"),
        document={**_NUMBER, "description": "from 0"},
        line={**_NUMBER, "description": "from 1"},
        column={**_NUMBER, "description": "from 1"},
        path={**_TEXT, "description": "within the object"},
        message=_TEXT,
        fix=_TEXT,
        reference={**_TEXT, "format": "uri"},
    ),
    "ReviewPerson": _object("id name", id=_TEXT, name=_TEXT),
    "SubmissionSummary": _SUMMARY,
    "Submission": {
        "allOf": [
            _ref("SubmissionSummary"),
            _object(
                "latest versions conversation decisions",
                latest=_ref("SubmissionVersion"),
                versions={"type": "array", "items": _object("version at source")},
                conversation=_list("ReviewComment"),
                decisions={"type": "array", "items": _object("by at act version message")},
                result={"type": ["array", "null"], "items": _ref("SubmissionOutcome")},
                is_review_on=_FLAG,
            ),
        ]
    },
    "SubmissionVersion": _object(
        "version at source text findings items",
        version=_NUMBER,
        number=_NUMBER,
        at=_MOMENT,
        source=_TEXT,
        command=_TEXT,
        message=_TEXT,
        text=_TEXT,
        findings=_list("Finding"),
        items={"type": "array", "items": _object("item line act kind namespace name")},
        is_cut=_FLAG,
    ),
    "SubmissionOutcome": _object(
        "item kind namespace name verb outcome code message diff",
        item=_NUMBER,
        kind=_TEXT,
        namespace=_TEXT,
        name=_TEXT,
        verb=_TEXT,
        outcome=_word("created", "configured", "unchanged", "deleted", "done", "refused"),
        code=_NUMBER,
        reason=_TEXT,
        message=_TEXT,
        diff=_TEXT,
    ),
    "SubmissionEffect": _object(
        "version seconds is_quiet applied pods workloads services quotas cost nodes warnings",
        version=_NUMBER,
        seconds={"type": "number", "description": "virtual time that was run ahead"},
        is_quiet={**_FLAG, "description": "nothing happened any more"},
        is_cut={**_FLAG, "description": "it took too much work and was cut short"},
        revision=_NUMBER,
        now=_NUMBER,
        applied=_list("SubmissionOutcome"),
        pods=_object("created moved evicted deleted pending failed"),
        workloads={"type": "array", "items": _object("kind namespace name wanted ready")},
        services={"type": "array", "items": _object("namespace name endpoints change")},
        quotas={"type": "array", "items": _object("namespace name resource hard used left")},
        cost=_object("cpu_milli memory_bytes"),
        nodes={"type": "array", "items": _object("name pods cpu_milli memory_bytes")},
        warnings={"type": "array", "items": _object("reason message kind name count")},
        scene={"type": ["object", "null"], "description": "as the frame `scene`"},
    ),
    "ReviewComment": _object(
        "number by at version text",
        number=_NUMBER,
        by=_ref("ReviewPerson"),
        at=_MOMENT,
        version=_NUMBER,
        line={"type": ["integer", "null"]},
        text=_TEXT,
    ),
    "PersonWrite": _object(
        "number session sequence at by source act kind name code",
        number=_NUMBER,
        session=_TEXT,
        sequence=_NUMBER,
        at=_MOMENT,
        time=_NUMBER,
        by=_ref("ReviewPerson"),
        source=_TEXT,
        command=_TEXT,
        act=_TEXT,
        verb=_TEXT,
        apiVersion=_TEXT,
        kind=_TEXT,
        namespace=_TEXT,
        name=_TEXT,
        subresource=_TEXT,
        code=_NUMBER,
        reason=_TEXT,
        message=_TEXT,
        revision=_NUMBER,
        submission={"type": ["string", "null"]},
        text=_TEXT,
    ),
    "AuditEntry": _object(
        "number at actor action subject data previous hash",
        number=_NUMBER,
        at=_MOMENT,
        actor={**_TEXT, "description": "a pseudonym; `name` is whose, as long as it is known"},
        name=_TEXT,
        action=_TEXT,
        subject=_TEXT,
        data=_object(),
        previous=_TEXT,
        hash=_TEXT,
    ),
}
