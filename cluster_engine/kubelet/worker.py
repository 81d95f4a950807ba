"""What the kubelets remember of each pod: plain data, one `Worker` per pod.

The API object says what should be; this says what is. Stages of a worker:

    NEW -> VOLUMES -> SANDBOX -> ACTIVE -> STOPPING -> FINISHED

A pod that is rejected, finished or deleted goes to STOPPING from wherever it is; FINISHED workers
wait for their object to go, and keep logs and names until then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubelet.backoff import Backoff
from cluster_engine.runtime.signals import SIGTERM

_Record = TypeVar("_Record")


class Stage(StrEnum):
    """How far a pod has come on its node."""

    NEW = "new"
    VOLUMES = "volumes"
    SANDBOX = "sandbox"
    ACTIVE = "active"
    STOPPING = "stopping"
    FINISHED = "finished"


class Run(StrEnum):
    """The state of one attempt to run a container."""

    RUNNING = "running"
    EXITED = "exited"


@dataclass(slots=True)
class Attempt:
    """One run of a container."""

    name: str
    id: str
    #: How many runs came before it.
    number: int
    #: The image as the pod asks for it, as the runtime calls it, and by content.
    image_spec: str
    image: str
    image_id: str
    state: Run
    created_ms: int
    started_ms: int = 0
    finished_ms: int = 0
    exit_code: int = 0
    reason: str = ""
    message: str = ""
    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    #: What asks it to end, as its image says.
    stop_signal: int = SIGTERM


@dataclass(slots=True)
class Probe:
    """The state of one probe of one container."""

    #: The container run that the results are of.
    container_id: str
    #: None: no result yet that counts.
    result: bool | None
    last: bool | None = None
    run_length: int = 0
    #: A moment of the beat that the tries follow.
    beat_ms: int = 0
    #: No more probing until there is a new run.
    is_on_hold: bool = False
    ticket: int = 0
    #: The command that runs for it, 0 when none; and the ticket of its timeout.
    command_id: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What a worker waits for before it goes on with its plan."""

    #: "sandbox", "pull", "create", "hook", "volumes".
    kind: str
    container: str = ""
    due_ms: int | None = None
    started_ms: int = 0
    #: When the pull itself began (after other pulls of the node).
    began_ms: int = 0
    command_id: int = 0


@dataclass(slots=True)
class PullBackoff:
    """Why an image was not pulled, and until when it is not tried again."""

    backoff: Backoff
    message: str = ""


@dataclass(slots=True)
class Stop:
    """A container that is being ended, for a pod that goes on or goes away."""

    container_id: str
    #: When it is killed at the latest.
    kill_ms: int
    #: When its present phase is over at the latest.
    due_ms: int
    #: "hook" while its preStop runs, "wait" for its turn, "term" once it has been asked to end.
    phase: str
    command_id: int = 0


@dataclass(frozen=True, slots=True)
class PendingResize:
    """Resources that the pod asks for and its node has no room for yet."""

    message: str
    generation: int
    since_ms: int


@dataclass(slots=True)
class Worker:
    """One pod on one node."""

    uid: str
    namespace: str
    name: str
    node: str
    stage: Stage = Stage.NEW
    ip: str = ""
    has_sandbox: bool = False
    #: Runs by container name, newest first, two at most.
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    #: Why a container is not started: name -> (reason, message).
    waiting: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: Containers still to be started in this round, in order.
    plan: list[str] = field(default_factory=list)
    #: Containers that were tried since the worker was last woken afresh: each once.
    tried: list[str] = field(default_factory=list)
    step: Step | None = None
    #: The agenda ticket that wakes the worker; 0 for none.
    ticket: int = 0
    due_ms: int = 0
    crash_backoffs: dict[str, Backoff] = field(default_factory=dict)
    pull_backoffs: dict[str, PullBackoff] = field(default_factory=dict)
    mount_failures: int = 0
    #: Volumes that are set up: name -> volume id ("" for one that needs no mount).
    volumes: dict[str, str] = field(default_factory=dict)
    #: ConfigMaps and Secrets that volumes show, for live updates.
    sources: tuple[tuple[str, str], ...] = ()
    probes: dict[tuple[str, str], Probe] = field(default_factory=dict)
    stops: dict[str, Stop] = field(default_factory=dict)
    #: Set when the pod ends by the node's will: (reason, message) of its status.
    ending: tuple[str, str] | None = None
    #: The pod's object is gone; nothing may be written.
    is_orphan: bool = False
    #: When the pod's activeDeadlineSeconds are over; 0 without.
    deadline_ms: int = 0
    #: The resources its containers were given, by name; and those that wait.
    allocated: dict[str, Object] = field(default_factory=dict)
    resize: PendingResize | None = None
    #: What the node has set aside for it: resource and amount (cpu in thousandths).
    reserved: tuple[tuple[str, int], ...] = ()

    @property
    def key(self) -> str:
        """namespace/name."""
        return f"{self.namespace}/{self.name}"

    def latest(self, name: str) -> Attempt | None:
        """The newest run of a container."""
        runs = self.attempts.get(name)
        return runs[0] if runs else None

    def shown(self, name: str) -> list[Attempt]:
        """The runs that the status shows: one whose postStart hook runs is not there yet."""
        runs = self.attempts.get(name) or []
        if self.step is not None and self.step.kind == "hook" and self.step.container == name:
            return runs[1:]
        return runs

    def by_id(self, container_id: str) -> Attempt | None:
        """The run with that container id."""
        for runs in self.attempts.values():
            for attempt in runs:
                if attempt.id == container_id:
                    return attempt
        return None

    def running(self) -> list[Attempt]:
        """All runs that have not ended."""
        return [runs[0] for runs in self.attempts.values() if runs and runs[0].state == Run.RUNNING]

    def copy(self) -> Worker:
        """An independent worker in the same state."""
        twin = _twin(self)
        twin.attempts = {n: [_twin(a) for a in runs] for n, runs in self.attempts.items()}
        twin.waiting = dict(self.waiting)
        twin.plan = list(self.plan)
        twin.tried = list(self.tried)
        twin.crash_backoffs = {n: _twin(b) for n, b in self.crash_backoffs.items()}
        twin.pull_backoffs = {
            n: PullBackoff(_twin(b.backoff), b.message) for n, b in self.pull_backoffs.items()
        }
        twin.volumes = dict(self.volumes)
        twin.allocated = dict(self.allocated)
        twin.probes = {n: _twin(p) for n, p in self.probes.items()}
        twin.stops = {n: _twin(s) for n, s in self.stops.items()}
        return twin


def _twin(value: _Record) -> _Record:
    """A shallow copy of a record with slots, quicker than `copy.copy`."""
    kind = type(value)
    twin = object.__new__(kind)
    for name in kind.__slots__:  # type: ignore[attr-defined]
        setattr(twin, name, getattr(value, name))
    return twin
