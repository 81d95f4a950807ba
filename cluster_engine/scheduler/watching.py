"""Taking note of what happens: the node table and the queue follow the API objects.

Handlers run right after each write, only read, and plan the scheduler's next wake.

Models: pkg/scheduler/eventhandlers.go (v1.37.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler import events
from cluster_engine.scheduler.pods import bound_pod_info, pod_info
from cluster_engine.scheduler.profile import SCHEDULER_NAME
from cluster_engine.scheduler.resources import has_status_resources
from cluster_engine.store.changes import DELETED, Change

if TYPE_CHECKING:
    from cluster_engine.scheduler.scheduler import Scheduler


def is_assigned(pod: Object) -> bool:
    """Whether the pod has a node."""
    return bool(pod["spec"].get("nodeName"))


def is_ours(pod: Object) -> bool:
    """Whether the pod asks for this scheduler."""
    return (pod["spec"].get("schedulerName") or SCHEDULER_NAME) == SCHEDULER_NAME


def is_live(pod: Object) -> bool:
    """Whether the pod may still run; finished ones take nothing from their node."""
    return (pod.get("status") or {}).get("phase") not in ("Succeeded", "Failed")


class Watching:
    """The handlers of one scheduler."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        informers = scheduler.context.informers
        informers.of("pods").add_handler(self._pod)
        informers.of("nodes").add_handler(self._node)
        for resource in events.OTHER_RESOURCES:
            informers.of(resource).add_handler(self._other)

    # --- pods ------------------------------------------------------------------------------

    def _pod(self, change: Change) -> None:
        old = None if change.previous is None else change.previous.object
        new = None if change.type == DELETED else change.object
        scheduler = self._scheduler
        if new is None:
            scheduler.explanations.forget(change.object["metadata"].get("uid", ""))
        old = old if old is not None and is_live(old) else None
        new = new if new is not None and is_live(new) else None
        if old is None and new is None:
            return
        if old is None and new is not None:
            self._pod_added(new, change.revision)
        elif new is None and old is not None:
            self._pod_removed(old, change.revision)
        elif old is not None and new is not None:
            self._pod_changed(old, new, change.revision)
        scheduler.plan()

    def _pod_added(self, pod: Object, revision: int) -> None:
        if is_assigned(pod):
            self._assigned(pod, revision)
        elif is_ours(pod):
            self._scheduler.enqueue(pod, revision)

    def _assigned(self, pod: Object, revision: int) -> None:
        scheduler = self._scheduler
        table = scheduler.table_if_built
        if table is not None:
            table.remove_pod(pod["metadata"]["uid"])
            table.add_pod(bound_pod_info(pod), pod["spec"]["nodeName"])
        scheduler.queue.move_for(events.ASSIGNED_POD, events.ADD, None, pod, revision)

    def _pod_changed(self, old: Object, new: Object, revision: int) -> None:
        if is_assigned(old):
            self._assigned_changed(old, new, revision)
        elif is_assigned(new):
            self._assigned(new, revision)
            self._scheduler.forget_waiting(new["metadata"]["uid"])
        elif is_ours(old):
            self._waiting_changed(old, new, revision)

    def _assigned_changed(self, old: Object, new: Object, revision: int) -> None:
        scheduler = self._scheduler
        table = scheduler.table_if_built
        if table is not None:
            held = table.pod(new["metadata"]["uid"])
            if held is None or _counts_otherwise(held.pod, new):
                table.remove_pod(new["metadata"]["uid"])
                table.add_pod(bound_pod_info(new), new["spec"]["nodeName"])
            else:
                held.pod = new
        if scheduler.queue.has_rejected:
            for action in events.pod_changes(old, new):
                scheduler.queue.move_for(events.ASSIGNED_POD, action, old, new, revision)

    def _waiting_changed(self, old: Object, new: Object, revision: int) -> None:
        scheduler = self._scheduler
        uid = new["metadata"]["uid"]
        if scheduler.is_binding(uid):
            going = new["metadata"].get("deletionTimestamp") is not None
            if going and old["metadata"].get("deletionTimestamp") is None:
                scheduler.abandon_binding(uid, revision)
            return
        info = pod_info(new)
        scheduler.nominator.update(_nominated(old), info)
        entry = scheduler.queue.pods.get(uid)
        actions = events.pod_changes(old, new) if entry is not None and entry.rejectors else ()
        is_known = scheduler.queue.update(info, old, actions, revision)
        if not is_known and not scheduler.is_trying(uid):
            scheduler.enqueue(new, revision)
        if _nominated(old) and _nominated(old) != _nominated(new):
            self._released(old, revision)

    def _pod_removed(self, pod: Object, revision: int) -> None:
        scheduler = self._scheduler
        uid = pod["metadata"].get("uid", "")
        if is_assigned(pod):
            if scheduler.table_if_built is not None:
                scheduler.table_if_built.remove_pod(uid)
            scheduler.queue.move_for(events.ASSIGNED_POD, events.DELETE, pod, None, revision)
        elif is_ours(pod):
            scheduler.forget_waiting(uid)
            if scheduler.is_binding(uid):
                scheduler.abandon_binding(uid, revision)
            elif _nominated(pod):
                self._released(pod, revision)

    def _released(self, pod: Object, revision: int) -> None:
        """A pod is no longer meant for its node: less important ones may have it."""
        priority = pod["spec"].get("priority") or 0
        self._scheduler.queue.move_for(
            events.ASSIGNED_POD, events.DELETE, pod, None, revision, priority
        )

    # --- nodes and the rest ------------------------------------------------------------------

    def _node(self, change: Change) -> None:
        scheduler = self._scheduler
        table = scheduler.table_if_built
        queue = scheduler.queue
        old = None if change.previous is None else change.previous.object
        if change.type == DELETED:
            queue.move_for(events.NODE, events.DELETE, old, None, change.revision)
            if table is not None:
                table.remove_node(change.name)
        else:
            new = change.object
            if table is not None:
                table.set_node(new)
            if old is None:
                queue.move_for(events.NODE, events.ADD, None, new, change.revision)
            elif queue.has_rejected:
                for action in events.node_changes(old, new):
                    queue.move_for(events.NODE, action, old, new, change.revision)
        scheduler.plan()

    def _other(self, change: Change) -> None:
        scheduler = self._scheduler
        old = None if change.previous is None else change.previous.object
        new = None if change.type == DELETED else change.object
        if scheduler.queue.has_rejected:
            action = events.DELETE if new is None else events.UPDATE
            action = events.ADD if old is None else action
            scheduler.queue.move_for(change.resource, action, old, new, change.revision)
        scheduler.volume_changed(change)
        scheduler.plan()


def _nominated(pod: Object) -> str:
    return (pod.get("status") or {}).get("nominatedNodeName") or ""


def _counts_otherwise(old: Object, new: Object) -> bool:
    """Whether the change matters to the node table."""
    before, after = old["metadata"], new["metadata"]
    if (before.get("deletionTimestamp") is None) != (after.get("deletionTimestamp") is None):
        return True
    if before.get("labels") is not after.get("labels") and before.get("labels") != after.get(
        "labels"
    ):
        return True
    if old["spec"] is not new["spec"] and old["spec"] != new["spec"]:
        return True
    if not has_status_resources(new):
        return False
    return bool(events.resource_status(old) != events.resource_status(new))
