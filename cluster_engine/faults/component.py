"""The faults that hold in a cluster: set, ended by time or by hand, and what the timeline says.

A component, so that what is broken is broken in forks and snapshots too, and a fault with an end
ends there as well.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

from cluster_engine.apimachinery.errors import ApiError, bad_request, not_found
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.requests import Caller
from cluster_engine.faults.catalogue import FAULTS, Fault, Target
from cluster_engine.faults.effects import EFFECTS, GROUPS, Means
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock

#: Faults that hold at once, and lines of the past that are kept.
_ACTIVE_MAX = 50
_LINES_MAX = 200
_SYSTEM = ("kube-system", "kube-public", "kube-node-lease")


@dataclass(frozen=True, slots=True)
class Active:
    """One fault that holds."""

    id: str
    fault: str
    target: str
    since_ms: int
    #: When it ends by itself; 0: never.
    until_ms: int = 0
    ticket: int = 0

    def body(self) -> Object:
        """As JSON."""
        fault = FAULTS[self.fault]
        body: Object = {
            "id": self.id,
            "fault": self.fault,
            "title": fault.said.format(target=self.target),
            "target": self.target,
            "since": self.since_ms,
        }
        return {**body, "until": self.until_ms} if self.until_ms else body


class Faults:
    """Everything that is broken on purpose."""

    name = "faults"

    def __init__(self, clock: Clock, agenda: Agenda, means: Means) -> None:
        self._clock = clock
        self._agenda = agenda
        self._means = means
        self._active: dict[str, Active] = {}
        self._count = 0
        self._lines: list[Object] = []
        #: Told of each line as it is written.
        self.on_line: Callable[[Object], None] | None = None

    # Doing

    def break_(
        self, name: str, target: str, for_ms: int, caller: Caller | None, revision: int
    ) -> Active:
        """Break something. Without a target, what it hits first. Raises ApiError."""
        fault = FAULTS.get(name)
        if fault is None:
            raise bad_request(f"fault {name!r}: give one of {', '.join(FAULTS)}")
        hit = self._target(fault, target)
        self._make_room(fault, hit)
        self._count += 1
        now_ms = self._clock.now_ms
        made = Active(f"f{self._count}", name, hit, now_ms)
        if not fault.is_moment:
            if for_ms:
                due_ms = now_ms + for_ms
                ticket = self._agenda.schedule(due_ms, self.name, ("end", made.id))
                made = replace(made, until_ms=due_ms, ticket=ticket)
            self._active[made.id] = made
        EFFECTS[name](self._means, hit, True)
        self._say(fault.said.format(target=hit), "broken", fault, hit, caller, revision)
        return made

    def mend(self, fault_id: str, caller: Caller | None, revision: int) -> None:
        """Undo one. Raises ApiError."""
        found = self._active.pop(fault_id, None)
        if found is None:
            raise not_found("faults", fault_id)
        if found.ticket:
            self._agenda.cancel(found.ticket)
        EFFECTS[found.fault](self._means, found.target, False)
        fault = FAULTS[found.fault]
        text = fault.mended.format(target=found.target)
        self._say(text, "mended", fault, found.target, caller, revision)

    def active(self) -> list[Active]:
        """What holds, oldest first."""
        return list(self._active.values())

    def lines(self) -> list[Object]:
        """What the timeline says of faults, oldest first."""
        return list(self._lines)

    # Component

    def wake(self, message: Hashable) -> None:
        """A fault's time is over."""
        assert isinstance(message, tuple)
        if message[1] in self._active:
            self.mend(str(message[1]), None, 0)

    def state(self) -> Any:
        """See simulation.component."""
        return dict(self._active), self._count, list(self._lines)

    def restore(self, state: Any) -> None:
        """See simulation.component. What is broken is in the states of those it was done to."""
        active, self._count, lines = state
        self._active, self._lines = dict(active), list(lines)

    # Inside

    def _make_room(self, fault: Fault, target: str) -> None:
        """Faults that exclude each other replace each other; of one there is one."""
        group = next((one for one in GROUPS if fault.name in one), frozenset((fault.name,)))
        for held in self.active():
            if held.fault in group and held.target == target:
                self.mend(held.id, None, 0)
        if len(self._active) >= _ACTIVE_MAX:
            raise ApiError(429, "TooManyRequests", f"{_ACTIVE_MAX} faults hold already; undo one")

    def _target(self, fault: Fault, wish: str) -> str:
        if fault.target is Target.CLUSTER:
            return ""
        if fault.target is Target.NODE:
            return self._node(wish)
        return self._pod(wish)

    def _node(self, wish: str) -> str:
        """The node, or the one with the most pods of people; the last of several."""
        nodes: list[str] = [
            node["metadata"]["name"] for node in self._means.informers.peek("nodes")
        ]
        if wish:
            if wish not in nodes:
                raise not_found("nodes", wish)
            return wish
        if not nodes:
            raise bad_request("there is no node to break")
        counts = dict.fromkeys(nodes, 0)
        for pod in self._pods():
            node = pod["spec"].get("nodeName", "")
            if node in counts:
                counts[node] += 1
        return max(nodes, key=lambda name: (counts[name], name))

    def _pod(self, wish: str) -> str:
        """`namespace/name` (or a name in default); without one the first that runs."""
        if wish:
            key = wish if "/" in wish else f"default/{wish}"
            if self._means.pod(key) is None:
                raise not_found("pods", key)
            return key
        for pod in self._pods():
            if pod.get("status", {}).get("phase") == "Running":
                return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        raise bad_request("no pod runs that could be broken")

    def _pods(self) -> list[Object]:
        pods = self._means.informers.peek("pods")
        return [pod for pod in pods if pod["metadata"]["namespace"] not in _SYSTEM]

    def _say(
        self,
        text: str,
        verb: str,
        fault: Fault,
        target: str,
        caller: Caller | None,
        revision: int,
    ) -> None:
        line: Object = {
            "revision": revision,
            "time": self._clock.now_ms,
            "actor": "faults",
            "verb": verb,
            "kind": str(fault.target).capitalize(),
            "name": target.rpartition("/")[2],
            "text": text,
        }
        if "/" in target:
            line["namespace"] = target.partition("/")[0]
        if caller is not None:
            line["person"] = {"id": caller.id, "name": caller.name, "source": str(caller.source)}
        self._lines.append(line)
        del self._lines[:-_LINES_MAX]
        if self.on_line is not None:
            self.on_line(line)
