"""Why each pod is where it is, or nowhere: the last attempts, kept small, told in full when asked.

Kept are arrays and references into shared tuples; names and texts are put together on reading.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339_micro
from cluster_engine.scheduler.counters import IntRow
from cluster_engine.scheduler.cycle import Outcome
from cluster_engine.scheduler.framework import Scores

SCHEDULED, FAILED, GATED = "scheduled", "unschedulable", "gated"
#: How many decisions the projection can ask for, and how many nodes each of them names.
DECISIONS_MAX = 50
NODES_PER_DECISION_MAX = 64

#: One number for all, or one per node in the smallest type that holds them.
_Small: TypeAlias = "int | NDArray[Any]"


@dataclass(frozen=True, slots=True)
class KeptScores:
    """What one plugin thought of the feasible nodes."""

    plugin: str
    weight: int
    raw: _Small
    normalized: _Small


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, compact. Rows are positions in `names`."""

    time_ms: int
    result: str
    node: str | None
    message: str
    names: tuple[str, ...] = ()
    #: All filters in order; a rejected node passed those before the one that rejected it.
    filters: tuple[str, ...] = ()
    #: (plugin, reasons) by answer number, and the answer per row (None: all passed).
    answers: tuple[tuple[str, str], ...] = ()
    codes: _Small | None = None
    #: What holds for rows without an answer that are not feasible: (plugin, reason).
    absent: tuple[str, str] | None = None
    #: Feasible rows in order; None: all of them.
    feasible: NDArray[Any] | None = None
    scores: tuple[KeptScores, ...] = ()
    tie: tuple[int, ...] = ()
    victims: tuple[str, ...] = ()


class Explanations:
    """The attempts of each pod by uid, and the newest decisions of all."""

    def __init__(self, attempts_kept: int) -> None:
        self._attempts_kept = attempts_kept
        self._attempts: dict[str, tuple[Attempt, ...]] = {}
        self._decisions: deque[tuple[int, str, Attempt]] = deque(maxlen=DECISIONS_MAX)
        self._cursor = 0
        #: Attempts of a cluster that came from a file, by uid, as they were told.
        self._told: dict[str, list[Object]] = {}

    def record(self, uid: str, key: str, attempt: Attempt) -> None:
        """Keep an attempt for the pod with that uid and key."""
        held = self._attempts.get(uid, ())
        self._attempts[uid] = (*held, attempt)[-self._attempts_kept :]
        self._cursor += 1
        self._decisions.append((self._cursor, key, attempt))

    def forget(self, uid: str) -> None:
        """The pod is gone."""
        self._attempts.pop(uid, None)
        self._told.pop(uid, None)

    def of(self, uid: str) -> list[Object]:
        """All that is kept of a pod, oldest first."""
        own = [describe(attempt) for attempt in self._attempts.get(uid, ())]
        return [*self._told.get(uid, ()), *own][-self._attempts_kept :]

    def uids(self) -> list[str]:
        """The pods of which something is kept, the latest first."""
        return list(dict.fromkeys((*reversed(self._attempts), *reversed(self._told))))

    def take(self, told: dict[str, list[Object]]) -> None:
        """Take over what `of` said of another cluster's pods, by uid."""
        self._told = told

    def decisions_since(self, cursor: int) -> tuple[int, list[Object]]:
        """The newest decisions after `cursor`, oldest first, and the cursor after them."""
        newer = [(key, attempt) for at, key, attempt in self._decisions if at > cursor]
        return self._cursor, [summarize(key, attempt) for key, attempt in newer]

    def state(self) -> Any:
        """See simulation.component; attempts are immutable and shared."""
        return dict(self._attempts), list(self._decisions), self._cursor, dict(self._told)

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        attempts, decisions, self._cursor, told = state
        self._attempts = dict(attempts)
        self._decisions = deque(decisions, maxlen=DECISIONS_MAX)
        self._told = dict(told)


def attempt_of(outcome: Outcome, filters: tuple[str, ...], time_ms: int) -> Attempt:
    """An attempt as it is kept."""
    rejections = outcome.rejections
    codes: _Small | None = None
    answers: tuple[tuple[str, str], ...] = ()
    absent = None
    if rejections is not None:
        if rejections.answers:
            answers = tuple((name, status.message) for name, status in rejections.answers)
            codes = rejections.codes.astype(np.int8 if len(answers) < 128 else np.int16)
        if rejections.absent.reasons:
            plugin = outcome.refused_by or _named_in(rejections.absent.message)
            absent = (plugin, rejections.absent.message)
    victims = outcome.victims
    return Attempt(
        time_ms,
        SCHEDULED if outcome.node is not None else FAILED,
        outcome.node,
        outcome.message,
        outcome.cycle.table.names,
        filters,
        answers,
        codes,
        absent,
        _kept_rows(outcome),
        tuple(
            KeptScores(s.plugin, s.weight, *_kept_scores(s.raw, s.normalized))
            for s in outcome.scores
        ),
        outcome.tie,
        () if victims is None else tuple(info.key for info in victims.pods),
    )


