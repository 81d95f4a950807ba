"""Spreads pods evenly over topology domains, as their constraints (or the defaults) ask.

Models: pkg/scheduler/framework/plugins/podtopologyspread (v1.37.2).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import Selector, from_map
from cluster_engine.scheduler.counters import BoolRow, IntRow, PodQuestion
from cluster_engine.scheduler.events import (
    ADD,
    ASSIGNED_POD,
    DELETE,
    NODE,
    NODE_LABEL,
    NODE_TAINT,
    POD_LABEL,
    POD_TOLERATION,
    TARGET_POD,
)
from cluster_engine.scheduler.framework import (
    SCORE_MAX,
    Cycle,
    FilterPlugin,
    Handle,
    Interest,
    Movable,
    PreFilterPlugin,
    PreScorePlugin,
    ScorePlugin,
    Scores,
)
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import (
    DO_NOT_SCHEDULE,
    SCHEDULE_ANYWAY,
    PodInfo,
    SpreadConstraint,
)
from cluster_engine.scheduler.rejections import Rejections
from cluster_engine.scheduler.selection import has_untolerated
from cluster_engine.scheduler.spreading import DefaultSelectors, has_all_keys
from cluster_engine.scheduler.statuses import SKIP, Status, unresolvable, unschedulable
from cluster_engine.scheduler.table import NodeTable
from cluster_engine.scheduler.topology import HOSTNAME, ZONE

REASON = "node(s) didn't match pod topology spread constraints"
REASON_LABEL = f"{REASON} (missing required label)"
_REJECTED = unschedulable(REASON)
_UNLABELLED = unresolvable(REASON_LABEL)

#: What holds for pods without constraints of their own, with a selector deduced from their owners.
SYSTEM_DEFAULTS = (
    SpreadConstraint(3, HOSTNAME, SCHEDULE_ANYWAY, Selector()),
    SpreadConstraint(5, ZONE, SCHEDULE_ANYWAY, Selector()),
)


class _Domains(Movable):
    """Hard constraints, each with how many matching pods are in which domain."""

    __slots__ = ("constraints", "counts", "eligible")

    def __init__(
        self, constraints: list[SpreadConstraint], counts: list[IntRow], eligible: list[BoolRow]
    ) -> None:
        self.constraints = constraints
        #: Per constraint: pods per value of its label.
        self.counts = counts
        #: Per constraint: values that some eligible node has.
        self.eligible = eligible

    def __copy__(self) -> _Domains:
        return _Domains(self.constraints, [c.copy() for c in self.counts], self.eligible)

    def least(self, position: int) -> int:
        """The global minimum, 0 while there are fewer domains than asked for."""
        eligible = self.eligible[position]
        if int(np.count_nonzero(eligible)) < self.constraints[position].min_domains:
            return 0
        return int(self.counts[position][eligible].min())


class _Preferences:
    """Soft constraints, made ready for scoring."""

    __slots__ = ("constraints", "counts", "ignored", "weights")

    def __init__(self, constraints: list[SpreadConstraint], ignored: BoolRow) -> None:
        self.constraints = constraints
        #: Feasible rows that lack a topology label.
        self.ignored = ignored
        #: Per constraint: matching pods in the domain of each feasible row.
        self.counts: list[IntRow] = []
        self.weights: list[float] = []


class PodTopologySpread(PreFilterPlugin, FilterPlugin, PreScorePlugin, ScorePlugin):
    name = "PodTopologySpread"
    has_extensions = True
    has_normalize = True

    def __init__(self, handle: Handle) -> None:
        super().__init__(handle)
        self._defaults = DefaultSelectors(handle.informers)

    # --- filter ----------------------------------------------------------------------------

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        constraints = self.hard_constraints(cycle.pod)
        if not constraints:
            return SKIP
        table = cycle.table
        labelled = _labelled(table, constraints)
        counts, eligible = [], []
        for constraint in constraints:
            column = table.column(constraint.topology_key)
            rows = labelled & _included(cycle, constraint)
            counts.append(column.totals(_matching(cycle, constraint), rows))
            eligible.append(column.totals(np.ones(len(table), np.int64), rows) > 0)
        cycle.notes[self.name] = _Domains(constraints, counts, eligible)
        return None

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        domains: _Domains = cycle.notes[self.name]
        for position, constraint in enumerate(domains.constraints):
            value = node.labels.get(constraint.topology_key)
            if value is None:
                return _UNLABELLED
            code = cycle.table.column(constraint.topology_key).values[value]
            matching = int(domains.counts[position][code])
            skew = matching + _own(cycle.pod, constraint) - domains.least(position)
            if skew > constraint.max_skew:
                return _REJECTED
        return None

    def filter_all(self, cycle: Cycle, rejections: Rejections) -> None:
        domains: _Domains = cycle.notes[self.name]
        for position, constraint in enumerate(domains.constraints):
            column = cycle.table.column(constraint.topology_key)
            rejections.reject(~column.present, _UNLABELLED)
            matching = column.spread(domains.counts[position])
            skew = matching + (_own(cycle.pod, constraint) - domains.least(position))
            rejections.reject(skew > constraint.max_skew, _REJECTED)

    def add_pod(self, cycle: Cycle, info: PodInfo, node: NodeState) -> None:
        self._move(cycle, info, node, 1)

    def remove_pod(self, cycle: Cycle, info: PodInfo, node: NodeState) -> None:
        self._move(cycle, info, node, -1)

    def _move(self, cycle: Cycle, info: PodInfo, node: NodeState, by: int) -> None:
        domains: _Domains = cycle.notes[self.name]
        if info.namespace != cycle.pod.namespace:
            return
        if not has_all_keys(node.labels, domains.constraints):
            return
        template = cycle.pod.template
        for position, constraint in enumerate(domains.constraints):
            if not constraint.selector.matches(info.labels):
                continue
            if constraint.honors_affinity and not template.selection.matches(
                node.labels, node.name
            ):
                continue
            if constraint.honors_taints and has_untolerated(node.taints, template.tolerations):
                continue
            column = cycle.table.column(constraint.topology_key)
            domains.counts[position][column.values[node.labels[constraint.topology_key]]] += by

    # --- score -----------------------------------------------------------------------------

    def pre_score(self, cycle: Cycle, rows: IntRow) -> Status | None:
        pod = cycle.pod
        if pod.template.spread:
            constraints = _of_action(pod, SCHEDULE_ANYWAY)
        else:
            constraints = self._default_constraints(pod)
        if not constraints:
            return SKIP
        table = cycle.table
        # The defaults do not ask for all labels, so nodes without a zone spread by hostname.
        labelled = _labelled(table, constraints) if pod.template.spread else None
        ignored = np.zeros(len(rows), np.bool_) if labelled is None else ~labelled[rows]
        noted = _Preferences(constraints, ignored)
        for constraint in constraints:
            _prepare(cycle, constraint, rows, labelled, noted)
        cycle.notes[f"{self.name}/score"] = noted
        return None

    def score(self, cycle: Cycle, rows: IntRow) -> Scores:
        noted: _Preferences = cycle.notes[f"{self.name}/score"]
        total = np.zeros(len(rows), np.float64)
        for constraint, counts, weight in zip(noted.constraints, noted.counts, noted.weights):
            present = cycle.table.column(constraint.topology_key).present[rows]
            gain = counts * weight + float(constraint.max_skew - 1)
            total += np.where(present, gain, 0.0)
        whole = np.trunc(total)
        scores = (whole + (total - whole >= 0.5)).astype(np.int64)
        scores[noted.ignored] = 0
        return scores

    def normalize(self, cycle: Cycle, rows: IntRow, scores: Scores) -> Scores:
        noted: _Preferences = cycle.notes[f"{self.name}/score"]
        scored = np.asarray(scores, np.int64)
        relevant = scored[~noted.ignored]
        highest = int(relevant.max()) if len(relevant) else 0
        if highest == 0:
            found = np.full(len(scored), SCORE_MAX, np.int64)
        else:
            found = SCORE_MAX * (highest + int(relevant.min()) - scored) // highest
        found[noted.ignored] = 0
        return found

    # --- constraints -----------------------------------------------------------------------

    def hard_constraints(self, pod: PodInfo) -> list[SpreadConstraint]:
        """What a node must satisfy. The defaults have only soft ones."""
        return _of_action(pod, DO_NOT_SCHEDULE) if pod.template.spread else []

    def _default_constraints(self, pod: PodInfo) -> list[SpreadConstraint]:
        selector = self._defaults.of(pod)
        if selector.is_everything:
            return []
        return [
            SpreadConstraint(default.max_skew, default.topology_key, default.action, selector)
            for default in SYSTEM_DEFAULTS
        ]

    # --- hints -----------------------------------------------------------------------------

    def after_assigned_pod(self, pod: PodInfo, old: Object | None, new: Object | None) -> bool:
        for other in (old, new):
            if other is not None and not _is_involved(other, pod):
                return False
        constraints = self.hard_constraints(pod)
        if old is not None and new is not None:
            return _changes_matching(constraints, old, new)
        other = new if new is not None else old
        labels = other["metadata"].get("labels") if other is not None else None
        return any(constraint.selector.matches(labels) for constraint in constraints)

    def after_target_pod(self, pod: PodInfo, old: Object | None, new: Object | None) -> bool:
        if old is None or new is None:
            return True
        constraints = self.hard_constraints(pod)
        bears = [(p["spec"].get("tolerations") or []) for p in (old, new)]
        if bears[0] != bears[1] and any(c.honors_taints for c in constraints):
            return True
        return _changes_matching(constraints, old, new)

    def after_node(self, pod: PodInfo, old: Object | None, new: Object | None) -> bool:
        constraints = self.hard_constraints(pod)
        before, after = (_node_labels(node) for node in (old, new))
        was = before is not None and has_all_keys(before, constraints)
        is_now = after is not None and has_all_keys(after, constraints)
        if before is None or after is None:
            return was or is_now
        if was != is_now:
            return True
        keys = [constraint.topology_key for constraint in constraints]
        moved = any(before.get(key) != after.get(key) for key in keys)
        return is_now and (moved or _taints(old) != _taints(new))

    events = (
        Interest(ASSIGNED_POD, ADD | POD_LABEL | DELETE, after_assigned_pod),
        Interest(TARGET_POD, POD_TOLERATION | POD_LABEL, after_target_pod),
        Interest(NODE, ADD | DELETE | NODE_LABEL | NODE_TAINT, after_node),
    )


def _of_action(pod: PodInfo, action: str) -> list[SpreadConstraint]:
    """The pod's own constraints of that kind, with its values of the matchLabelKeys added."""
    found = []
    for constraint in pod.template.spread:
        if constraint.action != action:
            continue
        values = {k: pod.labels[k] for k in constraint.match_label_keys if k in pod.labels}
        if values:
            selector = constraint.selector
            if not selector.is_nothing:
                merged = from_map(values).requirements + selector.requirements
                constraint = replace(constraint, selector=Selector(merged))
        found.append(constraint)
    return found


