"""Text to documents: each object with its place, and the problems found while reading. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.manifests import (
    Manifest,
    ManifestError,
    Path,
    load_manifests,
)
from cluster_engine.simulation.limits import Limits

_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place of the text; lines and columns count from 1."""

    line: int
    column: int
    message: str
    severity: str = "error"

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "severity": self.severity,
        }


@dataclass(frozen=True, slots=True)
class Document:
    """One object of the text. `base` is its path when it stands in a List."""

    index: int
    object: dict[str, Any]
    manifest: Manifest
    base: Path = ()

    @property
    def line(self) -> int:
        """Where it begins."""
        return self.manifest.position(self.base)[0] if self.base else self.manifest.start_line

    @property
    def api_version(self) -> str:
        return str(self.object.get("apiVersion", ""))

    @property
    def kind(self) -> str:
        return str(self.object.get("kind", ""))

    @property
    def name(self) -> str:
        return str(_metadata(self.object).get("name") or "")

    @property
    def namespace(self) -> str:
        return str(_metadata(self.object).get("namespace") or "")

    def problem(self, path: Path, message: str, severity: str = "error") -> Problem:
        """A problem at a path of the object, or at the nearest thing that is written down."""
        line, column = self.manifest.position((*self.base, *path))
        return Problem(line, column, message, severity)


@dataclass(slots=True)
class Reading:
    """What a text holds."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(text: str, limits: Limits) -> Reading:
    """All documents of a text, with what is wrong before a cluster is asked."""
    reading = Reading()
    try:
        manifests = load_manifests(text, limits)
    except ManifestError as error:
        reading.problems.append(Problem(error.line, error.column, error.message))
        return reading
    for manifest in manifests:
        reading.problems += [
            Problem(one.line, one.column, one.message) for one in manifest.problems
        ]
        for base, obj in _objects(manifest):
            document = Document(len(reading.documents), obj, manifest, base)
            reading.documents.append(document)
            reading.problems += _basic_problems(document)
    if len(reading.documents) > limits.yaml_documents_max:
        message = f"{len(reading.documents)} objects: at most {limits.yaml_documents_max}"
        reading.problems.append(Problem(1, 1, message))
    return reading


def _objects(manifest: Manifest) -> list[tuple[Path, dict[str, Any]]]:
    """The object itself, or the items of a List."""
    obj = manifest.object
    items = obj.get("items")
    if obj.get("kind") != "List" or obj.get("apiVersion") != "v1" or not isinstance(items, list):
        return [((), obj)]
    return [
        (("items", index), item if isinstance(item, dict) else {})
        for index, item in enumerate(items)
    ]


def _basic_problems(document: Document) -> list[Problem]:
    problems = []
    for name in ("apiVersion", "kind"):
        value = document.object.get(name)
        if not isinstance(value, str) or not value:
            problems.append(document.problem((name,), f"{name} is missing: every object needs one"))
    metadata = document.object.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        problems.append(document.problem(("metadata",), "metadata must be a mapping of fields"))
    elif not document.name and not _metadata(document.object).get("generateName"):
        message = "metadata.name is missing: every object needs a name"
        problems.append(document.problem(("metadata",), message))
    elif not isinstance(_metadata(document.object).get("name", ""), str):
        shown = _metadata(document.object)["name"]
        message = f"metadata.name is {shown!r}: it must be a text, put it in quotes"
        problems.append(document.problem(("metadata", "name"), message))
    return problems


def _metadata(obj: dict[str, Any]) -> dict[str, Any]:
    metadata = obj.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def field_path(text: str) -> Path:
    """A path as the API writes it, "spec.containers[0].image", as steps."""
    steps: list[str | int] = []
    for match in _STEP.finditer(text):
        name, key = match.groups()
        if name is not None:
            steps.append(name)
        elif key.isdigit():
            steps.append(int(key))
        else:
            steps.append(key.strip("\"'"))
    return tuple(steps)
