"""Published solutions: scripts of console commands, a section per step, run by the tests.

`solution/<name>.sh` is a way that must pass; `solution/wrong-<name>.sh` one whose last step must
not. A line `# step: <id>` begins the commands of a step. A `#!` line or another comment is skipped.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from playground.lessons.format.lesson import Solution, StepKind
from playground.lessons.format.problems import Report

if TYPE_CHECKING:
    from playground.lessons.format.lesson import Lesson

_STEP = re.compile(r"#\s*step:\s*(\S+)")
_WRONG = "wrong-"


def read_solutions(folder: Path, lesson: Lesson, report: Report) -> tuple[Solution, ...]:
    """All of them, by name."""
    found = [
        _solution(path, lesson, report)
        for path in sorted(folder.glob("*.sh") if folder.is_dir() else [])
    ]
    tasks = [step.id for step in lesson.steps if step.kind is StepKind.TASK]
    whole = [
        one
        for one in found
        if not one.is_wrong and {step for step, _ in one.parts}.issuperset(tasks)
    ]
    if not whole:
        report.add(str(folder), 1, "", f"no solution goes through all tasks: {', '.join(tasks)}")
    return tuple(found)


def _solution(path: Path, lesson: Lesson, report: Report) -> Solution:
    parts: list[tuple[str, list[str]]] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        named = _STEP.fullmatch(line.strip())
        if named is not None:
            if lesson.index(named[1]) < 0:
                report.add(str(path), number, "", f"there is no step {named[1]!r}")
            parts.append((named[1], []))
        elif parts:
            parts[-1][1].append(line)
        elif line.strip() and not line.startswith("#"):
            report.add(str(path), number, "", "commands before the first `# step: <id>`")
    if not parts:
        report.add(str(path), 1, "", "has no `# step: <id>` line")
    return Solution(
        name=path.stem,
        parts=tuple((step, tuple(lines)) for step, lines in parts),
        is_wrong=path.stem.startswith(_WRONG),
    )
