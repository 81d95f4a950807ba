"""Puts pods near those they want to be near, and away from those they (or others) do not.

Models: pkg/scheduler/framework/plugins/interpodaffinity (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.affinity import AffinityTerm, matches_all, matches_any, parse_affinity
from cluster_engine.scheduler.counters import BoolRow, IntRow, terms_question
from cluster_engine.scheduler.events import (
    ADD,
    ASSIGNED_POD,
    DELETE,
    NODE,
    NODE_LABEL,
    POD_LABEL,
    TARGET_POD,
)
from cluster_engine.scheduler.framework import (
    SCORE_MAX,
    Cycle,
    FilterPlugin,
    Interest,
    Movable,
    PreFilterPlugin,
    PreScorePlugin,
    ScorePlugin,
    Scores,
)
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.rejections import Rejections
from cluster_engine.scheduler.statuses import SKIP, Status, unresolvable, unschedulable
from cluster_engine.scheduler.table import NodeTable

REASON_AFFINITY = "node(s) didn't match pod affinity rules"
REASON_ANTI_AFFINITY = "node(s) didn't match pod anti-affinity rules"
REASON_EXISTING = "node(s) didn't satisfy existing pods anti-affinity rules"
#: What a required term of an existing pod adds to the score.
HARD_WEIGHT = 1

_NOT_NEAR = unresolvable(REASON_AFFINITY)
_TOO_NEAR = unschedulable(REASON_ANTI_AFFINITY)
_NOT_WELCOME = unschedulable(REASON_EXISTING)


class _Matches(Movable):
    """Required terms, and how many pods match them per value of their topology label."""

    __slots__ = ("anti", "existing", "labels", "near", "own", "own_anti")

    def __init__(
        self,
        own: tuple[AffinityTerm, ...],
        own_anti: tuple[AffinityTerm, ...],
        labels: Mapping[str, str] | None,
    ) -> None:
        self.own = own
        self.own_anti = own_anti
        #: The labels of the pod's namespace.
        self.labels = labels
        #: By topology key: pods that match all of the own terms; anti-affine ones that match any;
        #: terms of existing pods that the pod matches.
        self.near: dict[str, IntRow] = {}
        self.anti: dict[str, IntRow] = {}
        self.existing: dict[str, IntRow] = {}

    def __copy__(self) -> _Matches:
        twin = _Matches(self.own, self.own_anti, self.labels)
        twin.near = {key: row.copy() for key, row in self.near.items()}
        twin.anti = {key: row.copy() for key, row in self.anti.items()}
        twin.existing = {key: row.copy() for key, row in self.existing.items()}
        return twin

    @property
    def is_near_none(self) -> bool:
        return not any(row.any() for row in self.near.values())


class InterPodAffinity(PreFilterPlugin, FilterPlugin, PreScorePlugin, ScorePlugin):
    name = "InterPodAffinity"
    has_extensions = True
    has_normalize = True

    # --- filter ----------------------------------------------------------------------------

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        affinity = cycle.pod.template.affinity
        if not cycle.table.affine and not affinity.has_required:
            return SKIP
        noted = _Matches(
            self._resolved(affinity.required),
            self._resolved(affinity.required_anti),
            self._namespace_labels(cycle.pod.namespace),
        )
        _count_existing(cycle, noted)
        if not affinity.has_required and not noted.existing:
            return SKIP
        table = cycle.table
        if noted.own:
            matching = table.counts(terms_question(noted.own))
            for term in noted.own:
                _add(table, noted.near, term.topology_key, matching)
        for term in noted.own_anti:
            _add(table, noted.anti, term.topology_key, table.counts(terms_question((term,))))
        cycle.notes[self.name] = noted
        return None

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        noted: _Matches = cycle.notes[self.name]
        table = cycle.table
        if not self._is_near(cycle, noted, node):
            return _NOT_NEAR
        if any(_here(table, noted.anti, t.topology_key, node) > 0 for t in noted.own_anti):
            return _TOO_NEAR
        if any(_here(table, noted.existing, key, node) > 0 for key in noted.existing):
            return _NOT_WELCOME
        return None

    def filter_all(self, cycle: Cycle, rejections: Rejections) -> None:
        noted: _Matches = cycle.notes[self.name]
        table = cycle.table
        if noted.own:
            rejections.reject(~_near_rows(cycle, noted), _NOT_NEAR)
        for key, per_value in noted.anti.items():
            rejections.reject(table.column(key).spread(per_value) > 0, _TOO_NEAR)
        for key, per_value in noted.existing.items():
            rejections.reject(table.column(key).spread(per_value) > 0, _NOT_WELCOME)

    def add_pod(self, cycle: Cycle, info: PodInfo, node: NodeState) -> None:
        _move(cycle, cycle.notes[self.name], info, node, 1)

    def remove_pod(self, cycle: Cycle, info: PodInfo, node: NodeState) -> None:
        _move(cycle, cycle.notes[self.name], info, node, -1)

    def _is_near(self, cycle: Cycle, noted: _Matches, node: NodeState) -> bool:
        """Near to a pod that matches all terms, or first of its kind."""
        if any(term.topology_key not in node.labels for term in noted.own):
            return False
        keys = [term.topology_key for term in noted.own]
        if all(_here(cycle.table, noted.near, key, node) > 0 for key in keys):
            return True
        return noted.is_near_none and _matches_itself(cycle, noted)

    # --- score -----------------------------------------------------------------------------

    def pre_score(self, cycle: Cycle, rows: IntRow) -> Status | None:
        affinity = cycle.pod.template.affinity
        table = cycle.table
        if not table.affine and not affinity.has_preferred:
            return SKIP
        scores: dict[str, IntRow] = {}
        for terms, sign in ((affinity.preferred, 1), (affinity.preferred_anti, -1)):
            for term in self._resolved(terms):
                matching = table.counts(terms_question((term,)))
                _add(table, scores, term.topology_key, matching, sign * term.weight)
        labels = self._namespace_labels(cycle.pod.namespace)
        for template, group in table.affine.items():
            theirs = template.affinity
            for terms, sign in (
                (theirs.required, 0),
                (theirs.preferred, 1),
                (theirs.preferred_anti, -1),
            ):
                for term in terms:
                    if term.matches(cycle.pod.namespace, cycle.pod.labels, labels):
                        weight = sign * term.weight if sign else HARD_WEIGHT
                        _add(table, scores, term.topology_key, group.counts, weight)
        if not scores:
            return SKIP
        cycle.notes[f"{self.name}/score"] = scores
        return None

    def score(self, cycle: Cycle, rows: IntRow) -> Scores:
        total = np.zeros(len(rows), np.int64)
        for key, per_value in cycle.notes[f"{self.name}/score"].items():
            total += cycle.table.column(key).spread(per_value)[rows]
        return total

    def normalize(self, cycle: Cycle, rows: IntRow, scores: Scores) -> Scores:
        scored = np.asarray(scores, np.int64)
        lowest, highest = int(scored.min()), int(scored.max())
        if lowest == highest:
            return 0
        shares = float(SCORE_MAX) * ((scored - lowest) / float(highest - lowest))
        return shares.astype(np.int64)

    # --- namespaces ------------------------------------------------------------------------

    def _resolved(self, terms: tuple[AffinityTerm, ...]) -> tuple[AffinityTerm, ...]:
        if all(t.namespace_selector.is_nothing for t in terms):
            return terms
        namespaces = self.handle.list("namespaces")
        return tuple(term.resolved(namespaces) for term in terms)

    def _namespace_labels(self, namespace: str) -> Mapping[str, str] | None:
        found = self.handle.get("namespaces", "", namespace)
        labels: Mapping[str, str] | None = (
            None if found is None else found["metadata"].get("labels")
        )
        return labels

    # --- hints -----------------------------------------------------------------------------

    def after_assigned_pod(self, pod: PodInfo, old: Object | None, new: Object | None) -> bool:
        if any(other is not None and not _has_node(other) for other in (old, new)):
            return False
        terms, anti = pod.template.affinity.required, pod.template.affinity.required_anti
        if old is not None and new is not None:
            comes = not _all(terms, old) and _all(terms, new)
            return comes or (_any(anti, old) and not _any(anti, new))
        if new is not None:
            return _all(terms, new)
        if old is None:
            return False
        theirs = parse_affinity(old["spec"].get("affinity"), old["metadata"].get("namespace", ""))
        return _any(anti, old) or matches_any(theirs.required_anti, pod.namespace, pod.labels)

    def after_node(self, pod: PodInfo, old: Object | None, new: Object | None) -> bool:
        if new is None:
            return False
        after = new["metadata"].get("labels") or {}
        affinity = pod.template.affinity
        if old is None:
            return bool(affinity.required_anti) or any(
                term.topology_key in after for term in affinity.required
            )
        before = old["metadata"].get("labels") or {}
        return any(
            term.topology_key in after and before.get(term.topology_key) != after[term.topology_key]
            for term in affinity.required
        ) or any(
            term.topology_key in before
            and after.get(term.topology_key) != before[term.topology_key]
            for term in affinity.required_anti
        )

    events = (
        Interest(ASSIGNED_POD, ADD | POD_LABEL | DELETE, after_assigned_pod),
        Interest(TARGET_POD, POD_LABEL),
        Interest(NODE, ADD | NODE_LABEL, after_node),
    )


def _add(
    table: NodeTable, found: dict[str, IntRow], key: str, per_row: IntRow, weight: int = 1
) -> None:
    """Add matches, given by row, to those per value of a label. No match: no entry."""
    column = table.column(key)
    per_value = column.totals(per_row)
    if not per_value.any():
        return
    held = found.get(key)
    found[key] = per_value * weight if held is None else held + per_value * weight


def _count_existing(cycle: Cycle, noted: _Matches) -> None:
    pod = cycle.pod
    for template, group in cycle.table.affine.items():
        for term in template.affinity.required_anti:
            if term.matches(pod.namespace, pod.labels, noted.labels):
                _add(cycle.table, noted.existing, term.topology_key, group.counts)


def _near_rows(cycle: Cycle, noted: _Matches) -> BoolRow:
    table = cycle.table
    labelled: BoolRow = np.ones(len(table), np.bool_)
    near: BoolRow = np.ones(len(table), np.bool_)
    for term in noted.own:
        column = table.column(term.topology_key)
        labelled = labelled & column.present
        per_value = noted.near.get(term.topology_key)
        if per_value is None:
            near = np.zeros(len(table), np.bool_)
        else:
            near = near & (column.spread(per_value) > 0)
    if noted.is_near_none and _matches_itself(cycle, noted):
        return labelled
    return labelled & near


def _matches_itself(cycle: Cycle, noted: _Matches) -> bool:
    return matches_all(noted.own, cycle.pod.namespace, cycle.pod.labels)


def _here(table: NodeTable, found: dict[str, IntRow], key: str, node: NodeState) -> int:
    """The number for the node's value of a label; 0 where it has none."""
    value = node.labels.get(key)
    per_value = found.get(key)
    if value is None or per_value is None:
        return 0
    return int(per_value[table.column(key).values[value]])


