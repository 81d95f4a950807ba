"""Answers that the host gives itself, in the form of the API."""

from __future__ import annotations

from typing import Any

import orjson

from cluster_engine.apimachinery.errors import ApiError
from playground.hosting.host import Answer

_HEADERS = {"content-type": "application/json"}


def refusal(error: ApiError) -> Answer:
    """The Status of an error."""
    headers = dict(_HEADERS)
    retry = (error.details or {}).get("retryAfterSeconds")
    if retry:
        headers["retry-after"] = str(retry)
    return Answer(error.code, orjson.dumps(error.status()), headers)


def body(value: dict[str, Any], status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(status, orjson.dumps(value), dict(_HEADERS))
