"""Waiting until objects are as they should be, or gone.

One watch at a time is open, on the object that is waited for; each event makes it looked at again.
Used by `wait`, `delete`, `rollout status`, `drain` and `run`.

Models: k8s.io/kubectl/pkg/cmd/wait (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError, StatusError
from cluster_engine.kubectl.resources import Resource
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.streams import Lines
from cluster_engine.runtime.program import Waiting

#: Stands for "as long as it takes".
WEEK_MS = 168 * 3_600_000


@dataclass(frozen=True, slots=True)
class Awaited:
    """One object that is waited for."""

    resource: Resource
    namespace: str
    name: str
    uid: str = ""

    @property
    def path(self) -> str:
        return self.resource.path(self.namespace, self.name)

    @property
    def text(self) -> str:
        """ "pods/a", as timeouts name it."""
        return f"{self.resource.plural}/{self.name}"


class Condition(Protocol):
    """What is waited for. Plain data."""

    def is_met(self, awaited: Awaited, obj: Object | None) -> bool:
        """Whether that is so; None: there is no such object. May raise KubectlError."""

    def timeout_text(self, awaited: Awaited) -> str:
        """What is said when it does not come about."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The object is no more, or another one has its name."""

    def is_met(self, awaited: Awaited, obj: Object | None) -> bool:
        if obj is None:
            return True
        return bool(awaited.uid) and (obj.get("metadata") or {}).get("uid") != awaited.uid

    def timeout_text(self, awaited: Awaited) -> str:
        return f"timed out waiting for the condition on {awaited.text}"


@dataclass(slots=True)
class Watcher:
    """Looks at one object after the other until each meets the condition."""

    condition: Condition
    waiting: list[Awaited]
    deadline_ms: int
    lines: Lines | None = None
    met: list[tuple[Awaited, Object | None]] = field(default_factory=list)

    def step(self, session: Session) -> bool | Waiting:
        """True when all are met. What has been met since the last step is in `met`.

        Raises KubectlError when time is up.
        """
        while self.waiting:
            current = self.waiting[0]
            obj = look(session, current)
            if self.condition.is_met(current, obj):
                self.met.append((current, obj))
                self.waiting.pop(0)
                self._close(session)
                continue
            if session.now_ms >= self.deadline_ms:
                self._close(session)
                raise KubectlError(self.condition.timeout_text(current))
            return self._watch(session, current, obj)
        return True

    def _watch(self, session: Session, current: Awaited, obj: Object | None) -> Waiting:
        if self.lines is None or self.lines.has_ended:
            query = {
                "watch": True,
                "fieldSelector": f"metadata.name={current.name}",
                "resourceVersion": (obj or {}).get("metadata", {}).get("resourceVersion", ""),
            }
            path = current.resource.path(current.namespace)
            stream = session.client.stream("GET", path, query)
            self.lines = Lines(session.system.open_stream(stream))
        self.lines.read(session.system)
        return Waiting(readable=(self.lines.fd,), until_ms=self.deadline_ms)

    def _close(self, session: Session) -> None:
        if self.lines is not None:
            session.system.close(self.lines.fd)
            self.lines = None


def look(session: Session, awaited: Awaited) -> Object | None:
    """The object as it is; None when there is none."""
    try:
        return session.client.call("GET", awaited.path)
    except StatusError as error:
        if error.is_not_found:
            return None
        raise
