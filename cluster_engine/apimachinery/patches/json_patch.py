"""JSON patch (RFC 6902): a list of operations on a document.

The document is never changed: what an operation touches is copied, the rest is shared. Errors say
what upstream's library says; the API server shows clients its own general text instead.

Models: gopkg.in/evanphx/json-patch.v4 as the API server uses it (v0.37.2): `replace` sets a
missing member of an object, `test` takes a missing one for null.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

OPERATIONS_MAX = 10_000
_PATHED = ("add", "copy", "move", "remove", "replace", "test")
_MISSING: Any = object()


class JsonPatchError(ValueError):
    """An operation that cannot be done."""


def apply_json_patch(document: Any, operations: Sequence[Any]) -> Any:
    """The document after all operations. Raises JsonPatchError; then nothing has happened."""
    for operation in operations:
        document = _apply(document, operation)
    return document


def _apply(document: Any, operation: Any) -> Any:
    name = operation.get("op") if isinstance(operation, dict) else None
    if name not in _PATHED:
        raise JsonPatchError(f"Unexpected kind: {name or 'unknown'}")
    path = operation.get("path")
    if not isinstance(path, str):
        raise JsonPatchError(f"{name} operation failed to decode path: missing operation path")
    if name == "test":
        _test(document, path, operation.get("value"))
        return document
    if name == "remove":
        return _change(document, path, name, _removed)
    if name in ("add", "replace"):
        return _set(document, path, name, operation.get("value"))
    source = operation.get("from")
    if not isinstance(source, str):
        raise JsonPatchError(f"{name} operation failed to decode from: missing operation from")
    value = _find(document, source)
    if value is _MISSING:
        raise JsonPatchError(
            f"{name} operation does not apply: doc is missing from path: {source}: missing value"
        )
    if name == "move":
        document = _change(document, source, name, _removed)
    return _set(document, path, name, value)


def _set(document: Any, path: str, name: str, value: Any) -> Any:
    if path == "":
        if not isinstance(value, (dict, list)):
            raise JsonPatchError(f"{name} operation does not apply: doc is not an object or array")
        return value
    is_replacing = name == "replace"

    def put(container: Any, key: str) -> Any:
        if isinstance(container, dict):
            return {**container, key: value}
        changed = list(container)
        if is_replacing:
            changed[_index(key, len(changed), "replace")] = value
        elif key == "-":
            changed.append(value)
        else:
            changed.insert(_index(key, len(changed) + 1, name), value)
        return changed

    return _change(document, path, name, put)


def _removed(container: Any, key: str) -> Any:
    if isinstance(container, dict):
        if key not in container:
            raise JsonPatchError(f"Unable to remove nonexistent key: {key}: missing value")
        return {name: value for name, value in container.items() if name != key}
    position = _index(key, len(container), "remove")
    return container[:position] + container[position + 1 :]


def _change(document: Any, path: str, name: str, change: Any) -> Any:
    """The document with its container at `path` replaced by `change(container, last key)`."""
    keys = _keys(path)
    if not keys:
        raise JsonPatchError(f"{name} operation does not apply: doc is missing path: {path!r}")
    trail = []
    for key in keys[:-1]:
        trail.append(document)
        document = _child(document, key)
    if not isinstance(document, (dict, list)):
        raise JsonPatchError(
            f'{name} operation does not apply: doc is missing path: "{path}": missing value'
        )
    document = change(document, keys[-1])
    for container, key in zip(reversed(trail), reversed(keys[:-1]), strict=True):
        if isinstance(container, dict):
            document = {**container, key: document}
        else:
            copied = list(container)
            copied[int(key)] = document
            document = copied
    return document


def _test(document: Any, path: str, expected: Any) -> None:
    found = _find(document, path)
    if found is _MISSING:
        keys = _keys(path)
        parent = _find(document, path[: path.rindex("/")]) if keys else _MISSING
        found = None if isinstance(parent, dict) else _MISSING
    if not _is_equal(found, expected):
        raise JsonPatchError(f"testing value {path} failed: test failed")


def _find(document: Any, path: str) -> Any:
    for key in _keys(path):
        document = _child(document, key)
    return document


def _child(container: Any, key: str) -> Any:
    if isinstance(container, dict):
        return container.get(key, _MISSING)
    if isinstance(container, list) and key.isascii() and key.isdigit() and len(key) < 10:
        position = int(key)
        return container[position] if position < len(container) else _MISSING
    return _MISSING


def _keys(path: str) -> list[str]:
    """The parts of a pointer; none for the whole document and for what is no pointer."""
    if not path.startswith("/"):
        return []
    return [key.replace("~1", "/").replace("~0", "~") for key in path[1:].split("/")]


def _index(key: str, size: int, name: str) -> int:
    try:
        position = int(key) if key.isascii() and len(key) < 10 else size
    except ValueError:
        raise JsonPatchError(
            f"{name} operation does not apply: {key!r} is no array index"
        ) from None
    if position < 0:
        position += size
    if not 0 <= position < size:
        raise JsonPatchError(f"Unable to access invalid index: {key}: invalid index referenced")
    return position


def _is_equal(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_is_equal(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_is_equal, left, right))
    return bool(left == right)
