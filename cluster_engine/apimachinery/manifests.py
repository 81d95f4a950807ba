"""Reading manifests: YAML (or JSON) documents to objects, with the place of every key.

Events of libyaml are turned into values one by one, with an explicit stack, so that size, depth,
documents and aliases are bounded before anything grows: an alias bomb costs nothing. A duplicate
key is a problem of its manifest, not the end of it (the last one counts, as for kubectl).

Models: sigs.k8s.io/yaml and k8s.io/apimachinery/pkg/util/yaml (v0.37.2).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from cluster_engine.apimachinery.objects import Object, clone
from cluster_engine.apimachinery.yaml_scalars import ScalarError, key_text, resolve
from cluster_engine.simulation.limits import Limits

Path: TypeAlias = tuple["str | int", ...]
#: Line and column, both from 1.
Position: TypeAlias = tuple[int, int]

#: Values in all documents, aliases counted as often as they are used.
VALUES_MAX = 400_000
_SEPARATOR = re.compile(r"^---(\s|$)", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


class ManifestError(ValueError):
    """The text cannot be read. `line` and `column` count from 1; `message` is for people."""

    def __init__(self, line: int, column: int, message: str, go_line: int = 0) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.column = column
        self.message = message
        self.go_line = go_line

    def upstream_text(self) -> str:
        """As Kubernetes' own YAML reader says it: "yaml: line 3: did not find …"."""
        where = f"line {self.go_line}: " if self.go_line else ""
        return f"yaml: {where}{self.message}"


class LimitError(ManifestError):
    """The text is larger, deeper or more entangled than is accepted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something strange that does not stop the reading."""

    line: int
    column: int
    message: str