def _move(cycle: Cycle, noted: _Matches, info: PodInfo, node: NodeState, by: int) -> None:
    """A pod has come to that node or left it."""
    pod = cycle.pod
    for term in info.template.affinity.required_anti:
        if term.matches(pod.namespace, pod.labels, noted.labels):
            _shift(cycle.table, noted.existing, term.topology_key, node, by)
    if matches_all(noted.own, info.namespace, info.labels):
        for term in noted.own:
            _shift(cycle.table, noted.near, term.topology_key, node, by)
    for term in noted.own_anti:
        if term.matches(info.namespace, info.labels, None):
            _shift(cycle.table, noted.anti, term.topology_key, node, by)


def _shift(table: NodeTable, found: dict[str, IntRow], key: str, node: NodeState, by: int) -> None:
    value = node.labels.get(key)
    if value is None:
        return
    column = table.column(key)
    if key not in found:
        found[key] = np.zeros(len(column.values), np.int64)
    found[key][column.values[value]] += by


def _has_node(pod: Object) -> bool:
    return bool(pod["spec"].get("nodeName") or (pod.get("status") or {}).get("nominatedNodeName"))


def _all(terms: Iterable[AffinityTerm], pod: Object) -> bool:
    metadata = pod["metadata"]
    return matches_all(terms, metadata.get("namespace", ""), metadata.get("labels") or {})


def _any(terms: Iterable[AffinityTerm], pod: Object) -> bool:
    metadata = pod["metadata"]
    return matches_any(terms, metadata.get("namespace", ""), metadata.get("labels") or {})
