"""Only nodes that can reach the devices of the pod's resource claims.

Claims that are allocated already restrict the pod to their nodes. The allocation of devices itself
is not simulated: a claim without one cannot be satisfied by any node.

Models: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.counters import IntRow
from cluster_engine.scheduler.events import (
    ADD,
    DEVICE_CLASS,
    NODE,
    NODE_LABEL,
    POD_CLAIM_GENERATED,
    RESOURCE_CLAIM,
    RESOURCE_SLICE,
    TARGET_POD,
    UPDATE,
)
from cluster_engine.scheduler.framework import (
    Cycle,
    FilterPlugin,
    Interest,
    PreFilterPlugin,
    ScorePlugin,
    Scores,
)
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.selection import parse_terms
from cluster_engine.scheduler.statuses import SKIP, Status, unresolvable

REASON_CLAIM = "cannot allocate all claims"
REASON_ELSEWHERE = "resourceclaim not available on the node"
REASON_IN_USE = "resourceclaim in use"
REASON_NOT_FOUND = 'resourceclaim.resource.k8s.io "{name}" not found'
REASON_DELETED = 'resourceclaim "{name}" is being deleted'
REASON_NOT_CREATED = "pod claim name {claim}: resource claim not created yet"
REASON_CLASS = "request {request}: device class {name} does not exist"
RESERVATIONS_MAX = 256


def _after_claim(_: object, pod: PodInfo, _old: Object | None, new: Object | None) -> bool:
    return new is not None and new["metadata"].get("namespace", "") == pod.namespace


class DynamicResources(PreFilterPlugin, FilterPlugin, ScorePlugin):
    name = "DynamicResources"
    events = (
        Interest(NODE, ADD | NODE_LABEL),
        Interest(RESOURCE_CLAIM, ADD | UPDATE, _after_claim),
        Interest(TARGET_POD, POD_CLAIM_GENERATED),
        Interest(DEVICE_CLASS, ADD | UPDATE),
        Interest(RESOURCE_SLICE, ADD | UPDATE),
    )

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        claims = []
        for entry in cycle.pod.spec.get("resourceClaims") or ():
            claim = self._claim(cycle.pod, entry)
            if isinstance(claim, Status):
                return claim
            if claim is not None:
                claims.append(claim)
        if not claims:
            return SKIP
        for claim in claims:
            status = self._check(cycle.pod, claim)
            if status is not None:
                return status
        cycle.notes[self.name] = claims
        return None

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        for claim in cycle.notes[self.name]:
            allocation = (claim.get("status") or {}).get("allocation")
            if allocation is None:
                return unresolvable(REASON_CLAIM)
            selector = allocation.get("nodeSelector")
            if selector is not None:
                terms = parse_terms(selector.get("nodeSelectorTerms") or ())
                if not any(term.matches(node.labels, node.name) for term in terms):
                    return unresolvable(REASON_ELSEWHERE)
        return None

    def score(self, cycle: Cycle, rows: IntRow) -> Scores:
        return 0

    def _claim(self, pod: PodInfo, entry: Object) -> Object | Status | None:
        """The claim of one entry of the pod; None when the pod needs none for it."""
        name = entry.get("resourceClaimName")
        if name is None:
            generated = (pod.pod.get("status") or {}).get("resourceClaimStatuses") or ()
            found = [status for status in generated if status["name"] == entry["name"]]
            if not found:
                return unresolvable(REASON_NOT_CREATED.format(claim=entry["name"]))
            name = found[0].get("resourceClaimName")
            if name is None:
                return None
        claim = self.handle.get(RESOURCE_CLAIM, pod.namespace, name)
        if claim is None:
            return unresolvable(REASON_NOT_FOUND.format(name=name))
        if claim["metadata"].get("deletionTimestamp") is not None:
            return unresolvable(REASON_DELETED.format(name=name))
        return claim

    def _check(self, pod: PodInfo, claim: Object) -> Status | None:
        status = claim.get("status") or {}
        if status.get("allocation") is not None:
            reserved = status.get("reservedFor") or ()
            is_ours = any(consumer.get("uid") == pod.uid for consumer in reserved)
            full = len(reserved) >= RESERVATIONS_MAX
            return unresolvable(REASON_IN_USE) if full and not is_ours else None
        for request, class_name in _classes(claim):
            if self.handle.get(DEVICE_CLASS, "", class_name) is None:
                return unresolvable(REASON_CLASS.format(request=request, name=class_name))
        return None


def _classes(claim: Object) -> Iterable[tuple[str, str]]:
    """Each request of a claim with the device class it names."""
    for request in ((claim["spec"].get("devices") or {}).get("requests")) or ():
        exactly = request.get("exactly")
        if exactly is not None:
            yield request["name"], exactly.get("deviceClassName", "")
        for alternative in request.get("firstAvailable") or ():
            name = f"{request['name']}/{alternative['name']}"
            yield name, alternative.get("deviceClassName", "")
