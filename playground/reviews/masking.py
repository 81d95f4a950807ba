"""Values of Secrets made unreadable, wherever a review shows or keeps an object. Pure but for the
key that marks are made with."""

from __future__ import annotations

from typing import Any

import orjson

from playground.reviews.sealing import mark_of

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_VALUES = ("data", "stringData")


def masked(obj: Any) -> Any:
    """A Secret, a patch of one, or a List with some: the same with its values hidden."""
    if isinstance(obj, list):
        return [_masked_operation(one) for one in obj]
    if not isinstance(obj, dict):
        return obj
    found = dict(obj)
    for field in _VALUES:
        if isinstance(found.get(field), dict):
            found[field] = {key: mask(value) for key, value in found[field].items()}
    metadata = found.get("metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get("annotations"), dict):
        notes = {
            key: _masked_json(value) if key == LAST_APPLIED else value
            for key, value in metadata["annotations"].items()
        }
        found["metadata"] = {**metadata, "annotations": notes}
    return found


def masked_if_secret(obj: Any) -> Any:
    """Any object; only what is a Secret is changed."""
    if isinstance(obj, dict) and obj.get("kind") == "Secret":
        return masked(obj)
    if isinstance(obj, dict) and isinstance(obj.get("items"), list):
        return {**obj, "items": [masked_if_secret(item) for item in obj["items"]]}
    return obj


def mask(value: Any) -> str:
    """What stands for a value: equal for equal values."""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return f"••• sha256:{mark_of(text)}"


def _masked_json(text: Any) -> Any:
    try:
        return orjson.dumps(masked(orjson.loads(text))).decode()
    except (orjson.JSONDecodeError, TypeError):
        return mask(text)


def _masked_operation(operation: Any) -> Any:
    """One step of a JSON patch."""
    if isinstance(operation, dict) and "value" in operation:
        return {**operation, "value": mask(operation["value"])}
    return operation
