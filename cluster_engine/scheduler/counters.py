"""How many pods of each node answer a question such as "app=web in namespace shop?".

Spreading and affinity ask the same few questions for pod after pod. An answer is an array with one
number per row of the node table; once asked, it is kept up to date pod by pod.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cluster_engine.apimachinery.selectors import Selector
from cluster_engine.scheduler.affinity import AffinityTerm
from cluster_engine.scheduler.pods import PodInfo

IntRow: TypeAlias = NDArray[np.int64]
BoolRow: TypeAlias = NDArray[np.bool_]

#: Questions kept up to date; the one not asked for longest goes first.
QUESTIONS_MAX = 64
#: Distinct pod labels for which it is known which questions they answer.
_KNOWN_LABELS_MAX = 4096

_Labels: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class PodQuestion:
    """Pods that answer all conditions: in one of these namespaces (None: any), with such labels."""

    conditions: tuple[tuple[frozenset[str] | None, Selector], ...]
    #: Pods that are being deleted do not count.
    skips_terminating: bool = False

    def answers(self, namespace: str, labels: Mapping[str, str]) -> bool:
        """Whether a pod counts, whether or not it is being deleted."""
        return all(
            (namespaces is None or namespace in namespaces) and selector.matches(labels)
            for namespaces, selector in self.conditions
        )


def terms_question(terms: Iterable[AffinityTerm]) -> PodQuestion:
    """Pods that all (resolved) affinity terms speak of."""
    return PodQuestion(
        tuple(
            (None if t.namespace_selector.is_everything else t.namespaces, t.selector)
            for t in terms
        )
    )


class PodCounters:
    """The questions asked and their answers. Rows are those of the node table."""

    def __init__(self) -> None:
        self._answers: dict[PodQuestion, IntRow] = {}
        self._known: dict[_Labels, tuple[list[IntRow], list[IntRow]]] = {}

    def clear(self) -> None:
        """Forget all answers: the rows have changed."""
        self._answers.clear()
        self._known.clear()

    def counts(
        self, question: PodQuestion, rows: int, pods: Iterable[tuple[int, PodInfo]]
    ) -> IntRow:
        """The answer by row; it is the caller's to read. `pods` is read when it is asked anew."""
        answer = self._answers.pop(question, None)
        if answer is None:
            answer = self._first_answer(question, rows, pods)
            self._known.clear()
            if len(self._answers) >= QUESTIONS_MAX:
                del self._answers[next(iter(self._answers))]
        self._answers[question] = answer
        return answer

    def change(self, row: int, info: PodInfo, by: int) -> None:
        """A pod has come to that row (`by` 1) or left it (-1)."""
        if not self._answers:
            return
        known = (info.namespace, info.labels_key)
        answered = self._known.get(known)
        if answered is None:
            answered = self._learn(known, info)
        always, unless_terminating = answered
        for answer in always:
            answer[row] += by
        if not info.is_terminating:
            for answer in unless_terminating:
                answer[row] += by

    def _first_answer(
        self, question: PodQuestion, rows: int, pods: Iterable[tuple[int, PodInfo]]
    ) -> IntRow:
        answer = np.zeros(rows, np.int64)
        for row, info in pods:
            if question.skips_terminating and info.is_terminating:
                continue
            if question.answers(info.namespace, info.labels):
                answer[row] += 1
        return answer

    def _learn(self, known: _Labels, info: PodInfo) -> tuple[list[IntRow], list[IntRow]]:
        always: list[IntRow] = []
        unless_terminating: list[IntRow] = []
        for question, answer in self._answers.items():
            if question.answers(info.namespace, info.labels):
                (unless_terminating if question.skips_terminating else always).append(answer)
        if len(self._known) >= _KNOWN_LABELS_MAX:
            self._known.clear()
        self._known[known] = (always, unless_terminating)
        return always, unless_terminating
