"""`kubectl events`: what has happened, the oldest first.

Models: k8s.io/kubectl/pkg/cmd/events (v0.37.2).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import ALL_NAMESPACES, PRINTING, Command
from cluster_engine.kubectl.describe.source import event_age
from cluster_engine.kubectl.errors import KubectlError, StatusError
from cluster_engine.kubectl.flags import INT, STRING, STRINGS, Flag, switch
from cluster_engine.kubectl.printers.chosen import ObjectPrinter, chosen_printer
from cluster_engine.kubectl.printers.tabs import TabWriter
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.streams import Lines
from cluster_engine.runtime.program import Waiting


def run(session: Session) -> int | Task:
    flags = session.flags
    types = [type_.lower() for type_ in flags.words("types")]
    if any(type_ not in ("normal", "warning") for type_ in types):
        raise KubectlError("valid --types are Normal or Warning")
    namespace = "" if flags.is_on("all-namespaces") else session.namespace
    path = session.resources.find("events.v1").path(namespace)
    query: dict[str, Any] = {"fieldSelector": _field_selector(session)}
    table = EventTable(not flags.is_on("no-headers"), not namespace)
    printer = chosen_printer(session)
    if flags.is_on("watch"):
        return EventWatch(path, {**query, "watch": True}, types, table, printer)
    answer = session.client.call("GET", path, query)
    events = [
        {"apiVersion": "v1", "kind": "Event", **event}
        for event in answer.get("items") or ()
        if _is_wanted(event, types)
    ]
    if not events:
        where = f" in {namespace} namespace" if namespace else ""
        session.err(f"No events found{where}.")
        return 0
    events.sort(key=_time_of)
    if printer is not None:
        session.write(
            printer.print(
                {"apiVersion": "v1", "items": events, "kind": "EventList", "metadata": {}}
            )
        )
    else:
        session.write(table.print(events, session.now_ms))
    return 0


def _is_wanted(event: Object, types: list[str]) -> bool:
    return not types or str(event.get("type", "")).lower() in types


def _time_of(event: Object) -> str:
    series = event.get("series") or {}
    time: str = series.get("lastObservedTime") or event.get("lastTimestamp") or ""
    return time or event.get("eventTime") or ""


def _field_selector(session: Session) -> str:
    word = session.flags.text("for")
    if not word:
        return ""
    if "/" not in word:
        raise KubectlError("--for must be in resource/name form")
    if word.count("/") > 1:
        raise KubectlError("arguments in resource/name form may not have more than one slash")
    type_, name = word.split("/")
    resource = session.resources.find(type_)
    return (
        f"involvedObject.kind={resource.kind},involvedObject.apiVersion={resource.api_version},"
        f"involvedObject.name={name}"
    )


@dataclass(slots=True)
class EventTable:
    """Prints events as rows; the header comes once."""

    has_headers: bool
    shows_namespace: bool
    tabs: TabWriter = field(default_factory=lambda: TabWriter(remembers=True))

    def print(self, events: list[Object], now_ms: int) -> str:
        if self.has_headers:
            self.has_headers = False
            names = ("LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE")
            self.tabs.line(*(["NAMESPACE"] if self.shows_namespace else []), *names)
        for event in events:
            involved = event.get("involvedObject") or {}
            before = [event["metadata"].get("namespace", "")] if self.shows_namespace else []
            self.tabs.line(
                *before,
                event_age(event, now_ms),
                event.get("type", ""),
                event.get("reason", ""),
                f"{involved.get('kind', '')}/{involved.get('name', '')}",
                event.get("message", "").strip(),
            )
        return self.tabs.flush()


@dataclass(slots=True)
class EventWatch:
    """Prints events as they come, until it is interrupted."""

    path: str
    query: dict[str, Any]
    types: list[str]
    table: EventTable
    printer: ObjectPrinter | None
    lines: Lines | None = None

    def step(self, session: Session) -> int | Waiting:
        if self.lines is None:
            stream = session.client.stream("GET", self.path, self.query)
            self.lines = Lines(session.system.open_stream(stream))
        for line in self.lines.read(session.system):
            change = json.loads(line)
            if change["type"] == "ERROR":
                raise StatusError(change["object"])
            event = change["object"]
            if change["type"] in ("DELETED", "BOOKMARK") or not _is_wanted(event, self.types):
                continue
            if self.printer is not None:
                session.write(self.printer.print(event))
            else:
                session.write(self.table.print([event], session.now_ms))
        return 0 if self.lines.has_ended else Waiting(readable=(self.lines.fd,))


COMMAND = Command(
    name="events",
    short="List events",
    usage="[(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file]"
    " "
    "[--for TYPE/NAME] [--watch] [--types=Normal,Warning]",
    long="""Display events.

 Prints a table of the most important information about events. You can request events for a \
namespace, for all namespace, or filtered to only those pertaining to a specified resource.""",
    examples="""# List recent events in the default namespace
kubectl events

# List recent events in all namespaces
kubectl events --all-namespaces

# List recent events for the specified pod, then wait for more events and list them as they arrive
kubectl events --for pod/web-pod-13je7 --watch

# List recent events in YAML format
kubectl events -oyaml

# List recent only events of type 'Warning' or 'Normal'
kubectl events --types=Warning,Normal""",
    flags=(
        ALL_NAMESPACES,
        Flag(
            "chunk-size",
            "",
            INT,
            500,
            "Return large lists in chunks rather than all at once. Pass 0 to disable. "
            "This flag is beta and may change in the future.",
        ),
        Flag(
            "for",
            "",
            STRING,
            "",
            "Filter events to only those pertaining to the specified resource.",
        ),
        switch("no-headers", "", "When using the default output format, don't print headers."),
        *PRINTING,
        Flag("types", "", STRINGS, None, "Output only events of given types."),
        switch("watch", "w", "After listing the requested events, watch for more events."),
    ),
    run=run,
)
