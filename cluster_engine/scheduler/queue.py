"""Pods that wait for a node: ready ones, ones that back off, and ones no try can help right now.

A rejected pod waits until an event that may help it (its rejecting plugins say which), or five
minutes. It then backs off, 1 s doubling to 10 s from its last try, unless there is nothing better
to do: an idle scheduler takes backing-off pods early.

Models: pkg/scheduler/backend/queue (v1.37.2).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.profile import Profile

BACKOFF_MS_FIRST = 1_000
BACKOFF_MS_MAX = 10_000
#: Backoffs end together, at whole seconds.
BACKOFF_WINDOW_MS = 1_000
#: A rejected pod is tried again after this long even if nothing has happened…
UNSCHEDULABLE_MS_MAX = 300_000
#: …which is looked after this often.
FLUSH_MS = 30_000

ACTIVE, BACKOFF, ERROR_BACKOFF, UNSCHEDULABLE = "active", "backoff", "error-backoff", "waiting"

_HeapEntry: TypeAlias = tuple[tuple[int, ...], int]


@dataclass(slots=True)
class QueuedPod:
    """A waiting pod and its history. Changed only by the queue."""

    info: PodInfo
    #: When it was last put in the queue, and its place among those of the same moment.
    since_ms: int
    ticket: int
    #: The revision of the change that made it wait or come back.
    cause: int = 0
    place: str = ""
    attempts: int = 0
    unschedulable_count: int = 0
    error_count: int = 0
    #: Plugins that rejected it the last time.
    rejectors: tuple[str, ...] = ()
    #: The plugin that keeps it from being tried at all, and why.
    gate: str = ""
    gate_message: str = ""
    #: When it was last moved for having waited too long.
    flushed_ms: int = 0

    @property
    def backoff_until_ms(self) -> int:
        """When it has backed off enough; 0 before its first failure."""
        count = self.error_count or self.unschedulable_count
        if not count:
            return 0
        duration = min(BACKOFF_MS_FIRST << min(count - 1, 10), BACKOFF_MS_MAX)
        return _aligned(self.since_ms + duration)


class SchedulingQueue:
    """All waiting pods by uid. `now_ms` tells the time."""

    def __init__(self, profile: Profile, now_ms: Callable[[], int]) -> None:
        self._profile = profile
        self._now_ms = now_ms
        self.pods: dict[str, QueuedPod] = {}
        self._heaps: dict[str, list[_HeapEntry]] = {ACTIVE: [], BACKOFF: [], ERROR_BACKOFF: []}
        self._by_ticket: dict[int, QueuedPod] = {}
        #: Rejected pods by rejecting plugin, so that an event looks at few of them.
        self._rejected: dict[str, dict[str, QueuedPod]] = {}
        self._next_ticket = 1

    # --- coming and going --------------------------------------------------------------------

    def add(self, info: PodInfo, cause: int) -> QueuedPod:
        """A new pod."""
        entry = QueuedPod(info, self._now_ms(), self._take_ticket(), cause)
        self.pods[info.uid] = entry
        self._activate(entry)
        return entry

    def update(self, info: PodInfo, old: Object, actions: Iterable[int], cause: int) -> bool:
        """A waiting pod has changed, in the ways `actions` say. False when it does not wait."""
        entry = self.pods.get(info.uid)
        if entry is None:
            return False
        entry.info = info
        if entry.place == UNSCHEDULABLE:
            for action in actions:
                if self._is_worth(entry, TARGET, action, old, info.pod):
                    entry.cause = cause
                    self._requeue(entry)
                    break
        return True

    def remove(self, uid: str) -> QueuedPod | None:
        """A pod is bound or gone."""
        entry = self.pods.pop(uid, None)
        if entry is not None:
            self._leave(entry)
        return entry

    def pop(self) -> QueuedPod | None:
        """The next pod to try; it leaves the queue."""
        entry = self._peek(ACTIVE) or self._peek(BACKOFF)
        if entry is None:
            return None
        self.remove(entry.info.uid)
        entry.attempts += 1
        return entry

    def put_back(self, entry: QueuedPod, rejectors: tuple[str, ...]) -> None:
        """A try has failed: those plugins rejected the pod, or none and something went wrong."""
        entry.rejectors = rejectors
        if rejectors:
            entry.unschedulable_count += 1
            entry.error_count = 0
        else:
            entry.error_count += 1
        entry.since_ms = self._now_ms()
        entry.ticket = self._take_ticket()
        self.pods[entry.info.uid] = entry
        if rejectors:
            self._wait(entry)
        else:
            self._requeue(entry)

    def reopen(self, uid: str) -> None:
        """The gate that keeps a pod out may be open now."""
        entry = self.pods.get(uid)
        if entry is not None and entry.gate:
            self._requeue(entry)

    # --- events ------------------------------------------------------------------------------

    def move_for(
        self,
        resource: str,
        action: int,
        old: Object | None,
        new: Object | None,
        cause: int,
        priority_max: int | None = None,
    ) -> None:
        """Something has happened: pods that it may help come back."""
        if not self._rejected:
            return
        moved: dict[str, QueuedPod] = {}
        for plugin, interest in self._profile.interested(resource, action):
            for uid, entry in self._rejected.get(plugin.name, {}).items():
                if uid in moved or not self._may_hear(entry, resource, action):
                    continue
                if priority_max is not None and entry.info.priority > priority_max:
                    continue
                if interest.hint is None or interest.hint(plugin, entry.info, old, new):
                    moved[uid] = entry
        for entry in sorted(moved.values(), key=_by_ticket):
            entry.cause = cause
            self._requeue(entry)

    def flush(self) -> None:
        """Bring back pods that have waited too long, and those whose error is long enough ago."""
        self._flush_errors()
        now_ms = self._now_ms()
        for entry in sorted(self.pods.values(), key=_by_ticket):
            if entry.place != UNSCHEDULABLE or entry.gate:
                continue
            if now_ms - max(entry.since_ms, entry.flushed_ms) > UNSCHEDULABLE_MS_MAX:
                entry.flushed_ms = now_ms
                self._requeue(entry)

    # --- what is next ------------------------------------------------------------------------

    @property
    def has_rejected(self) -> bool:
        """Whether any pod waits for something to happen."""
        return bool(self._rejected)

    @property
    def is_ready(self) -> bool:
        """Whether there is a pod to try right now."""
        return self._peek(ACTIVE) is not None or self._peek(BACKOFF) is not None

    def next_due_ms(self) -> int | None:
        """When a pod will be ready or will have waited too long; None when never."""
        due = (self.due_ms(entry) for entry in self.pods.values())
        return min((moment for moment in due if moment is not None), default=None)

    def due_ms(self, entry: QueuedPod) -> int | None:
        """When that pod comes back by itself; None when it does not, or is ready."""
        if entry.place == ERROR_BACKOFF:
            return entry.backoff_until_ms + BACKOFF_WINDOW_MS
        if entry.place != UNSCHEDULABLE or entry.gate:
            return None
        # Upstream looks every 30 s; so do we, on a fixed beat.
        late_ms = max(entry.since_ms, entry.flushed_ms) + UNSCHEDULABLE_MS_MAX
        return (late_ms // FLUSH_MS + 1) * FLUSH_MS

    # --- state -------------------------------------------------------------------------------

    def state(self) -> Any:
        """Everything but the pods themselves."""
        entries = [
            {
                "uid": e.info.uid,
                "key": (e.info.namespace, e.info.name),
                "since_ms": e.since_ms,
                "ticket": e.ticket,
                "cause": e.cause,
                "place": e.place,
                "attempts": e.attempts,
                "unschedulable_count": e.unschedulable_count,
                "error_count": e.error_count,
                "rejectors": e.rejectors,
                "gate": e.gate,
                "gate_message": e.gate_message,
                "flushed_ms": e.flushed_ms,
            }
            for e in self.pods.values()
        ]
        return self._next_ticket, entries

    def restore(self, state: Any, find: Callable[[str, str], PodInfo | None]) -> None:
        """Take over a state; `find` gives a waiting pod by namespace and name."""
        self.pods.clear()
        self._by_ticket.clear()
        self._rejected.clear()
        for heap in self._heaps.values():
            heap.clear()
        self._next_ticket, entries = state
        for fields in entries:
            info = find(*fields["key"])
            if info is None or info.uid != fields["uid"]:
                continue
            rest = {k: v for k, v in fields.items() if k not in ("uid", "key", "place")}
            entry = replace(QueuedPod(info, 0, 0), **rest)
            self.pods[info.uid] = entry
            self._enter(entry, fields["place"])

    # --- inside ------------------------------------------------------------------------------

    def _take_ticket(self) -> int:
        ticket = self._next_ticket
        self._next_ticket += 1
        return ticket

    def _is_worth(
        self, entry: QueuedPod, resource: str, action: int, old: Object, new: Object
    ) -> bool:
        """Whether an event helps this pod, in the eyes of one of the plugins that rejected it."""
        if not entry.rejectors:
            return True
        for plugin, interest in self._profile.interested(resource, action):
            if plugin.name in entry.rejectors and (
                interest.hint is None or interest.hint(plugin, entry.info, old, new)
            ):
                return True
        return False

    def _may_hear(self, entry: QueuedPod, resource: str, action: int) -> bool:
        """A gated pod hears only what its gate wants to hear."""
        if not entry.gate:
            return True
        heard = self._profile.interested(resource, action)
        return any(plugin.name == entry.gate for plugin, _ in heard)

    def _requeue(self, entry: QueuedPod) -> None:
        """Back off if it has not done so long enough, else be ready."""
        self._leave(entry)
        if entry.backoff_until_ms < _aligned(self._now_ms()):
            self._activate(entry)
        elif not self._is_gated(entry):
            self._enter(entry, BACKOFF if entry.rejectors else ERROR_BACKOFF)

    def _activate(self, entry: QueuedPod) -> None:
        if not self._is_gated(entry):
            self._enter(entry, ACTIVE)

    def _is_gated(self, entry: QueuedPod) -> bool:
        """Ask the gates; a gated pod waits with the rejected ones."""
        for plugin in self._profile.pre_enqueue:
            status = plugin.pre_enqueue(entry.info)
            if status is not None:
                entry.gate, entry.gate_message = plugin.name, status.message
                if plugin.name not in entry.rejectors:
                    entry.rejectors = (*entry.rejectors, plugin.name)
                self._wait(entry)
                return True
        entry.gate = entry.gate_message = ""
        return False

    def _wait(self, entry: QueuedPod) -> None:
        self._enter(entry, UNSCHEDULABLE)

    def _enter(self, entry: QueuedPod, place: str) -> None:
        entry.place = place
        if place == UNSCHEDULABLE:
            for name in entry.rejectors:
                self._rejected.setdefault(name, {})[entry.info.uid] = entry
            return
        self._by_ticket[entry.ticket] = entry
        order = self._profile.queue_sort.sort_key(entry.info.priority, entry.since_ms)
        if place != ACTIVE:
            order = (entry.backoff_until_ms, *order)
        heapq.heappush(self._heaps[place], (order, entry.ticket))

    def _leave(self, entry: QueuedPod) -> None:
        if entry.place == UNSCHEDULABLE:
            for name in entry.rejectors:
                held = self._rejected.get(name, {})
                held.pop(entry.info.uid, None)
                if not held:
                    self._rejected.pop(name, None)
        else:
            self._by_ticket.pop(entry.ticket, None)
        entry.place = ""

    def _peek(self, place: str) -> QueuedPod | None:
        heap = self._heaps[place]
        while heap:
            entry = self._by_ticket.get(heap[0][1])
            if entry is not None and entry.place == place:
                return entry
            heapq.heappop(heap)
        return None

    def _flush_errors(self) -> None:
        now_ms = _aligned(self._now_ms())
        while True:
            entry = self._peek(ERROR_BACKOFF)
            if entry is None or entry.backoff_until_ms >= now_ms:
                return
            self._leave(entry)
            self._activate(entry)


TARGET = "pods:target"


def _aligned(time_ms: int) -> int:
    return time_ms - time_ms % BACKOFF_WINDOW_MS


def _by_ticket(entry: QueuedPod) -> int:
    return entry.ticket
