"""One thing worth saying about a manifest, at its place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much it matters; `OFF` is a rule that is not asked. Worst first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Finding:
    """Lines and columns count from 1, documents from 0; `path` is within the object."""

    rule: str
    severity: Severity
    document: int
    line: int
    column: int
    path: str
    message: str
    fix: str = ""
    title: str = ""
    category: str = ""
    reference: str = ""

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "rule": self.rule,
            "title": self.title,
            "category": self.category,
            "severity": self.severity.value,
            "document": self.document,
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "message": self.message,
            "fix": self.fix,
            "reference": self.reference,
        }

    @property
    def order(self) -> tuple[int, int, int, str]:
        """Down the text, the worst first at one place."""
        return self.line, list(Severity).index(self.severity), self.column, self.rule