def _labelled(table: NodeTable, constraints: list[SpreadConstraint]) -> BoolRow:
    """Rows with all the topology labels."""
    found: BoolRow = np.ones(len(table), np.bool_)
    for constraint in constraints:
        found = found & table.column(constraint.topology_key).present
    return found


def _included(cycle: Cycle, constraint: SpreadConstraint) -> BoolRow:
    """Rows that count for the constraint, by its policies."""
    found: BoolRow = np.ones(len(cycle.table), np.bool_)
    template = cycle.pod.template
    if constraint.honors_affinity and not template.selection.is_everything:
        found = found & cycle.table.selected(template)
    if constraint.honors_taints:
        found = found & ~cycle.table.blocked(template)
    return found


def _matching(cycle: Cycle, constraint: SpreadConstraint) -> IntRow:
    """Matching pods per row; an empty selector matches none."""
    if constraint.selector.is_everything:
        return np.zeros(len(cycle.table), np.int64)
    where = frozenset((cycle.pod.namespace,))
    return cycle.table.counts(PodQuestion(((where, constraint.selector),), True))


def _own(pod: PodInfo, constraint: SpreadConstraint) -> int:
    return 1 if constraint.selector.matches(pod.labels) else 0


def _prepare(
    cycle: Cycle,
    constraint: SpreadConstraint,
    rows: IntRow,
    labelled: BoolRow | None,
    noted: _Preferences,
) -> None:
    matching = _matching(cycle, constraint)
    if constraint.topology_key == HOSTNAME:
        size = len(rows) - int(np.count_nonzero(noted.ignored))
        noted.counts.append(matching[rows])
    else:
        column = cycle.table.column(constraint.topology_key)
        size = len(set(column.codes[rows[~noted.ignored]].tolist()))
        included = _included(cycle, constraint)
        if labelled is not None:
            included = included & labelled
        noted.counts.append(column.spread(column.totals(matching, included))[rows])
    noted.weights.append(math.log(size + 2))


def _is_involved(other: Object, pod: PodInfo) -> bool:
    nominated = (other.get("status") or {}).get("nominatedNodeName")
    if not other["spec"].get("nodeName") and not nominated:
        return False
    return bool(other["metadata"].get("namespace", "") == pod.namespace)


def _changes_matching(constraints: list[SpreadConstraint], old: Object, new: Object) -> bool:
    before, after = (p["metadata"].get("labels") for p in (old, new))
    return any(c.selector.matches(before) != c.selector.matches(after) for c in constraints)


def _node_labels(node: Object | None) -> Any:
    return None if node is None else node["metadata"].get("labels") or {}


def _taints(node: Object | None) -> Any:
    return ((node or {}).get("spec") or {}).get("taints") or []
