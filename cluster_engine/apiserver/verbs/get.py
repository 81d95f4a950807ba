"""GET of one object."""

from __future__ import annotations

from cluster_engine.apimachinery.errors import ApiError, bad_request, not_found
from cluster_engine.apimachinery.fields import invalid_value
from cluster_engine.apiserver.answers import record_answer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.requests import Response

_DIGITS = "0123456789"


def get(core: Core, call: Call) -> Response:
    """Answer with the object; any revision asked for is one the store has reached."""
    check_revision(core, call.query.get("resourceVersion", [""])[0])
    record = core.store.get(call.stored_resource, call.namespace, call.info.name)
    if record is None:
        raise not_found(call.kind.resource, call.info.name)
    return record_answer(call, record, core.clock.now_ms)


def check_revision(core: Core, text: str) -> int:
    """A resourceVersion as a number. Raises ApiError 400 when it is none, 504 when it is ahead."""
    if not text:
        return 0
    if any(sign not in _DIGITS for sign in text):
        problem = invalid_value(
            "resourceVersion", text, f'strconv.ParseUint: parsing "{text}": invalid syntax'
        )
        raise bad_request(f"invalid resource version: {problem.text()}")
    revision = int(text)
    if revision > core.store.revision:
        raise _ahead(revision, core.store.revision)
    return revision


def _ahead(asked: int, current: int) -> ApiError:
    text = f"Too large resource version: {asked}, current: {current}"
    cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
    details = {"causes": [cause], "retryAfterSeconds": 1}
    return ApiError(504, "Timeout", f"Timeout: {text}", details)
