"""The frame of a controller: keys in, one level-triggered `reconcile` per key.

Handlers enqueue; `wake` takes one key from the queue and reconciles it. A failed key comes back
after a growing delay. The queue is state, so a fork goes on where the original was.

Models: k8s.io/client-go/util/workqueue (v0.37.2): 5 ms doubling to 1000 s.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Protocol

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object, key_of
from cluster_engine.client.client import Client
from cluster_engine.client.informer import Informers
from cluster_engine.client.recorder import Recorder
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.changes import Change

RETRY_MS_FIRST = 5
RETRY_MS_MAX = 1_000_000
#: See Agenda.schedule: reconcilers run when everything else due at this moment has.
RECONCILE_LANE = 1


class ComponentContext(Protocol):
    """What a component is given to work with; `cluster.py` makes one per component."""

    clock: Clock
    agenda: Agenda
    randomness: Randomness
    informers: Informers
    client: Client
    recorder: Recorder
    #: True under the `instant` profile: no artificial delays.
    is_instant: bool

    def client_for(self, actor: str, manager: str) -> Client:
        """A client that acts in another name (the kubelets: `system:node:<name>`)."""

    def recorder_for(
        self, component: str, host: str = "", client: Client | None = None
    ) -> Recorder:
        """A recorder whose events say that component and host, written by `client` when given."""


class Reconciler:
    """Base of controllers: set `name`, subscribe in `__init__`, implement `reconcile`."""

    name = ""

    def __init__(self, context: ComponentContext) -> None:
        self.context = context
        self.clock = context.clock
        self.client = context.client
        self.informers = context.informers
        self.recorder = context.recorder
        #: Waiting keys in order, each with the revision that made it wait.
        self._queue: dict[str, int] = {}
        self._failures: dict[str, int] = {}
        #: When a key comes back by itself, and the agenda's ticket for that.
        self._later: dict[str, tuple[int, int]] = {}
        self._is_planned = False

    def reconcile(self, key: str) -> None:
        """Bring the object named by `key` (`namespace/name`) nearer to what it asks for.

        Reads all it needs, decides, writes. May raise ApiError: the key then comes back later.
        """
        raise NotImplementedError

    def enqueue(self, key: str, revision: int = 0) -> None:
        """Reconcile `key` soon, once however often it is asked for."""
        self._queue[key] = revision or self._queue.get(key, 0)
        self._plan()

    def enqueue_object(self, obj: Object, revision: int = 0) -> None:
        """Reconcile that object soon."""
        self.enqueue(key_of(obj), revision)

    def enqueue_change(self, change: Change) -> None:
        """An informer handler: reconcile the object that changed."""
        self.enqueue(key_of(change.object), change.revision)

    def enqueue_after(self, key: str, delay_ms: int) -> None:
        """Reconcile `key` after a while; of several such wishes the earliest counts."""
        due_ms = self.clock.now_ms + max(delay_ms, 0)
        waiting = self._later.get(key)
        if waiting is not None:
            if waiting[0] <= due_ms:
                return
            self.context.agenda.cancel(waiting[1])
        ticket = self.context.agenda.schedule(due_ms, self.name, ("later", key))
        self._later[key] = (due_ms, ticket)

    def wake(self, message: Hashable) -> None:
        """Reconcile the first waiting key, or put one back whose time has come."""
        if isinstance(message, tuple):
            key = message[1]
            self._later.pop(key, None)
            self.enqueue(key)
            return
        self._is_planned = False
        if not self._queue:
            return
        key = next(iter(self._queue))
        self.client.because(self._queue.pop(key))
        try:
            self.reconcile(key)
        except ApiError:
            failures = self._failures[key] = self._failures.get(key, 0) + 1
            delay_ms = min(RETRY_MS_FIRST << min(failures - 1, 20), RETRY_MS_MAX)
            self.enqueue_after(key, delay_ms)
        else:
            self._failures.pop(key, None)
        self._plan()

    def state(self) -> Any:
        """See simulation.component."""
        return (dict(self._queue), dict(self._failures), dict(self._later), self._is_planned)

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        queue, failures, later, self._is_planned = state
        self._queue, self._failures, self._later = dict(queue), dict(failures), dict(later)

    def _plan(self) -> None:
        if self._queue and not self._is_planned:
            self._is_planned = True
            self.context.agenda.schedule(self.clock.now_ms, self.name, "next", RECONCILE_LANE)
