"""The scheduler component: one attempt per wake, and all that follows from it.

Wakes are "next" (try the next pod), "flush" (look after pods that have waited too long),
("evict", uid) (tell victims to go) and ("volumes", uid) (see whether volumes are bound).

Models: pkg/scheduler (schedule_one.go, scheduler.go; v1.37.2).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from cluster_engine.apimachinery.conditions import with_condition
from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object, with_status
from cluster_engine.client.reconciler import ComponentContext
from cluster_engine.scheduler.binding import TIMED_OUT, TIMEOUT_MS, VolumeWait, claim_volumes, look
from cluster_engine.scheduler.cycle import Attempts, Outcome
from cluster_engine.scheduler.eviction import Evictions, eviction_of
from cluster_engine.scheduler.explanation import Explanations, attempt_of, gated_attempt
from cluster_engine.scheduler.framework import Binding, Handle
from cluster_engine.scheduler.nominator import Nominator
from cluster_engine.scheduler.pods import PodInfo, bound_pod_info, pod_info
from cluster_engine.scheduler.profile import Profile
from cluster_engine.scheduler.queue import QueuedPod, SchedulingQueue
from cluster_engine.scheduler.statuses import Code
from cluster_engine.scheduler.table import NodeTable
from cluster_engine.scheduler.watching import Watching, is_assigned, is_live, is_ours
from cluster_engine.simulation.limits import Limits
from cluster_engine.store.changes import Change

EVENT_LENGTH_MAX = 1024
SCHEDULED = "Successfully assigned {namespace}/{name} to {node}"
SKIPPED = "skip schedule deleting pod: {namespace}/{name}"
BIND_FAILED = 'running Bind plugin "DefaultBinder": {error}'
PRE_BIND_FAILED = 'running PreBind plugin "VolumeBinding": {error}'


class Scheduler:
    """See simulation.component. `explanation` and `decisions_since` tell why."""

    name = "scheduler"

    def __init__(self, context: ComponentContext, limits: Limits | None = None) -> None:
        self.context = context
        self._clock = context.clock
        self._client = context.client
        self._pods = context.informers.of("pods")
        self._nodes = context.informers.of("nodes")
        random = context.randomness.stream("scheduler")
        self.nominator = Nominator()
        self._evictions = Evictions(context.client, context.informers, context.recorder)
        handle = Handle(
            context.informers,
            random,
            lambda: self._clock.now_ms,
            self._ready_table,
            self.nominator,
            self._evictions.is_running,
        )
        self.profile = Profile(handle)
        self._filters = tuple(plugin.name for plugin in self.profile.filters)
        self._attempts = Attempts(self.profile, self.nominator, random)
        self.queue = SchedulingQueue(self.profile, lambda: self._clock.now_ms)
        kept = (limits or Limits()).scheduling_attempts_kept
        self.explanations = Explanations(kept)
        #: Built at the first attempt, then kept up to date.
        self.table_if_built: NodeTable | None = None
        self._order: Any = None
        #: Pods that wait for their volumes, by uid.
        self._waits: dict[str, VolumeWait] = {}
        self._trying = ""
        self._is_planned = False
        self._flush_at_ms = 0
        self._watching = Watching(self)

    # --- component -------------------------------------------------------------------------

    def start(self) -> None:
        """Take note of pods that were there before the scheduler; not needed after `restore`."""
        for pod in self._pods.list():
            if is_live(pod) and not is_assigned(pod) and is_ours(pod):
                self.enqueue(pod, 0)
        self.plan()

    def wake(self, message: Hashable) -> None:
        """See simulation.component."""
        if message == "next":
            self._is_planned = False
            self._try_next()
        elif message == "flush":
            self._flush_at_ms = 0
            self.queue.flush()
            self._plan_flush(self.queue.next_due_ms())
        elif isinstance(message, tuple) and message[0] == "evict":
            self._evict(message[1])
        elif isinstance(message, tuple) and message[0] == "volumes":
            self._look_at_volumes(message[1])
        self.plan()

    def state(self) -> Any:
        """See simulation.component."""
        order = self._order if self.table_if_built is None else self.table_if_built.order()
        return {
            "queue": self.queue.state(),
            "nominator": self.nominator.state(),
            "evictions": self._evictions.state(),
            "explanations": self.explanations.state(),
            "order": order,
            "start": self._attempts.start,
            "waits": [_copy_wait(wait) for wait in self._waits.values()],
            "planned": (self._is_planned, self._flush_at_ms),
        }

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        self.table_if_built = None
        self._order = state["order"]
        self._attempts.start = state["start"]
        self._waits = {wait.uid: _copy_wait(wait) for wait in state["waits"]}
        self._is_planned, self._flush_at_ms = state["planned"]
        self._evictions.restore(state["evictions"])
        self.explanations.restore(state["explanations"])
        self.queue.restore(state["queue"], self._waiting_info)
        waiting = {uid: entry.info for uid, entry in self.queue.pods.items()}
        self.nominator.restore(state["nominator"], waiting)
        if self._order is not None:
            # The order of pods on a node depends on each change: it is followed from here on.
            self._ready_table()

    # --- explanations ----------------------------------------------------------------------

    def explanation(self, namespace: str, name: str) -> Object:
        """`{"attempts": [...]}` of a pod, newest last; empty when nothing is known of it."""
        pod = self._pods.get(namespace, name)
        uid = "" if pod is None else pod["metadata"].get("uid", "")
        return {"attempts": self.explanations.of(uid)}

    def decisions_since(self, cursor: int) -> tuple[int, list[Object]]:
        """The newest decisions (50 at most) after `cursor`, and the cursor for the next time."""
        return self.explanations.decisions_since(cursor)

    # --- for the handlers --------------------------------------------------------------------

    def plan(self) -> None:
        """See to it that the next ready pod is tried."""
        if not self._is_planned and self.queue.is_ready:
            self._is_planned = True
            self.context.agenda.schedule(self._clock.now_ms, self.name, "next")

    def enqueue(self, pod: Object, cause: int) -> None:
        """A pod waits for a node."""
        info = pod_info(pod)
        self.nominator.put(info)
        entry = self.queue.add(info, cause)
        if entry.gate:
            attempt = gated_attempt(entry.gate_message, self._clock.now_ms)
            self.explanations.record(info.uid, info.key, attempt)

    def forget_waiting(self, uid: str) -> None:
        """A pod has its node, or is gone."""
        self.nominator.remove(uid)
        self.queue.remove(uid)

    def is_trying(self, uid: str) -> bool:
        """Whether this very pod is being tried right now."""
        return self._trying == uid

    def is_binding(self, uid: str) -> bool:
        """Whether the pod's node is chosen and its volumes are being bound."""
        return uid in self._waits

    def abandon_binding(self, uid: str, revision: int) -> None:
        """A pod goes away while its volumes are being bound: its place is free again."""
        wait = self._waits.pop(uid)
        if self.table_if_built is not None:
            info = self.table_if_built.remove_pod(uid)
            if info is not None:
                freed = {**info.pod, "spec": {**info.spec, "nodeName": wait.node}}
                self.queue.move_for("pods:assigned", 2, freed, None, revision)

    def volume_changed(self, change: Change) -> None:
        """A volume or claim has changed: pods that wait for it look again."""
        if not self._waits or change.resource not in (
            "persistentvolumes",
            "persistentvolumeclaims",
        ):
            return
        now_ms = self._clock.now_ms
        for wait in self._waits.values():
            if not wait.is_polled and wait.concerns(change.resource, change.namespace, change.name):
                wait.is_polled = True
                due_ms = wait.next_look_ms(now_ms, self.context.is_instant)
                self.context.agenda.schedule(due_ms, self.name, ("volumes", wait.uid))

    # --- one attempt -------------------------------------------------------------------------

    def _try_next(self) -> None:
        entry = self.queue.pop()
        if entry is None:
            return
        self._client.because(entry.cause)
        pod = entry.info
        if pod.is_terminating:
            message = SKIPPED.format(namespace=pod.namespace, name=pod.name)
            self.context.recorder.event(pod.pod, "Warning", "FailedScheduling", message)
            return
        self._trying = pod.uid
        outcome = self._attempts.attempt(pod, self._ready_table())
        attempt = attempt_of(outcome, self._filters, self._clock.now_ms)
        self.explanations.record(pod.uid, pod.key, attempt)
        if outcome.node is None:
            self._fail(entry, outcome)
        else:
            self._place(entry, outcome, outcome.node)
        self._trying = ""

    def _place(self, entry: QueuedPod, outcome: Outcome, node_name: str) -> None:
        node = outcome.cycle.table.node(node_name)
        assert node is not None
        for plugin in self.profile.pre_binds:
            binding = plugin.pre_bind(outcome.cycle, node)
            if binding is not None:
                self._begin_binding(entry, node_name, binding)
                return
        self._bind(entry, node_name)

    def _bind(self, entry: QueuedPod, node_name: str) -> None:
        pod = entry.info
        try:
            self._client.bind(pod.namespace, pod.name, pod.uid, node_name)
        except ApiError as error:
            self._report(entry, BIND_FAILED.format(error=error.message), (), "", is_error=True)
            return
        message = SCHEDULED.format(namespace=pod.namespace, name=pod.name, node=node_name)
        self.context.recorder.event(pod.pod, "Normal", "Scheduled", message)

    def _fail(self, entry: QueuedPod, outcome: Outcome) -> None:
        pod = entry.info
        if outcome.victims is not None:
            eviction = eviction_of(pod, outcome.victims, entry.cause)
            if eviction is not None:
                self._evictions.begin(eviction)
                self.context.agenda.schedule(self._clock.now_ms, self.name, ("evict", pod.uid))
        is_error = outcome.failure == Code.ERROR
        rejectors = outcome.rejectors if outcome.failure == Code.UNSCHEDULABLE else ()
        self._report(entry, outcome.message, rejectors, outcome.nominated_node, is_error=is_error)

    def _report(
        self,
        entry: QueuedPod,
        message: str,
        rejectors: tuple[str, ...],
        nominated_node: str | None,
        *,
        is_error: bool,
    ) -> None:
        """A pod has no node: put it back, and tell why in an event and in its status."""
        pod = self._pods.get(entry.info.namespace, entry.info.name)
        if pod is None or pod["metadata"].get("uid") != entry.info.uid or is_assigned(pod):
            return
        entry.info = pod_info(pod)
        self.queue.put_back(entry, rejectors)
        self._plan_flush(self.queue.due_ms(entry))
        self.nominator.put(entry.info, nominated_node)
        self.context.recorder.event(pod, "Warning", "FailedScheduling", _shortened(message))
        reason = "SchedulerError" if is_error else "Unschedulable"
        self._write_status(pod, reason, message, nominated_node)

    def _write_status(
        self, pod: Object, reason: str, message: str, nominated_node: str | None
    ) -> None:
        status = pod.get("status") or {}
        held = status.get("conditions")
        conditions = held
        if reason:
            conditions = with_condition(
                held,
                "PodScheduled",
                "False",
                reason,
                message,
                self._clock.now_ms,
                lastProbeTime=None,
                observedGeneration=pod["metadata"].get("generation", 0),
            )
        is_renamed = nominated_node is not None and nominated_node != (
            status.get("nominatedNodeName") or ""
        )
        if conditions is held and not is_renamed:
            return
        changed: Object = {**status, "conditions": conditions}
        if is_renamed:
            changed["nominatedNodeName"] = nominated_node
            if not nominated_node:
                del changed["nominatedNodeName"]
        try:
            self._client.update_status("pods", with_status(pod, changed))
        except ApiError:
            return  # the pod has changed or gone: its next attempt writes again

    # --- volumes -----------------------------------------------------------------------------

    def _begin_binding(self, entry: QueuedPod, node_name: str, binding: Binding) -> None:
        pod = entry.info
        now_ms = self._clock.now_ms
        wait = VolumeWait(
            pod.namespace,
            pod.name,
            pod.uid,
            node_name,
            binding,
            now_ms,
            entry.cause,
            entry.attempts,
        )
        self._waits[pod.uid] = wait
        self.nominator.remove(pod.uid)
        self._ready_table().add_pod(pod, node_name)
        self._write_status(pod.pod, "", "", node_name)
        try:
            claim_volumes(self._client, self.context.informers, wait)
        except ApiError as error:
            self._binding_failed(wait, error.message)
            return
        self.context.agenda.schedule(now_ms + TIMEOUT_MS, self.name, ("volumes", pod.uid))
        if not wait.is_polled and look(self.context.informers, wait) is not None:
            wait.is_polled = True
            due_ms = wait.next_look_ms(now_ms, self.context.is_instant)
            self.context.agenda.schedule(due_ms, self.name, ("volumes", pod.uid))

    def _look_at_volumes(self, uid: str) -> None:
        wait = self._waits.get(uid)
        if wait is None:
            return
        wait.is_polled = False
        self._client.because(wait.cause)
        found = look(self.context.informers, wait)
        if found is None and self._clock.now_ms < wait.started_ms + TIMEOUT_MS:
            return
        if found is None or found:
            self._binding_failed(wait, f"binding volumes: {found or TIMED_OUT}")
            return
        entry = self._entry_of(wait)
        if entry is None:
            return
        del self._waits[uid]
        self._bind(entry, wait.node)

    def _binding_failed(self, wait: VolumeWait, error: str) -> None:
        entry = self._entry_of(wait)
        self.abandon_binding(wait.uid, wait.cause)
        if entry is not None:
            message = PRE_BIND_FAILED.format(error=error)
            self._report(entry, message, (), "", is_error=True)

    def _entry_of(self, wait: VolumeWait) -> QueuedPod | None:
        info = self._waiting_info(wait.namespace, wait.name)
        if info is None or info.uid != wait.uid:
            return None
        entry = QueuedPod(info, self._clock.now_ms, 0, wait.cause)
        entry.attempts = wait.attempts
        return entry

    # --- preemption --------------------------------------------------------------------------

    def _evict(self, uid: str) -> None:
        eviction = self._evictions.get(uid)
        if eviction is None:
            return
        self._client.because(eviction.cause)
        for info in self.nominator.on(eviction.node):
            if info.priority < eviction.priority and info.nominated_node:
                self._write_status(info.pod, "", "", "")
        for _, _, victim_uid in eviction.victims:
            if victim_uid in self._waits:
                self._binding_failed(self._waits[victim_uid], "preempted by DefaultPreemption")
        if self._evictions.step(uid, self._clock.now_ms):
            # Victims that left at once may have called the pod while it still had to wait.
            self.queue.reopen(uid)
        else:
            self.context.agenda.schedule(self._clock.now_ms, self.name, ("evict", uid))

    # --- inside ------------------------------------------------------------------------------

    def _ready_table(self) -> NodeTable:
        table = self.table_if_built
        if table is None:
            table = self.table_if_built = self._build_table()
        table.refresh()
        return table

    def _build_table(self) -> NodeTable:
        table = NodeTable()
        for node in self._nodes.list():
            table.set_node(node)
        for pod in self._pods.list():
            if is_live(pod) and is_assigned(pod):
                table.add_pod(bound_pod_info(pod), pod["spec"]["nodeName"])
        for wait in self._waits.values():
            info = self._waiting_info(wait.namespace, wait.name)
            if info is not None:
                table.add_pod(info, wait.node)
        if self._order is not None:
            table.restore_order(self._order)
            self._order = None
        return table

    def _waiting_info(self, namespace: str, name: str) -> PodInfo | None:
        pod = self._pods.get(namespace, name)
        return None if pod is None or is_assigned(pod) else pod_info(pod)

    def _plan_flush(self, due_ms: int | None) -> None:
        """Look after waiting pods at `due_ms` or before."""
        if due_ms is None or 0 < self._flush_at_ms <= due_ms:
            return
        self._flush_at_ms = due_ms
        self.context.agenda.schedule(due_ms, self.name, "flush")


def _copy_wait(wait: VolumeWait) -> VolumeWait:
    return VolumeWait(
        wait.namespace,
        wait.name,
        wait.uid,
        wait.node,
        wait.binding,
        wait.started_ms,
        wait.cause,
        wait.attempts,
        wait.is_polled,
    )


def _shortened(message: str) -> str:
    if len(message) <= EVENT_LENGTH_MAX:
        return message
    return f"{message[: EVENT_LENGTH_MAX - 4]} ..."
