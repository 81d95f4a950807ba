"""What is wrong with a lesson: the file, the line, the field, and what would be accepted."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. `field` is a path such as `steps[2].checks[0].where`, or empty."""

    file: str
    line: int
    field: str
    message: str

    def text(self) -> str:
        """As a compiler would print it."""
        where = f"{self.field}: " if self.field else ""
        return f"{self.file}:{self.line}: {where}{self.message}"


@dataclass(slots=True)
class Report:
    """The problems of one lesson, collected while it is read."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, file: str, line: int, field: str, message: str) -> None:
        """One more."""
        self.problems.append(Problem(file, line, field, message))
