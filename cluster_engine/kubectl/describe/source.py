"""Where a description gets what is not in the object itself: events, pods, other objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.kubectl.client import Client
from cluster_engine.kubectl.describe.page import Page
from cluster_engine.kubectl.describe.words import since
from cluster_engine.kubectl.errors import KubectlError, StatusError

_PENDING = {"Running": 0, "Pending": 1, "Succeeded": 2, "Failed": 3}


@dataclass(frozen=True, slots=True)
class Source:
    """Asks the API."""

    client: Client
    now_ms: int
    shows_events: bool

    def get(self, path: str) -> Object:
        """Raises KubectlError."""
        return self.client.call("GET", path)

    def find(self, path: str) -> Object | None:
        """The object; None when it cannot be had."""
        try:
            return self.client.call("GET", path)
        except KubectlError:
            return None

    def items(self, path: str, **query: Any) -> list[Object]:
        """Raises KubectlError."""
        items: list[Object] = self.client.call("GET", path, query).get("items") or []
        return items

    def items_or_none(self, path: str, **query: Any) -> list[Object] | None:
        """The same; None when the server has no such resource or does not show it."""
        try:
            return self.items(path, **query)
        except StatusError:
            return None

    def pods(self, namespace: str, **query: Any) -> list[Object]:
        return self.items(f"/api/v1/namespaces/{namespace}/pods", **query)

    def pod_counts(self, namespace: str, selector: str, uid: str) -> tuple[int, int, int, int]:
        """How many pods of that controller run, wait, have succeeded, have failed."""
        counts = [0, 0, 0, 0]
        for pod in self.pods(namespace, labelSelector=selector):
            owner = controller_of(pod)
            place = _PENDING.get((pod.get("status") or {}).get("phase", ""))
            if owner is not None and owner.get("uid") == uid and place is not None:
                counts[place] += 1
        return counts[0], counts[1], counts[2], counts[3]

    def events(self, page: Page, obj: Object, *, has_kind: bool = True, more: str = "") -> None:
        """Write the events about an object, unless they are not asked for. `more`: another uid
        that events may be filed under."""
        if not self.shows_events:
            return
        found: list[Object] = []
        for uid in [obj["metadata"].get("uid", ""), *([more] if more else [])]:
            found.extend(self._events_about(obj, uid, has_kind=has_kind))
        write_events(page, found, self.now_ms)

    def _events_about(self, obj: Object, uid: str, *, has_kind: bool) -> list[Object]:
        metadata = obj["metadata"]
        namespace = metadata.get("namespace", "")
        terms = [f"involvedObject.name={metadata['name']}", f"involvedObject.namespace={namespace}"]
        if has_kind:
            terms.append(f"involvedObject.kind={obj['kind']}")
        if uid:
            terms.append(f"involvedObject.uid={uid}")
        where = f"/namespaces/{namespace}" if namespace else ""
        return (
            self.items_or_none(f"/api/v1{where}/events", fieldSelector=",".join(sorted(terms)))
            or []
        )


def write_events(page: Page, events: list[Object], now_ms: int) -> None:
    """The table of events, the oldest first."""
    if not events:
        page.field("Events", "<none>")
        return
    page.section()
    page.line("Events:")
    page.heading("Type", "Reason", "Age", "From", "Message", dashes=(4, 6, 4, 4, 7))
    for event in sorted(events, key=lambda event: event.get("lastTimestamp") or ""):
        page.row(
            event.get("type", ""),
            event.get("reason", ""),
            event_age(event, now_ms),
            event_source(event),
            event_message(event),
            level=1,
        )


def event_age(event: Object, now_ms: int) -> str:
    """ "5s" or "5s (x3 over 2m)"."""
    first = since(event.get("eventTime") or event.get("firstTimestamp"), now_ms)
    series = event.get("series")
    if series:
        last = since(series.get("lastObservedTime"), now_ms)
        return f"{last} (x{series.get('count', 0)} over {first})"
    if event.get("count", 0) > 1:
        return f"{since(event.get('lastTimestamp'), now_ms)} (x{event['count']} over {first})"
    return first


def event_source(event: Object) -> str:
    component: str = (event.get("source") or {}).get("component", "")
    return component or event.get("reportingComponent", "")


def event_message(event: Object) -> str:
    message: str = event.get("message", "").strip()
    path = (event.get("involvedObject") or {}).get("fieldPath", "")
    return f"{path}: {message}" if path else message
