"""The facade: one simulated cluster, driven through a few doors.

`handle` a request, `advance` the clock, ask for the `next_deadline`, look on through a `viewer`,
`fork`, `snapshot`. Nothing happens between calls. The same seed and the same calls give the same
bytes: a host that remembers the calls can bring a cluster back with `restore`, `replay` and them.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from typing import Any

from cluster_engine.apiserver.person_writes import PersonWrite
from cluster_engine.apiserver.requests import Recipe, Request, Response, Stream
from cluster_engine.peeking import PREFIX as PEEK_PREFIX
from cluster_engine.peeking import peek
from cluster_engine.portable.reading import read
from cluster_engine.portable.writing import write
from cluster_engine.projection.viewer import Viewer
from cluster_engine.simulation.limits import Limits
from cluster_engine.spec import ClusterSpec
from cluster_engine.wiring import Parts, fill, wire

#: Of a snapshot; raised when its form changes.
SNAPSHOT_VERSION = 2


class Diverged(Exception):
    """A replayed cluster is not where the first run of it was."""


class Cluster:
    """A control plane, its nodes and everything that runs on them."""

    def __init__(self, spec: ClusterSpec | None = None) -> None:
        self.spec = spec or ClusterSpec()
        self._steps = 0
        self._parts: Parts = wire(self.spec, self.spec.start_ms)
        fill(self._parts, self.spec)
        self.advance(self.now_ms)

    @property
    def now_ms(self) -> int:
        """The cluster's own time, in milliseconds since the Unix epoch."""
        return self._parts.clock.now_ms

    @property
    def revision(self) -> int:
        """The revision of the last committed write."""
        return self._parts.store.revision

    @property
    def steps(self) -> int:
        """How many pieces of work have been done. With the clock it says exactly between which of
        them something came in from outside."""
        return self._steps

    @property
    def mark(self) -> tuple[int, int, int]:
        """Another value after anything that changed the cluster: an object, a plan, a pod."""
        kernel = self._parts.kernel
        touches = kernel.sandboxes.touches if kernel is not None else 0
        return self.revision, self._parts.agenda.tickets, touches

    @property
    def last_person_write(self) -> int:
        """The number of the newest write of a person; rises with each."""
        return self._parts.api.gate.writes.last

    def person_writes_after(self, sequence: int) -> list[PersonWrite]:
        """The writes of people with a greater number that are still kept, oldest first."""
        return self._parts.api.gate.writes.after(sequence)

    def handle(self, request: Request) -> Response:
        """Answer an API request at the current moment. Never raises: refusals are responses.

        What the request sets off runs at the next `advance`.
        """
        if request.path.startswith(PEEK_PREFIX) and self._parts.kubelets is not None:
            return self.fork()._peek(request)
        return self._parts.api.handle(request)

    def advance(self, until_ms: int, should_stop: Callable[[], bool] | None = None) -> bool:
        """Run what is due up to `until_ms` and move the clock there.

        `should_stop` is asked after each bounded piece of work; when it says so the rest waits
        for the next call, and the answer is False. Time never runs back.
        """
        clock, agenda, components = self._parts.clock, self._parts.agenda, self._parts.components
        while (due_ms := agenda.next_due_ms()) is not None and due_ms <= until_ms:
            clock.move_to(due_ms)
            entry = agenda.pop_due(clock.now_ms)
            if entry is None:
                break
            self._steps += 1
            components[entry.actor].wake(entry.message)
            if should_stop is not None and should_stop():
                self._parts.api.expire_watches()
                return False
        clock.move_to(until_ms)
        self._parts.api.expire_watches()
        return True

    def replay(self, steps: int, now_ms: int) -> None:
        """Do again what was done until there had been so many steps and the clock stood there.

        Raises Diverged when that cannot be. What a piece of work raises goes through, as it does in
        `advance`; call again to go on behind it.
        """
        while self._steps < steps:
            due_ms = self._parts.agenda.next_due_ms()
            if due_ms is None or due_ms > now_ms:
                raise Diverged(f"step {self._steps}: nothing is due, {steps} were done")
            self.advance(due_ms, lambda: True)
        due_ms = self._parts.agenda.next_due_ms()
        if self._steps > steps or (due_ms is not None and due_ms <= now_ms > self.now_ms):
            raise Diverged(f"step {self._steps}: more is due than the {steps} that were done")
        self._parts.clock.move_to(now_ms)

    def next_deadline(self) -> int | None:
        """When something is due next; at or before `now_ms` means now. None: nothing ever."""
        due_ms, expiry_ms = self._parts.agenda.next_due_ms(), self._parts.api.next_expiry_ms()
        if due_ms is None or expiry_ms is None:
            return due_ms if expiry_ms is None else expiry_ms
        return min(due_ms, expiry_ms)

    def viewer(self) -> Viewer:
        """Someone who looks on: full scene first, then what changes."""
        return self._parts.projection().view()

    def revive(self, recipe: Recipe) -> Stream | None:
        """A stream of the cluster this one is a copy of, when it gave its recipe; None: over."""
        return self._parts.revive(recipe)

    def kept_terminals(self) -> dict[str, Recipe]:
        """What terminals live on without a client, by the labels they were kept with; `revive`
        makes a stream of one from the beginning of what it remembers."""
        kernel = self._parts.kernel
        return kernel.clients.kept_terminals() if kernel is not None else {}

    def fork(self) -> Cluster:
        """An independent cluster in the same state; its clients' streams stay with the original."""
        twin: Cluster = Cluster.__new__(Cluster)
        twin.spec = self.spec
        twin._parts = wire(self.spec, self.now_ms, self._parts.store.fork())
        twin._restore(self._state())
        return twin

    def snapshot(self) -> bytes:
        """The whole cluster, to be brought back by `restore`."""
        return pickle.dumps(self.state(), protocol=5)

    def state(self) -> tuple[Any, ...]:
        """The whole cluster as a value that shares nothing mutable with it: what `snapshot` writes,
        for a host that writes it at leisure."""
        store = self._parts.store.state()
        return SNAPSHOT_VERSION, self.spec, self.now_ms, store, self._state()

    @classmethod
    def restore(cls, snapshot: bytes) -> Cluster:
        """The cluster that `snapshot` wrote. Only for snapshots this program made itself."""
        version, spec, now_ms, stored, state = pickle.loads(snapshot)
        if version != SNAPSHOT_VERSION:
            raise ValueError(f"snapshot of version {version}, this engine reads {SNAPSHOT_VERSION}")
        twin: Cluster = cls.__new__(cls)
        twin.spec = spec
        twin._parts = wire(spec, now_ms, stored=stored)
        twin._restore(state)
        return twin

    def _peek(self, request: Request) -> Response:
        """Look into this copy; it is not used again."""
        assert self._parts.kubelets is not None
        return peek(request, self._parts.informers.of("pods"), self._parts.kubelets)

    def portable(self) -> dict[str, bytes]:
        """The whole cluster as plain files by name (see portable.layout), for people, other
        installations and later versions of this program."""
        return write(self._parts, self.spec)

    @classmethod
    def from_portable(cls, entries: Mapping[str, bytes], limits: Limits | None = None) -> Cluster:
        """A cluster from what `portable` wrote, or from a file of unknown origin.

        Objects, revision, clock, seed and files are as they were; programs start anew.
        Raises PortableError, which names the entry and the fix.
        """
        twin: Cluster = cls.__new__(cls)
        twin.spec, twin._parts = read(entries, limits)
        twin._steps = 0
        twin.advance(twin.now_ms)
        return twin

    def _state(self) -> tuple[int, Any, Any, dict[str, Any]]:
        parts = self._parts
        components = {name: part.state() for name, part in parts.components.items()}
        return self._steps, parts.agenda.state(), parts.randomness.state(), components

    def _restore(self, state: tuple[int, Any, Any, dict[str, Any]]) -> None:
        self._steps, agenda, randomness, components = state
        parts = self._parts
        for name, part in parts.components.items():
            if name in components:
                part.restore(components[name])
        parts.agenda.restore(agenda)
        parts.randomness.restore(randomness)
        if parts.kernel is not None:
            parts.kernel.snapshots.reconnect()
