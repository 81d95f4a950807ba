"""The ReplicaSet controller: as many pods as asked for, and a status that says so.

Models: k8s.io/kubernetes/pkg/controller/replicaset, controller_utils.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import (
    Object,
    controller_of,
    key_of,
    split_key,
    with_metadata,
    with_status,
)
from cluster_engine.apimachinery.selectors import Selector, from_label_selector
from cluster_engine.apimachinery.time import parse_rfc3339, rfc3339
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.controllers import pods
from cluster_engine.store.changes import Change

_DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
#: At most that many pods are created before the controller looks again.
BURST_MAX = 500
#: At most that many are created or deleted in one step: others, and other clusters, wait for it.
_STEP_MAX = 8
_PHASE_RANK = {"Pending": 0, "Unknown": 1, "Running": 2}


class ReplicaSetController(Reconciler):
    """Reconciles ReplicaSets with their pods."""

    name = "replicaset-controller"
    resource = "replicasets.apps"
    kind = "ReplicaSet"
    counts_terminating = True

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._sets = context.informers.of(self.resource)
        self._pods = context.informers.of("pods")
        self._pods.add_index(pods.BY_CONTROLLER, pods.controller_uid)
        #: What is left of a burst: the set's generation when it began, and pods to create.
        self._bursts: dict[str, tuple[int, int]] = {}
        self._sets.add_handler(self.enqueue_change)
        self._pods.add_handler(self._note_pod)

    def reconcile(self, key: str) -> None:
        """Claim pods, create or delete until the count is right, write the status."""
        replica_set = self._sets.get(*split_key(key))
        if replica_set is None:
            self._bursts.pop(key, None)
            return
        if self._go_on(key, replica_set):
            return
        owned = self._claimed(replica_set)
        active = [pod for pod in owned if pods.is_active(pod)]
        failure: tuple[str, str] | None = None
        if "deletionTimestamp" not in replica_set["metadata"]:
            failure = self._manage(replica_set, active)
            owned = pods.owned_by(self._pods, replica_set)
            active = [pod for pod in owned if pods.is_active(pod)]
        terminating = sum(1 for pod in owned if pods.is_terminating(pod))
        self._write_status(replica_set, active, terminating, failure)
        if failure is not None:
            raise ApiError(500, "InternalError", failure[1])

    def _selector(self, replica_set: Object) -> Selector:
        """Which pods are the set's."""
        return from_label_selector(replica_set["spec"].get("selector"))

    def state(self) -> Any:
        """See simulation.component."""
        return super().state(), dict(self._bursts)

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        base, bursts = state
        super().restore(base)
        self._bursts = dict(bursts)

    def _note_pod(self, change: Change) -> None:
        owner = controller_of(change.object)
        if owner is not None:
            if owner["kind"] == self.kind:
                namespace = change.object["metadata"]["namespace"]
                self.enqueue(f"{namespace}/{owner['name']}", change.revision)
        elif change.type != "DELETED" and change.object["metadata"].get("labels"):
            self._offer_orphan(change)
        previous = change.previous
        before = controller_of(previous.object) if previous is not None else None
        if before is not None and owner is None and before["kind"] == self.kind:
            self.enqueue(f"{change.namespace}/{before['name']}", change.revision)

    def _offer_orphan(self, change: Change) -> None:
        labels = change.object["metadata"]["labels"]
        for replica_set in self._sets.list(change.namespace):
            if self._selector(replica_set).matches(labels):
                self.enqueue_object(replica_set, change.revision)

    def _claimed(self, replica_set: Object) -> list[Object]:
        """The set's pods, after adopting matching orphans and releasing what no longer matches."""
        selector = self._selector(replica_set)
        is_leaving = "deletionTimestamp" in replica_set["metadata"]
        claimed = []
        for pod in pods.owned_by(self._pods, replica_set):
            if selector.matches(pod["metadata"].get("labels") or {}):
                claimed.append(pod)
            elif not is_leaving:
                self._set_owners(pod, replica_set, is_owner=False)
        if is_leaving:
            return claimed
        namespace = replica_set["metadata"]["namespace"]
        for pod in self._pods.by_index(pods.BY_CONTROLLER, ""):
            if (
                pod["metadata"]["namespace"] == namespace
                and pods.is_active(pod)
                and selector.matches(pod["metadata"].get("labels") or {})
            ):
                claimed.append(self._set_owners(pod, replica_set, is_owner=True))
        return claimed

    def _set_owners(self, pod: Object, replica_set: Object, *, is_owner: bool) -> Object:
        uid = replica_set["metadata"]["uid"]
        references = [
            reference
            for reference in pod["metadata"].get("ownerReferences") or ()
            if reference["uid"] != uid
        ]
        if is_owner:
            references.append(pods.controller_reference(replica_set))
        return self.client.update("pods", with_metadata(pod, ownerReferences=references or None))

    def _manage(self, replica_set: Object, active: list[Object]) -> tuple[str, str] | None:
        """Create or delete; returns the reason and message of what went wrong."""
        difference = len(active) - replica_set["spec"].get("replicas", 1)
        if difference < 0:
            return self._create_some(replica_set, min(-difference, BURST_MAX))
        if difference > 0:
            if difference > _STEP_MAX:
                self.enqueue_object(replica_set)
            return self._delete(replica_set, active, min(difference, _STEP_MAX))
        return None

    def _go_on(self, key: str, replica_set: Object) -> bool:
        """The next step of a burst; False when there is none, or it ends here."""
        generation, left = self._bursts.pop(key, (0, 0))
        metadata = replica_set["metadata"]
        if not left or "deletionTimestamp" in metadata or metadata["generation"] != generation:
            return False
        self._create_some(replica_set, left)
        return key in self._bursts

    def _create_some(self, replica_set: Object, count: int) -> tuple[str, str] | None:
        """One step of creating `count` pods; the rest comes back as a burst."""
        failure = self._create(replica_set, min(count, _STEP_MAX))
        if failure is None and count > _STEP_MAX:
            metadata = replica_set["metadata"]
            self._bursts[key_of(replica_set)] = metadata["generation"], count - _STEP_MAX
            self.enqueue_object(replica_set)
        return failure

    def _create(self, replica_set: Object, count: int) -> tuple[str, str] | None:
        pod = pods.pod_from_template(replica_set["spec"]["template"], replica_set)
        for _ in range(count):
            try:
                created = self.client.create("pods", pod)
            except ApiError as error:
                if "is being terminated" in error.message:
                    return None
                self.recorder.event(
                    replica_set, "Warning", "FailedCreate", f"Error creating: {error.message}"
                )
                return "FailedCreate", error.message
            message = f"Created pod: {created['metadata']['name']}"
            self.recorder.event(replica_set, "Normal", "SuccessfulCreate", message)
        return None

    def _delete(
        self, replica_set: Object, active: list[Object], count: int
    ) -> tuple[str, str] | None:
        for pod in self._ranked_for_deletion(replica_set, active)[:count]:
            metadata = pod["metadata"]
            try:
                self.client.delete("pods", metadata["namespace"], metadata["name"])
            except ApiError as error:
                if error.code == 404:
                    continue
                message = f"Error deleting: {error.message}"
                self.recorder.event(replica_set, "Warning", "FailedDelete", message)
                return "FailedDelete", error.message
            message = f"Deleted pod: {metadata['name']}"
            self.recorder.event(replica_set, "Normal", "SuccessfulDelete", message)
        return None

    def _ranked_for_deletion(self, replica_set: Object, active: list[Object]) -> list[Object]:
        """Those to go first come first. Models: ActivePodsWithRanks."""
        per_node: dict[str, int] = {}
        for pod in self._related(replica_set):
            node = pod["spec"].get("nodeName", "")
            per_node[node] = per_node.get(node, 0) + 1
        return sorted(active, key=lambda pod: _deletion_rank(pod, per_node))

    def _related(self, replica_set: Object) -> list[Object]:
        """Active pods of all sets with the same controller (the old and new of a Deployment)."""
        owner = controller_of(replica_set)
        siblings = [replica_set]
        if owner is not None:
            self._sets.add_index(pods.BY_CONTROLLER, pods.controller_uid)
            siblings = self._sets.by_index(pods.BY_CONTROLLER, owner["uid"])
        return [
            pod
            for sibling in siblings
            for pod in pods.owned_by(self._pods, sibling)
            if pods.is_active(pod)
        ]

    def _write_status(
        self,
        replica_set: Object,
        active: list[Object],
        terminating: int,
        failure: tuple[str, str] | None,
    ) -> None:
        live = self._sets.get(replica_set["metadata"]["namespace"], replica_set["metadata"]["name"])
        if live is None:
            return
        status = self._status(live, active, terminating, failure)
        if status != live.get("status", {}):
            self.client.update_status(self.resource, with_status(live, status))

    def _status(
        self,
        replica_set: Object,
        active: list[Object],
        terminating: int,
        failure: tuple[str, str] | None,
    ) -> Object:
        spec = replica_set["spec"]
        template_labels = (spec["template"].get("metadata") or {}).get("labels") or {}
        labelled = ready = available = 0
        for pod in active:
            labels = pod["metadata"].get("labels") or {}
            labelled += all(labels.get(key) == value for key, value in template_labels.items())
            available_ms = pods.available_at_ms(pod, spec.get("minReadySeconds", 0))
            if available_ms is None:
                continue
            ready += 1
            if available_ms <= self.clock.now_ms:
                available += 1
            else:
                self.enqueue_after(
                    f"{replica_set['metadata']['namespace']}/{replica_set['metadata']['name']}",
                    available_ms - self.clock.now_ms,
                )
        status: Object = {
            "replicas": len(active),
            "observedGeneration": replica_set["metadata"].get("generation", 0),
        }
        if self.counts_terminating:
            status["terminatingReplicas"] = terminating
        for field, count in (
            ("fullyLabeledReplicas", labelled),
            ("readyReplicas", ready),
            ("availableReplicas", available),
        ):
            if count:
                status[field] = count
        conditions = self._conditions(replica_set, failure)
        if conditions:
            status["conditions"] = conditions
        return status

    def _conditions(
        self, replica_set: Object, failure: tuple[str, str] | None
    ) -> list[dict[str, Any]]:
        held = replica_set.get("status", {}).get("conditions") or []
        if failure is None:
            return [item for item in held if item["type"] != "ReplicaFailure"]
        if find(held, "ReplicaFailure") is not None:
            return list(held)
        condition = {
            "type": "ReplicaFailure",
            "status": "True",
            "lastTransitionTime": rfc3339(self.clock.now_ms),
            "reason": failure[0],
            "message": failure[1],
        }
        return [*held, condition]


def _deletion_rank(pod: Object, per_node: dict[str, int]) -> tuple[Any, ...]:
    status = pod.get("status", {})
    metadata = pod["metadata"]
    node = pod["spec"].get("nodeName", "")
    ready = pods.ready_condition(pod)
    try:
        cost = int((metadata.get("annotations") or {}).get(_DELETION_COST, "0"))
    except ValueError:
        cost = 0
    restarts = max(
        (item.get("restartCount", 0) for item in status.get("containerStatuses") or ()), default=0
    )
    ready_since = parse_rfc3339(ready["lastTransitionTime"]) if ready else 0
    return (
        node != "",
        _PHASE_RANK.get(status.get("phase", "Unknown"), 1),
        ready is not None,
        cost,
        -per_node.get(node, 0),
        -ready_since,
        -restarts,
        -parse_rfc3339(metadata["creationTimestamp"]),
        metadata["name"],
    )
