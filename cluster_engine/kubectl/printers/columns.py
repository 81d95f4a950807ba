"""Columns of the caller's choice: `-o custom-columns=NAME:.metadata.name,…`.

Models: k8s.io/kubectl/pkg/cmd/get/customcolumn.go (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery import jsonpath
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.printers.tabs import TabWriter


@dataclass(slots=True)
class ColumnsPrinter:
    """Headers and paths; the headers come once."""

    columns: list[tuple[str, str]]
    has_headers: bool = True
    printed_headers: bool = False
    tabs: TabWriter = field(default_factory=lambda: TabWriter(remembers=True))

    def print(self, obj: Object) -> str:
        """The aligned rows of an object, or of all items of a list."""
        if self.has_headers and not self.printed_headers:
            self.tabs.line(*(header for header, _ in self.columns))
            self.printed_headers = True
        items = obj["items"] if isinstance(obj.get("items"), list) else [obj]
        templates = [jsonpath.parse(path) for _, path in self.columns]
        for item in items:
            self.tabs.line(*(_cell(template, item) for template in templates))
        return self.tabs.flush()


def from_spec(text: str, *, has_headers: bool = True) -> ColumnsPrinter:
    """Of "HEADER:path,HEADER:path". Raises KubectlError."""
    if not text:
        raise KubectlError("custom-columns format specified but no custom columns given")
    columns = []
    for part in text.split(","):
        header, colon, path = part.partition(":")
        if not colon:
            raise KubectlError(
                f"unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"
            )
        columns.append((header, _relaxed(path)))
    return ColumnsPrinter(columns, has_headers)


def from_template(text: str) -> ColumnsPrinter:
    """Of a file: a line of headers, a line of paths. Raises KubectlError."""
    lines = text.split("\n")
    headers = lines[0].split()
    paths = lines[1].split() if len(lines) > 1 else []
    if not paths:
        raise KubectlError(
            "invalid template, missing spec line. Expected format is one line of space separated "
            "headers, one line of space separated column specs."
        )
    if len(headers) != len(paths):
        raise KubectlError(
            f"number of headers ({len(headers)}) and field specifications ({len(paths)}) don't "
            "match"
        )
    return ColumnsPrinter([(h, _relaxed(p)) for h, p in zip(headers, paths, strict=True)])


def _relaxed(path: str) -> str:
    try:
        return jsonpath.relaxed(path)
    except jsonpath.JsonPathError as error:
        raise KubectlError(str(error)) from None


def _cell(template: list[Any], obj: Object) -> str:
    try:
        found = jsonpath.find(template, obj)
    except jsonpath.JsonPathError as error:
        raise KubectlError(str(error)) from None
    texts = [jsonpath.go_text(value) for values in found for value in values]
    if not found or not found[0]:
        texts.insert(0, "<none>")
    return ",".join(texts)