def gated_attempt(message: str, time_ms: int) -> Attempt:
    """An attempt that a gate did not let begin."""
    return Attempt(time_ms, GATED, None, message)


def describe(attempt: Attempt) -> Object:
    """An attempt in full, as the explanation of a pod shows it."""
    return {
        "time": rfc3339_micro(attempt.time_ms),
        "result": attempt.result,
        "node": attempt.node,
        "message": attempt.message,
        "filters": _described_filters(attempt),
        "scores": _described_scores(attempt),
        "tie": [attempt.names[row] for row in attempt.tie],
        "victims": list(attempt.victims),
    }


def summarize(key: str, attempt: Attempt) -> Object:
    """An attempt in short, as the picture animates it."""
    rejected: dict[str, str] = {}
    for row, (_, reason) in _rejections(attempt):
        if len(rejected) >= NODES_PER_DECISION_MAX:
            break
        rejected[attempt.names[row]] = _short(reason)
    totals = list(zip(_feasible_names(attempt), _totals(attempt)))
    totals.sort(key=lambda pair: (-pair[1], pair[0]))
    return {
        "pod": key,
        "node": attempt.node,
        "result": attempt.result,
        "message": attempt.message,
        "rejected": rejected,
        "scores": dict(totals[:NODES_PER_DECISION_MAX]),
    }


def _named_in(message: str) -> str:
    """The plugin that a text about named nodes speaks of."""
    return message.partition("[")[2].rstrip("]").split(" ")[0]


def _short(reason: str) -> str:
    return reason.removeprefix("node(s) ")


def _kept_rows(outcome: Outcome) -> NDArray[Any] | None:
    feasible = outcome.feasible
    if feasible is None:
        return np.zeros(0, np.int16)
    if len(feasible) == len(outcome.cycle.table):
        return None
    return feasible.astype(np.int16)


def _kept_scores(raw: Scores, normalized: Scores) -> tuple[_Small, _Small]:
    kept: _Small
    kept = normalized if isinstance(normalized, int) else normalized.astype(np.uint8)
    if raw is normalized:
        return kept, kept
    return (raw if isinstance(raw, int) else _smallest(raw)), kept


def _smallest(numbers: IntRow) -> NDArray[Any]:
    low, high = int(numbers.min()), int(numbers.max())
    if low == high:
        return np.broadcast_to(np.int64(low), (1,))
    for kind in (np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return numbers.astype(kind)
    return numbers


def _rejections(attempt: Attempt) -> list[tuple[int, tuple[str, str]]]:
    """Rejected rows, each with the plugin and its reason."""
    found = []
    codes = attempt.codes
    feasible = None if attempt.feasible is None else set(attempt.feasible.tolist())
    for row in range(len(attempt.names)):
        code = -1 if codes is None or isinstance(codes, int) else int(codes[row])
        if code >= 0:
            found.append((row, attempt.answers[code]))
        elif attempt.absent is not None and feasible is not None and row not in feasible:
            found.append((row, attempt.absent))
    return found


def _described_filters(attempt: Attempt) -> Object:
    found: Object = {}
    passed = {"passed": True, "reason": ""}
    everything = dict.fromkeys(attempt.filters, passed)
    for name in _feasible_names(attempt):
        found[name] = everything
    for row, (plugin, reason) in _rejections(attempt):
        before = attempt.filters[: attempt.filters.index(plugin)] if plugin in everything else ()
        if attempt.absent is not None and (plugin, reason) == attempt.absent:
            before = ()
        verdict: Object = dict.fromkeys(before, passed)
        verdict[plugin] = {"passed": False, "reason": reason}
        found[attempt.names[row]] = verdict
    return found


def _feasible_names(attempt: Attempt) -> list[str]:
    if attempt.feasible is None:
        return list(attempt.names)
    return [attempt.names[row] for row in attempt.feasible.tolist()]


def _listed(numbers: _Small, count: int) -> list[int]:
    if isinstance(numbers, int):
        return [numbers] * count
    listed: list[int] = numbers.tolist()
    return listed * count if len(listed) == 1 else listed


def _totals(attempt: Attempt) -> list[int]:
    if not attempt.scores:
        return []
    names = _feasible_names(attempt)
    totals = [0] * len(names)
    for kept in attempt.scores:
        for at, score in enumerate(_listed(kept.normalized, len(names))):
            totals[at] += score * kept.weight
    return totals


def _described_scores(attempt: Attempt) -> Object:
    if not attempt.scores:
        return {}
    names = _feasible_names(attempt)
    columns = [
        (
            kept,
            _listed(kept.raw, len(names)),
            _listed(kept.normalized, len(names)),
        )
        for kept in attempt.scores
    ]
    return {
        name: {
            "total": total,
            "plugins": {
                kept.plugin: {
                    "raw": raw[at],
                    "normalized": normalized[at],
                    "weighted": normalized[at] * kept.weight,
                }
                for kept, raw, normalized in columns
            },
        }
        for at, (name, total) in enumerate(zip(names, _totals(attempt)))
    }
