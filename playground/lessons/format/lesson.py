"""A lesson as a value. `reading` makes them, everything else only looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from playground.lessons.checks.check import Check

#: Of lesson.yaml; raised when a key is taken away or changes its meaning.
FORMAT = 1


class StepKind(StrEnum):
    """What makes a step pass. A new kind is a word here, and a rule in `steps` and `tracking`."""

    #: Its checks hold.
    TASK = "task"
    #: The reader goes on.
    READ = "read"
    #: The right answer was chosen.
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to choose. `html` is what is offered, `because` is shown once it was chosen."""

    html: str
    is_right: bool
    because: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `html` is its text, each hint is HTML too."""

    id: str
    title: str
    kind: StepKind
    html: str
    hints: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    answers: tuple[Answer, ...] = ()
    #: Its checks must still hold for a later step to pass.
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that is broken on purpose before the learner comes in."""

    fault: str
    #: A node's name or `namespace/name` of a pod; empty: where most is.
    target: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """How the cluster of a lesson begins."""

    nodes: int | None = None
    speed: str = ""
    seed: int | None = None
    #: Virtual time that passes before the learner comes in.
    settle_seconds: int = 0
    #: Once it has come to rest.
    faults: tuple[Broken, ...] = ()
    #: Manifests that are applied, and files that are put into the console's home: name and text.
    manifests: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """A published way through a step or several: console commands, by step id in order."""

    name: str
    #: (step id, lines) in the order of the file.
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    #: Whether it is a wrong way: after its lines the step it ends with must not have passed.
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson."""

    slug: str
    title: str
    summary: str
    minutes: int
    order: int
    learn: tuple[str, ...]
    requires: tuple[str, ...]
    start: Start
    steps: tuple[Step, ...]
    intro: str = ""
    closing: str = ""
    solutions: tuple[Solution, ...] = field(default=(), compare=False)
    #: Of all its files; a run that was begun with another version goes on with this one.
    version: str = ""

    def index(self, step_id: str) -> int:
        """Where a step stands; -1 for one that is not there."""
        for number, step in enumerate(self.steps):
            if step.id == step_id:
                return number
        return -1
