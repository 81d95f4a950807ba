"""One attempt to place a pod: filter, score, choose; or find out how to make room.

Reads the node table and changes nothing but the random stream.

Models: pkg/scheduler/schedule_one.go (v1.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import numpy as np

from cluster_engine.scheduler.counters import BoolRow, IntRow
from cluster_engine.scheduler.framework import Cycle, Nominations, Scores, Victims
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.profile import Profile
from cluster_engine.scheduler.rejections import Rejections, fit_message
from cluster_engine.scheduler.running import rivals, run_filters
from cluster_engine.scheduler.statuses import Code, Status, unresolvable
from cluster_engine.scheduler.table import NodeTable

NO_NODES = "no nodes available to schedule pods"
REASON_NOT_NAMED = "node(s) didn't satisfy plugin(s) [{plugins}]"
REASON_NONE_NAMED = "node(s) didn't satisfy plugin {plugin}"
REASON_NONE_COMMON = "node(s) didn't satisfy plugin(s) [{plugins}] simultaneously"

#: Up to so many nodes all are looked at.
FEASIBLE_MIN = 100
_PERCENT_MIN = 5


@dataclass(frozen=True, slots=True)
class PluginScores:
    """What one plugin thinks of the feasible nodes."""

    plugin: str
    weight: int
    raw: Scores
    normalized: Scores


@dataclass(slots=True)
class Outcome:
    """What came of an attempt. `node` is None when the pod fits nowhere."""

    cycle: Cycle
    node: str | None = None
    #: How it failed: a rejection (a FitError) or an error; None when it did not.
    failure: Code | None = None
    message: str = ""
    #: Plugins that rejected the pod; empty for errors.
    rejectors: tuple[str, ...] = ()
    #: "" clears the nomination, None leaves it.
    nominated_node: str | None = None
    victims: Victims | None = None
    #: How many nodes were looked at, for the next attempt's start.
    processed: int = 0
    # For the explanation:
    rejections: Rejections | None = None
    #: The plugin that refused before any node was looked at, and why.
    refused_by: str = ""
    refusal: str = ""
    feasible: IntRow | None = None
    scores: list[PluginScores] = field(default_factory=list)
    totals: IntRow | None = None
    tie: tuple[int, ...] = ()


def feasible_enough(nodes: int) -> int:
    """How many feasible nodes end the search."""
    if nodes < FEASIBLE_MIN:
        return nodes
    percent = max(50 - nodes // 125, _PERCENT_MIN)
    return max(nodes * percent // 100, FEASIBLE_MIN)


class Attempts:
    """Makes attempts, each starting at the node after the last one looked at."""

    def __init__(self, profile: Profile, nominations: Nominations, random: Random) -> None:
        self._profile = profile
        self._nominations = nominations
        self._random = random
        #: Where the next search starts; part of the scheduler's state.
        self.start = 0

    def attempt(self, pod: PodInfo, table: NodeTable) -> Outcome:
        """Try to place the pod."""
        outcome = Outcome(Cycle(pod, table))
        if not len(table):
            outcome.failure, outcome.message = Code.UNRESOLVABLE, NO_NODES
            outcome.nominated_node = ""
            return outcome
        self._filter(outcome)
        if outcome.failure is not None:
            return outcome
        if outcome.feasible is None or not len(outcome.feasible):
            self._make_room(outcome)
            return outcome
        self._choose(outcome, outcome.feasible)
        return outcome

    # --- filter ----------------------------------------------------------------------------

    def _filter(self, outcome: Outcome) -> None:
        cycle = outcome.cycle
        table = cycle.table
        named = self._pre_filter(outcome)
        if outcome.failure is not None or outcome.refused_by:
            return
        alive: BoolRow = np.ones(len(table), np.bool_)
        if named is not None:
            alive = np.fromiter((name in named[0] for name in table.names), np.bool_, len(table))
        if cycle.pod.nominated_node and self._try_nominated(outcome, alive):
            return
        rejections = Rejections(alive.copy())
        if named is not None:
            text = REASON_NOT_NAMED.format(plugins=" ".join(named[1]))
            rejections.absent = unresolvable(text)
        self._run_filters(cycle, rejections)
        outcome.rejections = rejections
        error = next((s for _, s in rejections.answers if s.code == Code.ERROR), None)
        if error is not None:
            plugin = next(name for name, s in rejections.answers if s is error)
            outcome.failure = Code.ERROR
            outcome.message = f'running "{plugin}" filter plugin: {error.message}'
            outcome.nominated_node = ""
            return
        outcome.feasible = self._cut(rejections, alive)
        processed = len(outcome.feasible) + len(rejections)
        self.start = (self.start + processed) % len(table)
        rejectors = list(rejections.plugins())
        outcome.rejectors = tuple(dict.fromkeys([*(named[1] if named else ()), *rejectors]))

    def _pre_filter(self, outcome: Outcome) -> tuple[frozenset[str], list[str]] | None:
        """The names that plugins restrict the search to, and which plugins do."""
        cycle = outcome.cycle
        names: frozenset[str] | None = None
        restricting: list[str] = []
        for plugin in self._profile.pre_filters:
            found = plugin.pre_filter(cycle)
            if found is None:
                continue
            if isinstance(found, Status):
                if found.code == Code.SKIP:
                    cycle.skipped_filters.add(plugin.name)
                    continue
                self._refuse(outcome, plugin.name, found)
                return None
            restricting.append(plugin.name)
            names = found if names is None else names & found
            if not names:
                restricting.sort()
                text = REASON_NONE_NAMED.format(plugin=restricting[0])
                if len(restricting) > 1:
                    text = REASON_NONE_COMMON.format(plugins=" ".join(restricting))
                self._refuse(outcome, plugin.name, unresolvable(text))
                outcome.rejectors = tuple(restricting)
                return None
        return None if names is None else (names, sorted(restricting))

    def _refuse(self, outcome: Outcome, plugin: str, status: Status) -> None:
        """A plugin refuses the pod before any node is looked at."""
        if status.code == Code.ERROR:
            outcome.failure = Code.ERROR
            outcome.message = f'running PreFilter plugin "{plugin}": {status.message}'
            outcome.nominated_node = ""
            return
        rejections = Rejections(np.zeros(len(outcome.cycle.table), np.bool_))
        rejections.absent = status
        outcome.rejections = rejections
        outcome.refused_by, outcome.refusal = plugin, status.message
        outcome.rejectors = (plugin,)

    def _try_nominated(self, outcome: Outcome, alive: BoolRow) -> bool:
        """The node the pod is meant for comes first; if it fits there, no other is looked at."""
        cycle = outcome.cycle
        node = cycle.table.node(cycle.pod.nominated_node)
        if node is None:
            return False
        status = self._run_one(cycle, node.index)[1]
        if status is not None:
            return False
        outcome.feasible = np.array([node.index], np.int64)
        outcome.rejections = Rejections(np.zeros(len(alive), np.bool_))
        return True

    def _run_filters(self, cycle: Cycle, rejections: Rejections) -> None:
        crowded = self._crowded(cycle, rejections)
        for plugin in self._profile.filters:
            if plugin.name not in cycle.skipped_filters:
                rejections.plugin = plugin.name
                plugin.filter_all(cycle, rejections)
        for row in crowded:
            rejections.accept_row(row)
            name, status = self._run_one(cycle, row)
            if status is not None:
                rejections.plugin = name
                rejections.reject_row(row, status)

    def _crowded(self, cycle: Cycle, rejections: Rejections) -> list[int]:
        """Rows set aside because other pods are meant for them: they need a closer look."""
        found = []
        for row in self._nominations.rows(cycle.table):
            name = cycle.table.names[row]
            if rejections.alive[row] and rivals(cycle.pod, self._nominations.on(name)):
                found.append(row)
                rejections.alive[row] = False
        return found

    def _run_one(self, cycle: Cycle, row: int) -> tuple[str, Status | None]:
        node = cycle.table.nodes[row]
        movers = [p for p in self._profile.movers if p.name not in cycle.skipped_filters]
        nominated = self._nominations.on(node.name)
        return run_filters(cycle, node, self._profile.filters, movers, nominated)

    def _cut(self, rejections: Rejections, searched: BoolRow) -> IntRow:
        """The first feasible rows, as many as are enough; what lies behind was not looked at."""
        found = np.flatnonzero(rejections.alive)
        count = int(np.count_nonzero(searched))
        enough = feasible_enough(count)
        if len(found) <= enough:
            return found
        at = int(np.searchsorted(found, self.start))
        ordered = np.concatenate((found[at:], found[:at]))
        last = int(ordered[enough])
        rows = len(rejections.alive)
        behind = np.arange(rows)
        distance = (behind - self.start) % rows
        rejections.forget_rows(behind[distance > (last - self.start) % rows])
        return ordered[:enough]

    # --- choose ----------------------------------------------------------------------------

    def _choose(self, outcome: Outcome, feasible: IntRow) -> None:
        table = outcome.cycle.table
        if len(feasible) == 1:
            outcome.node = table.names[feasible[0]]
            return
        self._score(outcome, feasible)
        if outcome.totals is None:
            return
        best = np.flatnonzero(outcome.totals == outcome.totals.max())
        position = int(best[0])
        if len(best) > 1:
            position = int(best[self._random.randrange(len(best))])
            outcome.tie = tuple(feasible[best].tolist())
        outcome.node = table.names[feasible[position]]

    def _score(self, outcome: Outcome, feasible: IntRow) -> None:
        cycle = outcome.cycle
        for plugin in self._profile.pre_scores:
            status = plugin.pre_score(cycle, feasible)
            if status is None:
                continue
            if status.code != Code.SKIP:
                outcome.failure = Code.ERROR
                outcome.message = f'running PreScore plugin "{plugin.name}": {status.message}'
                outcome.nominated_node = ""
                return
            cycle.skipped_scores.add(plugin.name)
        constant = 0
        totals: IntRow = np.zeros(len(feasible), np.int64)
        for scorer, weight in self._profile.scores:
            if scorer.name in cycle.skipped_scores:
                continue
            raw = scorer.score(cycle, feasible)
            scores = scorer.normalize(cycle, feasible, raw) if scorer.has_normalize else raw
            outcome.scores.append(PluginScores(scorer.name, weight, raw, scores))
            if isinstance(scores, int):
                constant += scores * weight
            else:
                totals += scores * weight
        outcome.totals = totals + constant

    # --- make room -------------------------------------------------------------------------

    def _make_room(self, outcome: Outcome) -> None:
        rejections = outcome.rejections
        assert rejections is not None
        outcome.failure = Code.UNSCHEDULABLE
        postfilter = ""
        for plugin in self._profile.post_filters:
            result = plugin.post_filter(outcome.cycle, rejections)
            postfilter = result.message
            outcome.nominated_node = result.nominated_node
            outcome.victims = result.victims
        outcome.message = fit_message(
            len(outcome.cycle.table), outcome.refusal, rejections.histogram(), postfilter
        )
