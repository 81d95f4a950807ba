"""The page a description is written on: indented lines whose tab-separated cells are aligned.

Models: k8s.io/kubectl/pkg/describe/describe.go PrefixWriter and its printing functions (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.describe.words import timestamp
from cluster_engine.kubectl.printers.tabs import TabWriter

NONE = "<none>"
UNSET = "<unset>"
_LINE_LENGTH_MAX = 140
_SKIPPED_ANNOTATIONS = ("kubectl.kubernetes.io/last-applied-configuration",)
_INDENT = "  "


class Page:
    """Takes lines in order. `level` counts indents of two blanks. Unless it `is_aligned`, tabs
    stay tabs."""

    def __init__(self, *, is_aligned: bool = True) -> None:
        self._tabs = TabWriter(minimum=0, padding=2)
        self._is_aligned = is_aligned
        self._done: list[str] = []

    def write(self, text: str) -> None:
        """Write as it is, apart from what could lead a terminal astray."""
        text = text.replace("\x1b", "^[").replace("\r", "\\r")
        if self._is_aligned:
            self._tabs.write(text)
        else:
            self._done.append(text)

    def line(self, text: str = "", level: int = 0) -> None:
        self.write(f"{_INDENT * level}{text}\n")

    def row(self, *cells: Any, level: int = 0) -> None:
        """A line of cells."""
        self.line("\t".join(str(cell) for cell in cells), level)

    def field(self, name: str, value: Any, level: int = 0) -> None:
        """ "Name:  value"."""
        self.line(f"{name}:\t{value}", level)

    def optional(self, name: str, value: Any, level: int = 0) -> None:
        """The same, left out without a value."""
        if value is not None and value != "":
            self.field(name, value, level)

    def heading(self, *names: str, level: int = 1, dashes: Sequence[int] = ()) -> None:
        """Names of columns, underlined; `dashes` where a line is not as long as its name."""
        self.row(*names, level=level)
        lengths = dashes or [len(name) for name in names]
        self.row(*("-" * length for length in lengths), level=level)

    def multiline(self, title: str, lines: Sequence[str], indent: str = "", level: int = 0) -> None:
        """A title with its lines in the column beside it; at a deeper level they are indented,
        too, as upstream has it."""
        deep = _INDENT * level
        for place, text in enumerate(lines or (NONE,)):
            self.line(f"{deep}{indent}{'' if place else f'{title}:'}\t{deep}{text}")

    def labels(
        self,
        labels: Mapping[str, str] | None,
        title: str = "Labels",
        indent: str = "",
        level: int = 0,
    ) -> None:
        lines = [f"{k}={v}" for k, v in sorted((labels or {}).items())]
        self.multiline(title, lines, indent, level)

    def annotations(
        self,
        annotations: Mapping[str, str] | None,
        title: str = "Annotations",
        indent: str = "",
        level: int = 0,
    ) -> None:
        """Long ones stand below their name; what kubectl noted for itself is left out."""
        lines: list[str] = []
        for key, value in sorted((annotations or {}).items()):
            if key in _SKIPPED_ANNOTATIONS:
                continue
            value = value.removesuffix("\n")
            if len(value) + len(key) + 2 > _LINE_LENGTH_MAX or "\n" in value:
                lines.append(f"{key}:")
                lines.extend(
                    f"  {_shortened(text, _LINE_LENGTH_MAX - 2)}" for text in value.split("\n")
                )
            else:
                lines.append(f"{key}: {value}")
        self.multiline(title, lines, indent, level)

    def head(self, obj: Object, *, has_namespace: bool = True) -> None:
        """Name, namespace, labels and annotations."""
        metadata = obj["metadata"]
        self.field("Name", metadata.get("name", ""))
        if has_namespace:
            self.field("Namespace", metadata.get("namespace", ""))
        self.labels(metadata.get("labels"))
        self.annotations(metadata.get("annotations"))

    def created(self, obj: Object) -> None:
        self.field("CreationTimestamp", timestamp(obj["metadata"].get("creationTimestamp")))

    def conditions(self, conditions: Iterable[Object] | None) -> None:
        """Type, status and reason of each."""
        listed = list(conditions or ())
        if not listed:
            return
        self.line("Conditions:")
        self.heading("Type", "Status", "Reason")
        for condition in listed:
            self.row(
                f"{condition.get('type', '')} ",
                condition.get("status", ""),
                condition.get("reason", ""),
                level=1,
            )

    def section(self) -> None:
        """What follows is aligned for itself."""
        self._done.append(self._tabs.flush())

    def text(self) -> str:
        """All that has been written."""
        self.section()
        return "".join(self._done)


def _shortened(text: str, length_max: int) -> str:
    return f"{text[:length_max]}..." if len(text) > length_max else text
