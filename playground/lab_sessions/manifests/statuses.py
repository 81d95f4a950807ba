"""A Status of the API as problems at places of a document. Pure."""

from __future__ import annotations

import re
from typing import Any

from playground.lab_sessions.manifests.documents import Document, Problem, field_path

#: See cluster_engine.apiserver.review_gate.
_SUBMITTED = "SubmittedForReview"
_STRICT = re.compile(r'(unknown|duplicate) field "([^"]+)"')


def problems_of(document: Document, status: dict[str, Any]) -> list[Problem]:
    """One problem for each cause; without causes, one for the whole."""
    message = str(status.get("message", "refused"))
    strict = _STRICT.findall(message)
    if strict:
        return [
            document.problem(field_path(path), f'{word} field "{path}"') for word, path in strict
        ]
    causes = (status.get("details") or {}).get("causes") or []
    problems = [
        document.problem(field_path(cause["field"]), f"{cause['field']}: {cause['message']}")
        for cause in causes
        if cause.get("field")
    ]
    if problems:
        return problems
    return [document.problem(_guess(status), message)]


def waits_for_review(status: dict[str, Any]) -> bool:
    """Whether the write was not refused but handed in for review."""
    causes = (status.get("details") or {}).get("causes") or []
    return any(cause.get("reason") == _SUBMITTED for cause in causes)


def _guess(status: dict[str, Any]) -> tuple[str | int, ...]:
    """Where a refusal without a field belongs."""
    if status.get("reason") in ("NotFound", "AlreadyExists", "Conflict", "Forbidden"):
        return ("metadata", "name")
    return ()
