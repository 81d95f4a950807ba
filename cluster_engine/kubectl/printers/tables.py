"""Tables as the server sends them, printed as rows.

Models: k8s.io/cli-runtime/pkg/printers/tableprinter.go (v0.37.2).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import human_duration, parse_rfc3339
from cluster_engine.kubectl.printers.tabs import TabWriter


@dataclass(slots=True)
class TablePrinter:
    """Prints tables one after the other; the header comes once. Plain data, so that a watch can
    keep it between steps."""

    is_wide: bool = False
    has_headers: bool = True
    shows_labels: bool = False
    shows_namespace: bool = False
    shows_event: bool = False
    label_columns: list[str] = field(default_factory=list)
    #: Stands before names when several kinds are shown: "pod".
    kind_prefix: str = ""
    columns: list[Object] = field(default_factory=list)
    printed_headers: bool = False
    tabs: TabWriter = field(default_factory=lambda: TabWriter(remembers=True))

    def print(self, table: Object, now_ms: int, event: str = "") -> str:
        """The aligned text of a table, or of another object shown by name and age."""
        if table.get("kind") != "Table":
            table = _as_table(table, now_ms)
        definitions = table.get("columnDefinitions") or self.columns
        if definitions != self.columns:
            self.columns = definitions
            self.printed_headers = False
        rows = table.get("rows") or []
        shown = [
            (place, column)
            for place, column in enumerate(definitions)
            if self.is_wide or not column.get("priority")
        ]
        if rows and self.has_headers and not self.printed_headers:
            self.tabs.line(*self._headers([column["name"] for _, column in shown]))
            self.printed_headers = True
        for row in rows:
            cells = [_cell(row["cells"][place]) for place, _ in shown if place < len(row["cells"])]
            names = [
                place for place, (_, column) in enumerate(shown) if column.get("format") == "name"
            ]
            self.tabs.line(*self._row(row, cells, names, event))
        return self.tabs.flush()

    def _headers(self, names: list[str]) -> list[str]:
        before = ["EVENT"] if self.shows_event else []
        if self.shows_namespace:
            before.append("NAMESPACE")
        after = [_label_header(name) for name in self.label_columns]
        if self.shows_labels:
            after.append("LABELS")
        return [*before, *(name.upper() for name in names), *after]

    def _row(self, row: Object, cells: list[str], names: list[int], event: str) -> list[str]:
        metadata = (row.get("object") or {}).get("metadata") or {}
        if self.kind_prefix:
            for place in names[:1]:
                cells[place] = f"{self.kind_prefix}/{cells[place]}"
        before = [event.ljust(10)] if self.shows_event else []
        if self.shows_namespace:
            before.append(metadata.get("namespace", ""))
        labels = metadata.get("labels") or {}
        after = [labels.get(name, "") for name in self.label_columns]
        if self.shows_labels:
            after.append(label_text(labels))
        return [*before, *cells, *after]


def label_text(labels: dict[str, str] | None) -> str:
    """Labels as "a=b,c=d", "<none>" without any."""
    return ",".join(f"{k}={v}" for k, v in sorted((labels or {}).items())) or "<none>"


def age_of(created: Any, now_ms: int) -> str:
    """The age column; "<unknown>" without a time."""
    if not created:
        return "<unknown>"
    return human_duration((now_ms - parse_rfc3339(created)) // 1000)


def _label_header(name: str) -> str:
    return name.rsplit("/", 1)[-1].upper()


def _cell(value: Any) -> str:
    """A cell's text up to its first line break."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else _shown(value)
    for place, letter in enumerate(text):
        if letter in "\f\n\r":
            text = text[:place] + "..."
            break
    return text.replace("\t", " ").replace("\x1b", "^[")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else json.dumps(value)


def _as_table(obj: Object, now_ms: int) -> Object:
    items = obj["items"] if isinstance(obj.get("items"), list) else [obj]
    rows = []
    for item in items:
        metadata = item.get("metadata") or {}
        age = age_of(metadata.get("creationTimestamp"), now_ms)
        rows.append({"cells": [metadata.get("name", ""), age], "object": item})
    columns = [{"name": "Name", "type": "string", "format": "name"}, {"name": "Age"}]
    return {"kind": "Table", "columnDefinitions": columns, "rows": rows}