@dataclass(slots=True)
class _Place:
    """Where a value begins, and where its members do."""

    position: Position
    members: dict[str | int, _Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One document."""

    object: Object
    start_line: int
    problems: tuple[Problem, ...]
    _places: _Place

    @property
    def positions(self) -> dict[Path, Position]:
        """The place of every key and item by path; made afresh at each call."""
        found: dict[Path, Position] = {}
        waiting: list[tuple[Path, _Place]] = [((), self._places)]
        while waiting:
            path, place = waiting.pop()
            found[path] = place.position
            waiting.extend(((*path, name), inner) for name, inner in place.members.items())
        return found

    def position(self, path: Path) -> Position:
        """The place of what is at `path`, or of the nearest thing around it."""
        place = self._places
        for name in path:
            inner = place.members.get(name)
            if inner is None:
                break
            place = inner
        return place.position


def load_manifests(text: str | bytes, limits: Limits | None = None) -> list[Manifest]:
    """All documents that hold an object; empty ones are skipped. Raises ManifestError."""
    limits = limits or Limits()
    content = _decoded(text, limits)
    found = []
    for document in _read(content, limits):
        if document.value is None:
            continue
        if not isinstance(document.value, dict):
            line, column = document.place.position
            kind = "a list" if isinstance(document.value, list) else "a plain value"
            raise ManifestError(line, column, f"a manifest is a mapping of fields, not {kind}")
        problems = tuple(document.problems)
        line = document.place.position[0]
        found.append(Manifest(document.value, line, problems, document.place))
    return found


def load_value(text: str | bytes, limits: Limits | None = None) -> tuple[Any, tuple[Problem, ...]]:
    """The value of one document, whatever it is (None when empty), and its problems.

    Raises ManifestError.
    """
    limits = limits or Limits()
    documents = _read(_decoded(text, limits), limits)
    if not documents:
        return None, ()
    return documents[0].value, tuple(documents[0].problems)


def _decoded(text: str | bytes, limits: Limits) -> str:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > limits.yaml_bytes_max:
        megabytes = limits.yaml_bytes_max / (1024 * 1024)
        raise LimitError(1, 1, f"the text has {size} bytes; at most {megabytes:g} MiB are accepted")
    if isinstance(text, str):
        content = text
    else:
        try:
            content = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = text.count(b"\n", 0, error.start) + 1
            raise ManifestError(line, 1, "invalid UTF-8: this is no text", line - 1) from None
    strange = _CONTROL.search(content)
    if strange is not None:
        position = strange.start()
        line = content.count("\n", 0, position) + 1
        column = position - content.rfind("\n", 0, position)
        raise ManifestError(line, column, "control characters are not allowed")
    return content.removeprefix("\ufeff")


@dataclass(slots=True)
class _Document:
    """One document as it is read."""

    value: Any = None
    place: _Place = field(default_factory=lambda: _Place((1, 1)))
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A collection that has not ended yet."""

    value: Any
    place: _Place
    anchor: str | None
    size: int = 1
    #: A mapping's key that waits for its value; `has_key` tells whether one does.
    key: Any = None
    has_key: bool = False
    key_position: Position = (1, 1)
    merges: list[Any] = field(default_factory=list)


class _Reader:
    """Turns events into values."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._aliases = 0
        self._values = 0
        self._documents: list[_Document] = []
        self._stack: list[_Open] = []
        #: Value and size of each finished anchor; None while it is open.
        self._anchors: dict[str, tuple[Any, int] | None] = {}

    def read(self, content: str) -> list[_Document]:
        loader = yaml.CLoader(content)
        try:
            while (event := loader.get_event()) is not None:
                self._take(event)
        except yaml.MarkedYAMLError as error:
            raise _marked(error) from None
        except yaml.YAMLError as error:
            raise ManifestError(1, 1, getattr(error, "reason", str(error))) from None
        finally:
            loader.dispose()
        return self._documents

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            if len(self._documents) >= self._limits.yaml_documents_max:
                limit = self._limits.yaml_documents_max
                raise _excess(event, f"more than {limit} documents are not accepted")
            self._documents.append(_Document())
            self._anchors.clear()

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        is_plain = event.style is None or event.style == ""
        try:
            value = resolve(event.value, event.tag, is_plain=is_plain)
        except ScalarError as error:
            raise _problem(event, str(error)) from None
        is_merge = is_plain and event.value == "<<" and event.tag is None
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._add(_MERGE if is_merge and self._awaits_key() else value, _Place(_place(event)), 1)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if len(self._stack) >= self._limits.yaml_depth_max:
            limit = self._limits.yaml_depth_max
            raise _excess(event, f"nested more than {limit} levels deep")
        if self._awaits_key():
            raise _problem(event, "invalid map key: a key must be a plain value")
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        if event.anchor:
            self._anchors[event.anchor] = None
        self._stack.append(_Open(value, _Place(_place(event)), event.anchor))

    def _close(self) -> None:
        done = self._stack.pop()
        for merged in reversed(done.merges):
            for name, value in merged.items():
                done.value.setdefault(name, value)
        if done.anchor:
            self._anchors[done.anchor] = (done.value, done.size)
        self._add(done.value, done.place, done.size)

    def _alias(self, event: yaml.AliasEvent) -> None:
        if event.anchor not in self._anchors:
            raise _problem(event, f"unknown anchor '{event.anchor}' referenced")
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise _problem(event, f"anchor '{event.anchor}' value contains itself")
        self._aliases += 1
        if self._aliases > self._limits.yaml_aliases_max:
            limit = self._limits.yaml_aliases_max
            raise _excess(event, f"more than {limit} aliases are not accepted")
        value, size = anchored
        self._count(event, size)
        shared = isinstance(value, (dict, list))
        self._add(clone(value) if shared else value, _Place(_place(event)), size)

    def _add(self, value: Any, place: _Place, size: int) -> None:
        """Put a finished value where it belongs."""
        self._values += 1
        if self._values > VALUES_MAX:
            raise LimitError(*place.position, f"more than {VALUES_MAX} values are not accepted")
        if not self._stack:
            document = self._documents[-1]
            document.value, document.place = value, place
            return
        holder = self._stack[-1]
        holder.size += size
        if isinstance(holder.value, list):
            holder.place.members[len(holder.value)] = place
            holder.value.append(value)
        elif holder.has_key:
            self._add_member(holder, value, place)
        else:
            self._add_key(holder, value, place)

    def _add_key(self, holder: _Open, key: Any, place: _Place) -> None:
        if key is not _MERGE:
            try:
                key = key_text(key)
            except ScalarError as error:
                raise ManifestError(*place.position, str(error)) from None
        holder.key, holder.has_key, holder.key_position = key, True, place.position

    def _add_member(self, holder: _Open, value: Any, place: _Place) -> None:
        key, holder.has_key = holder.key, False
        if key is _MERGE:
            merged = value if isinstance(value, list) else [value]
            if not all(isinstance(item, dict) for item in merged):
                raise ManifestError(*place.position, "map merge requires map or sequence of maps")
            # Of several, the first given counts.
            holder.merges = [*reversed(merged), *holder.merges]
            return
        if key in holder.value:
            line, column = holder.key_position
            message = f"key {json.dumps(key, ensure_ascii=False)} already set in map"
            self._documents[-1].problems.append(Problem(line, column, message))
        holder.value[key] = value
        holder.place.members[key] = _Place(holder.key_position, place.members)

    def _awaits_key(self) -> bool:
        if not self._stack:
            return False
        holder = self._stack[-1]
        return isinstance(holder.value, dict) and not holder.has_key

    def _count(self, event: Any, size: int) -> None:
        self._values += size
        if self._values > VALUES_MAX:
            raise _excess(event, "document contains excessive aliasing")


class _Merge:
    """Stands for the key `<<`."""


_MERGE = _Merge()


def _place(event: Any) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _problem(event: Any, message: str) -> ManifestError:
    line, column = _place(event)
    return ManifestError(line, column, message, line)


def _excess(event: Any, message: str) -> LimitError:
    line, column = _place(event)
    return LimitError(line, column, message, line)


def _marked(error: yaml.MarkedYAMLError) -> ManifestError:
    mark, context = error.problem_mark, error.context_mark
    line = 0 if mark is None else mark.line
    go_line = line
    if line and isinstance(error, yaml.scanner.ScannerError):
        go_line += 1
    elif not line and context is not None:
        go_line = context.line
    column = 0 if mark is None else mark.column
    return ManifestError(line + 1, column + 1, error.problem or "malformed YAML", go_line)


def _read(content: str, limits: Limits) -> list[_Document]:
    """YAML, or JSON objects one after the other; their places come from reading them as YAML,
    where that works."""
    if content.lstrip()[:1] != "{" or _SEPARATOR.search(content):
        return _Reader(limits).read(content)
    try:
        documents = _read_json(content)
    except (ValueError, RecursionError):
        return _Reader(limits).read(content)
    try:
        read = _Reader(limits).read(content)
    except LimitError:
        raise
    except ManifestError:
        return documents
    if len(read) == len(documents):
        for document, other in zip(documents, read, strict=True):
            document.place, document.problems = other.place, other.problems
    return documents


def _read_json(content: str) -> list[_Document]:
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    documents: list[_Document] = []
    position = 0
    while content[position:].strip():
        start = len(content) - len(content[position:].lstrip())
        value, position = decoder.raw_decode(content, start)
        line = content.count("\n", 0, start) + 1
        column = start - content.rfind("\n", 0, start)
        documents.append(_Document(value, _Place((line, column))))
    return documents


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
