"""`replacements`: a value of one resource is written into others.

Models: sigs.k8s.io/kustomize/api/filters/replacement and kyaml/yaml/match.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.objects import clone
from cluster_engine.apimachinery.regexp.matching import compile_regexp
from cluster_engine.apimachinery.regexp.syntax import RegexpError
from cluster_engine.apimachinery.yaml_scalars import resolve
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.kustomizing.fields import split_path
from cluster_engine.kubectl.kustomizing.resource import Identity, Resource, ResourceMap
from cluster_engine.kubectl.kustomizing.selecting import has_marks, is_of_kind, matches

_DEFAULT_PATH = "metadata.name"
_INDEX = re.compile(r"[0-9]+", re.ASCII)


def replace_values(found: ResourceMap, replacement: dict[str, Any]) -> None:
    """One replacement. Raises KubectlError."""
    source, fixed = replacement.get("source"), replacement.get("sourceValue")
    targets = replacement.get("targets")
    if (source is None and fixed is None) or targets is None:
        raise KubectlError("replacements must specify a source and at least one target")
    if source is not None and fixed is not None:
        raise KubectlError("value and resource selectors are mutually exclusive")
    value = fixed if source is None else _source_value(found, source)
    for target in targets:
        if target.get("select") is None:
            raise KubectlError("target must specify resources to select")
        for resource in _targets(found, target):
            _write(resource, value, target)


def _source_value(found: ResourceMap, source: dict[str, Any]) -> Any:
    resource = _source(found, source)
    path = str(source.get("fieldPath") or _DEFAULT_PATH)
    value: Any = resource.object
    for part in split_dotted(path):
        value = _looked_up(value, part)
    if value in (None, "", {}, []):
        raise KubectlError(
            f"fieldPath `{path}` is missing for replacement source {_wanted(source).text()}"
        )
    options = source.get("options") or {}
    delimiter = str(options.get("delimiter") or "")
    if not delimiter:
        return value
    if isinstance(value, (dict, list)):
        raise KubectlError("delimiter option can only be used with scalar nodes")
    parts = _scalar(value).split(delimiter)
    index = int(options.get("index") or 0)
    if not 0 <= index < len(parts):
        raise KubectlError(f"options.index {index} is out of bounds for value {_scalar(value)}")
    return parts[index]


def _source(found: ResourceMap, source: dict[str, Any]) -> Resource:
    wanted = _wanted(source)
    fitting = [
        resource
        for resource in found.resources
        if any(_fits(known, wanted) for known in (resource.identity, *resource.previous))
    ]
    if len(fitting) == 1:
        return fitting[0]
    shown = wanted.text() + (f":{source['fieldPath']}" if source.get("fieldPath") else "")
    if fitting:
        raise KubectlError(f"multiple matches for selector {shown}")
    raise KubectlError(f"nothing selected by {shown}")


def _wanted(source: dict[str, Any]) -> Identity:
    words = (str(source.get(field) or "") for field in Identity._fields)
    return Identity(*words)


def _fits(known: Identity, wanted: Identity) -> bool:
    return (
        wanted.name in ("", known.name)
        and (not wanted.namespace or wanted.namespace == known.space)
        and known.is_of(wanted.group, wanted.version, wanted.kind)
    )


def _targets(found: ResourceMap, target: dict[str, Any]) -> Iterator[Resource]:
    select, rejects = target["select"], target.get("reject") or []
    for resource in found.resources:
        if not has_marks(select, resource):
            continue
        if any(_has_marks_to_reject(reject, resource) for reject in rejects):
            continue
        ids = (resource.identity, *resource.previous)
        if any(_rejects(reject, one) for reject in rejects for one in ids):
            continue
        if any(_selects(select, one) for one in ids):
            yield resource


def _has_marks_to_reject(reject: dict[str, Any], resource: Resource) -> bool:
    has_any = reject.get("labelSelector") or reject.get("annotationSelector")
    return bool(has_any) and has_marks(reject, resource)


def _rejects(reject: dict[str, Any], one: Identity) -> bool:
    return any(reject.get(field) for field in Identity._fields) and _selects(reject, one)


def _selects(selector: dict[str, Any], one: Identity) -> bool:
    return (
        is_of_kind(selector, one)
        and matches(selector, "name", one.name)
        and matches(selector, "namespace", one.namespace)
    )


def _write(resource: Resource, value: Any, target: dict[str, Any]) -> None:
    options = target.get("options") or {}
    for path in target.get("fieldPaths") or (_DEFAULT_PATH,):
        creates = bool(options.get("create"))
        places = list(_places(resource.object, split_dotted(str(path)), creates, value))
        if not places:
            what = "find or create" if creates else "find"
            raise KubectlError(f'unable to {what} field "{path}" in replacement target')
        for place in places:
            place.put(_refined(place.value, value, options))


def _refined(old: Any, value: Any, options: dict[str, Any]) -> Any:
    """What is written: all of the value, or the value as one part of what is there."""
    delimiter = str(options.get("delimiter") or "")
    if delimiter:
        if isinstance(old, (dict, list)):
            raise KubectlError("delimiter option can only be used with scalar nodes")
        parts, index = _scalar(old).split(delimiter), int(options.get("index") or 0)
        if index < 0:
            parts.insert(0, _scalar(value))
        elif index >= len(parts):
            parts.append(_scalar(value))
        else:
            parts[index] = _scalar(value)
        value = delimiter.join(parts)
    if isinstance(value, (dict, list)) or isinstance(old, (dict, list)):
        return clone(value)
    return _as_typed(old, value)


def _as_typed(old: Any, value: Any) -> Any:
    """A scalar takes the place of another: text stays text, anything else is read anew."""
    text = _scalar(value)
    return text if isinstance(old, str) else resolve(text, None, is_plain=True)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@dataclass(slots=True)
class _Place:
    """A field of a map, or an item of a list."""

    holder: Any
    key: Any

    @property
    def value(self) -> Any:
        return self.holder[self.key]

    def put(self, value: Any) -> None:
        self.holder[self.key] = value


def _places(value: Any, path: list[str], creates: bool, sample: Any) -> Iterator[_Place]:
    """Where the path leads. Missing fields are made when `creates`."""
    part, rest = path[0], path[1:]
    for place in _steps(value, part, creates, _blank(rest, sample)):
        if not rest:
            yield place
        elif place.value is not None:
            yield from _places(place.value, rest, creates, sample)


def _steps(value: Any, part: str, creates: bool, blank: Any) -> Iterator[_Place]:
    if isinstance(value, list):
        yield from _items(value, part, creates, blank)
    elif isinstance(value, dict):
        if part == "*":
            yield from (_Place(value, key) for key in list(value))
        elif part in value:
            yield _Place(value, part)
        elif creates:
            value[part] = blank
            yield _Place(value, part)


def _items(items: list[Any], part: str, creates: bool, blank: Any) -> Iterator[_Place]:
    if part == "*":
        yield from (_Place(items, place) for place in range(len(items)))
        return
    if _INDEX.fullmatch(part):
        place = int(part)
        if place == len(items) and creates:
            items.append(blank)
        if place >= len(items):
            raise KubectlError(f"index {place} specified but only {len(items)} elements found")
        yield _Place(items, place)
        return
    if not part.startswith("["):
        return
    field, _, pattern = part[1:-1].partition("=")
    found = [place for place, item in enumerate(items) if _is_item(item, field, pattern)]
    if not found and creates:
        items.append({field: pattern} if field else pattern)
        found = [len(items) - 1]
    yield from (_Place(items, place) for place in found)


def _is_item(item: Any, field: str, pattern: str) -> bool:
    if field:
        if not isinstance(item, dict) or item.get(field) is None:
            return False
        item = item[field]
    try:
        return compile_regexp(pattern).matches(_scalar(item))
    except RegexpError as error:
        raise KubectlError(f"error parsing regexp: {error}") from None


def _blank(rest: list[str], sample: Any) -> Any:
    """What a missing part is made as, by what comes behind it."""
    if rest:
        is_list = rest[0].startswith("[") or _INDEX.fullmatch(rest[0]) is not None
        return [] if is_list else {}
    if isinstance(sample, (dict, list)):
        return type(sample)()
    return None


def _looked_up(value: Any, part: str) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if not isinstance(value, list):
        return None
    if _INDEX.fullmatch(part):
        return value[int(part)] if int(part) < len(value) else None
    if part == "-" and value:
        return value[-1]
    field, equals, wanted = part.strip("[]").partition("=")
    if not part.startswith("[") or not equals:
        raise KubectlError(
            f"error looking up replacement source: wrong node kind: expected MappingNode but got "
            f"SequenceNode: node contents:\n{part}"
        )
    for item in value:
        held = item.get(field) if isinstance(item, dict) else item
        if held is not None and _scalar(held) == wanted:
            return item
    return None


def split_dotted(path: str) -> list[str]:
    """ "a.[x=y.z].b" as its parts; brackets keep dots together."""
    joined: list[str] = []
    for part in split_path(path, "."):
        if joined and joined[-1].startswith("[") and not joined[-1].endswith("]"):
            joined[-1] = f"{joined[-1]}.{part}"
        else:
            joined.append(part)
    return [
        part.strip("[]") if part.startswith("[") and "=" not in part else part for part in joined
    ]
