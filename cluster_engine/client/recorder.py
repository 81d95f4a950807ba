"""Events: what components tell people about an object.

Repeats of the same event within ten minutes raise its count, as upstream's correlator does; the
first writes the object.

Models: k8s.io/client-go/tools/record (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.client.client import Client
from cluster_engine.simulation.clock import Clock

_REPEAT_WINDOW_MS = 600_000
_REMEMBERED_MAX = 16_384


class EventMemory:
    """The events that may be repeated, of all recorders of a cluster; a component, so that copies
    of a cluster go on counting."""

    name = "events"

    def __init__(self) -> None:
        #: Namespace, name and time of an event by who recorded it and what it says.
        self._recent: dict[tuple[str, ...], tuple[str, str, int]] = {}

    def __len__(self) -> int:
        return len(self._recent)

    def get(self, key: tuple[str, ...]) -> tuple[str, str, int] | None:
        """What was recorded last under that key."""
        return self._recent.get(key)

    def put(self, key: tuple[str, ...], event: tuple[str, str, int]) -> None:
        """Remember; the oldest goes when there are too many."""
        if len(self._recent) >= _REMEMBERED_MAX and key not in self._recent:
            self._recent.pop(next(iter(self._recent)))
        self._recent[key] = event

    def wake(self, message: Hashable) -> None:
        """See simulation.component. Nothing here waits for anything."""

    def state(self) -> Any:
        """See simulation.component."""
        return dict(self._recent)

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        self._recent = dict(state)


class Recorder:
    """Writes events as one component (`kubelet`, `default-scheduler` …)."""

    def __init__(
        self,
        client: Client,
        clock: Clock,
        component: str,
        host: str = "",
        memory: EventMemory | None = None,
    ) -> None:
        self._client = client
        self._clock = clock
        self._component = component
        self._host = host
        self._recent = memory if memory is not None else EventMemory()

    def event(
        self, about: Object, type_: str, reason: str, message: str, field_path: str = ""
    ) -> None:
        """Record that `reason` happened to `about`. `type_` is Normal or Warning."""
        reference = _reference(about, field_path)
        key = (
            self._component,
            self._host,
            reference["uid"],
            reference["kind"],
            reference["name"],
            field_path,
            type_,
            reason,
            message,
        )
        now_ms = self._clock.now_ms
        recent = self._recent.get(key)
        if recent is not None and now_ms - recent[2] < _REPEAT_WINDOW_MS and self._repeat(recent):
            self._recent.put(key, (recent[0], recent[1], now_ms))
            return
        created = self._write(reference, type_, reason, message)
        if created is not None:
            metadata = created["metadata"]
            self._recent.put(key, (metadata["namespace"], metadata["name"], now_ms))

    def _write(self, reference: Object, type_: str, reason: str, message: str) -> Object | None:
        now = rfc3339(self._clock.now_ms)
        namespace = reference.get("namespace") or "default"
        source = {"component": self._component, "host": self._host}
        if not self._host:
            del source["host"]
        event = {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {
                "name": self._name(reference, 0),
                "namespace": namespace,
            },
            "involvedObject": reference,
            "reason": reason,
            "message": message,
            "source": source,
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
            "type": type_,
            "eventTime": None,
            "reportingComponent": self._component,
            "reportingInstance": self._host,
        }
        for attempt in range(16):
            try:
                return self._client.record_event(event)
            except ApiError as error:
                if error.reason != "AlreadyExists":
                    return None  # the namespace is going away: events are best effort
                name = self._name(reference, attempt + 1)
                event["metadata"] = {"name": name, "namespace": namespace}
        return None

    def _name(self, reference: Object, attempt: int) -> str:
        # Upstream appends nanoseconds in hex; ours count repeats within one virtual millisecond.
        stamp = self._clock.now_ms * 1_000_000 + len(self._recent) + attempt
        return f"{reference['name']}.{stamp:x}"

    def _repeat(self, recent: tuple[str, str, int]) -> bool:
        held = self._client.get("events", recent[0], recent[1])
        if held is None:
            return False
        now = rfc3339(self._clock.now_ms)
        again = {**held, "count": (held.get("count") or 1) + 1, "lastTimestamp": now}
        try:
            self._client.update("events", again)
        except ApiError:
            return False
        return True


def _reference(about: Object, field_path: str) -> Object:
    metadata = about["metadata"]
    reference: Object = {
        "kind": about.get("kind", ""),
        "name": metadata["name"],
        "uid": metadata.get("uid", ""),
        "apiVersion": about.get("apiVersion", ""),
        "resourceVersion": metadata.get("resourceVersion", ""),
    }
    if metadata.get("namespace"):
        reference["namespace"] = metadata["namespace"]
    if field_path:
        reference["fieldPath"] = field_path
    return reference
