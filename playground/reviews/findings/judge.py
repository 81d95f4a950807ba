"""The findings of a text: reads it, asks every rule that is on, puts each finding in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cluster_engine.simulation.limits import Limits
from playground.lab_sessions.manifests.documents import Document, Problem, read
from playground.lab_sessions.manifests.fields import field_problems, shown
from playground.reviews.findings.checks.registry import (
    CONTAINER_CHECKS,
    OBJECT_CHECKS,
    POD_CHECKS,
    TEXT_CHECKS,
)
from playground.reviews.findings.finding import Finding, Severity
from playground.reviews.findings.rules import Catalogue, Rule, catalogue
from playground.reviews.findings.subjects import Spot, Text

#: More than that nobody reads.
FINDINGS_MAX = 1000
#: One rule says one thing at most that often.
FINDINGS_PER_RULE_MAX = 100
_READING = (
    ("already set in map", "duplicate-key"),
    ("unknown field", "unknown-field"),
    ("is missing", "incomplete-object"),
    ("but must be", "wrong-type"),
)
_UNREADABLE, _REFUSED, _WARNED = "unreadable", "refused", "cluster-warning"


def findings_of(
    text: str,
    *,
    answers: Sequence[Problem] = (),
    rules: Catalogue | None = None,
    limits: Limits | None = None,
) -> list[Finding]:
    """Everything worth saying about a text, down its lines.

    `answers` is what the cluster's dry run minded (`manifests.actions.perform` with `CHECK`); what
    was found without it is not repeated.
    """
    judge = _Judge(rules or catalogue())
    reading = read(text, limits or Limits())
    problems = list(reading.problems)
    for document in reading.documents:
        problems += field_problems(document)
    judge.problems(problems, reading.documents, is_unreadable=not reading.documents)
    judge.answers(answers, reading.documents)
    judge.objects(Text(reading.documents))
    return sorted(judge.found, key=lambda finding: finding.order)[:FINDINGS_MAX]


class _Judge:
    """Collects findings."""

    def __init__(self, rules: Catalogue) -> None:
        self._rules = {
            name: rule for name, rule in rules.rules.items() if rule.severity is not Severity.OFF
        }
        self._counts: dict[str, int] = {}
        self._places: set[tuple[int, int]] = set()
        self.found: list[Finding] = []

    def problems(
        self, problems: Iterable[Problem], documents: list[Document], *, is_unreadable: bool
    ) -> None:
        """What reading the text and the published schemas minded."""
        for problem in problems:
            known = (name for part, name in _READING if part in problem.message)
            fallback = _UNREADABLE if is_unreadable else "wrong-type"
            self._add_problem(next(known, fallback), problem, documents)

    def answers(self, problems: Iterable[Problem], documents: list[Document]) -> None:
        """What the cluster minded."""
        for problem in problems:
            if (problem.line, problem.column) in self._places:
                continue
            is_warning = problem.severity == "warning"
            self._add_problem(_WARNED if is_warning else _REFUSED, problem, documents)

    def objects(self, text: Text) -> None:
        """What the predicates find."""
        for name, on_text in TEXT_CHECKS.items():
            if name in self._rules:
                self._add(name, on_text(text))
        for subject in text.subjects:
            for name, on_object in OBJECT_CHECKS.items():
                if name in self._rules:
                    self._add(name, on_object(subject))
            if subject.pod is None:
                continue
            for name, on_pod in POD_CHECKS.items():
                if name in self._rules:
                    self._add(name, on_pod(subject.pod))
            for name, on_container in CONTAINER_CHECKS.items():
                if name in self._rules:
                    for container in subject.pod.containers:
                        self._add(name, on_container(container))

    def _add(self, name: str, spots: Iterator[Spot]) -> None:
        for spot in spots:
            line, column = spot.document.manifest.position((*spot.document.base, *spot.path))
            self._note(
                self._rules[name],
                spot.document.index,
                (line, column),
                shown(spot.path),
                spot.words,
            )

    def _add_problem(self, name: str, problem: Problem, documents: list[Document]) -> None:
        self._places.add((problem.line, problem.column))
        if name not in self._rules:
            return
        within = [one.index for one in documents if one.line <= problem.line]
        words = {"problem": problem.message}
        place = problem.line, problem.column
        self._note(self._rules[name], within[-1] if within else 0, place, "", words)

    def _note(
        self,
        rule: Rule,
        document: int,
        place: tuple[int, int],
        path: str,
        words: Mapping[str, str],
    ) -> None:
        count = self._counts[rule.id] = self._counts.get(rule.id, 0) + 1
        if count > FINDINGS_PER_RULE_MAX:
            return
        self.found.append(
            Finding(
                rule=rule.id,
                severity=rule.severity,
                document=document,
                line=place[0],
                column=place[1],
                path=path,
                message=rule.message.format_map(words),
                fix=rule.fix.format_map(words),
                title=rule.title,
                category=rule.category,
                reference=rule.reference,
            )
        )
