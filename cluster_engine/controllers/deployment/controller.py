"""The Deployment controller: reads, decides what kind of step is due, and takes it.

Models: k8s.io/kubernetes/pkg/controller/deployment/deployment_controller.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import (
    Object,
    controller_of,
    split_key,
    with_metadata,
)
from cluster_engine.apimachinery.selectors import from_label_selector
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.controllers import pods
from cluster_engine.controllers.deployment import counts, recreate, rolling, scaling
from cluster_engine.controllers.deployment import status as statuses
from cluster_engine.controllers.deployment.rollout import Rollout
from cluster_engine.store.changes import Change

_SETS = "replicasets.apps"


class DeploymentController(Reconciler):
    """Reconciles Deployments with their ReplicaSets."""

    name = "deployment-controller"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._deployments = context.informers.of("deployments.apps")
        self._sets = context.informers.of(_SETS)
        self._pods = context.informers.of("pods")
        self._sets.add_index(pods.BY_CONTROLLER, pods.controller_uid)
        self._pods.add_index(pods.BY_CONTROLLER, pods.controller_uid)
        self._deployments.add_handler(self.enqueue_change)
        self._sets.add_handler(self._note_set)
        self._pods.add_handler(self._note_pod)

    def reconcile(self, key: str) -> None:
        """Take the next step of a rollout, a scaling or a pause, and write the status."""
        deployment = self._deployments.get(*split_key(key))
        if deployment is None:
            return
        if not deployment["spec"].get("selector"):
            message = "This deployment is selecting all pods. A non-empty selector is required."
            self.recorder.event(deployment, "Warning", "SelectingAll", message)
            return
        rollout = Rollout(self.client, self.recorder, self.clock.now_ms, deployment)
        rollout.take(self._claimed(deployment))
        if "deletionTimestamp" in deployment["metadata"]:
            rollout.find_new(is_creating=False)
            rollout.write_status(is_rollout=False)
            return
        self._mark_pause(rollout)
        if deployment["spec"].get("paused"):
            self._sync(rollout)
            return
        rollout.find_new(is_creating=False)
        if scaling.is_scaling_event(rollout):
            self._sync(rollout)
        elif (deployment["spec"].get("strategy") or {}).get("type") == "Recreate":
            recreate.step(rollout, self._pods)
        else:
            rolling.step(rollout)
        self._look_again(key, rollout)

    def _look_again(self, key: str, rollout: Rollout) -> None:
        live = self._deployments.get(*split_key(key))
        if live is not None:
            delay = statuses.check_after_ms(live, live.get("status") or {}, self.clock.now_ms)
            if delay is not None:
                self.enqueue_after(key, delay)

    def _sync(self, rollout: Rollout) -> None:
        """Scale without rolling out: for paused deployments and scaling events."""
        rollout.find_new(is_creating=False)
        scaling.scale(rollout)
        if rollout.deployment["spec"].get("paused"):
            rollout.clean_up()
        rollout.write_status(is_rollout=False)

    def _mark_pause(self, rollout: Rollout) -> None:
        deployment = rollout.deployment
        if not counts.has_deadline(deployment):
            return
        held = find((deployment.get("status") or {}).get("conditions") or [], "Progressing")
        if held is not None and held.get("reason") == statuses.TIMED_OUT:
            return
        is_marked = held is not None and held.get("reason") == statuses.PAUSED
        is_paused = bool(deployment["spec"].get("paused"))
        if is_paused and not is_marked:
            rollout.set_progress("Unknown", statuses.PAUSED, "Deployment is paused")
        elif is_marked and not is_paused:
            rollout.set_progress("Unknown", "DeploymentResumed", "Deployment is resumed")

    def _claimed(self, deployment: Object) -> list[Object]:
        selector = from_label_selector(deployment["spec"]["selector"])
        is_leaving = "deletionTimestamp" in deployment["metadata"]
        claimed = []
        for replica_set in pods.owned_by(self._sets, deployment):
            if selector.matches(replica_set["metadata"].get("labels") or {}):
                claimed.append(replica_set)
            elif not is_leaving:
                self.client.update(_SETS, with_metadata(replica_set, ownerReferences=None))
        if is_leaving:
            return claimed
        for replica_set in self._sets.by_index(pods.BY_CONTROLLER, ""):
            metadata = replica_set["metadata"]
            if (
                metadata["namespace"] == deployment["metadata"]["namespace"]
                and "deletionTimestamp" not in metadata
                and selector.matches(metadata.get("labels") or {})
            ):
                owners = [pods.controller_reference(deployment)]
                adopted = with_metadata(replica_set, ownerReferences=owners)
                claimed.append(self.client.update(_SETS, adopted))
        return claimed

    def _note_set(self, change: Change) -> None:
        owner = controller_of(change.object)
        if owner is not None and owner["kind"] == "Deployment":
            self.enqueue(f"{change.namespace}/{owner['name']}", change.revision)
        elif owner is None and change.type != "DELETED":
            labels = change.object["metadata"].get("labels") or {}
            for deployment in self._deployments.list(change.namespace):
                if from_label_selector(deployment["spec"].get("selector")).matches(labels):
                    self.enqueue_object(deployment, change.revision)

    def _note_pod(self, change: Change) -> None:
        """A Recreate deployment goes on when the last of its old pods has gone."""
        if change.type != "DELETED":
            return
        owner = controller_of(change.object)
        if owner is None or owner["kind"] != "ReplicaSet":
            return
        replica_set = self._sets.get(change.namespace, owner["name"])
        above = controller_of(replica_set) if replica_set is not None else None
        if above is None or above["kind"] != "Deployment":
            return
        deployment = self._deployments.get(change.namespace, above["name"])
        if deployment is not None:
            strategy = deployment["spec"].get("strategy") or {}
            if strategy.get("type") == "Recreate":
                self.enqueue_object(deployment, change.revision)
