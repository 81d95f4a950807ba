"""One projection per cluster, one viewer per page that looks.

The projection notes which scene entries a change touches; a viewer's `frame` computes only those,
when it is asked. However much happens between two frames, an entry is sent once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.client.informer import Informers
from cluster_engine.projection import scene, timeline
from cluster_engine.store.changes import DELETED, Change

_WORKLOADS = {
    "deployments.apps": "Deployment",
    "statefulsets.apps": "StatefulSet",
    "daemonsets.apps": "DaemonSet",
    "replicasets.apps": "ReplicaSet",
    "jobs.batch": "Job",
}
_RESOURCES = {
    "Deployment": "deployments.apps",
    "ReplicaSet": "replicasets.apps",
    "Job": "jobs.batch",
    "CronJob": "cronjobs.batch",
}
SECTIONS = ("nodes", "pods", "services", "volumes", "workloads")
_SLICES = "endpointslices.discovery.k8s.io"
#: How many timeline lines a new viewer starts with, and how many may wait for one.
TIMELINE_MAX = 300
#: How many scheduling decisions a frame carries.
DECISIONS_MAX = 50

#: `(new cursor, decisions)` after a cursor; see scheduler.scheduler.
DecisionSource = Callable[[int], tuple[int, list[Object]]]
#: Cpu (milli) and memory (bytes) that the pods of a node use, if known.
UsageSource = Callable[[str], tuple[int, int] | None]


class Projection:
    """Turns changes of the store into scene entries, for any number of viewers."""

    def __init__(
        self,
        informers: Informers,
        lines: Iterable[Object],
        decisions: DecisionSource,
        usage: UsageSource,
    ) -> None:
        self.informers = informers
        self.decisions = decisions
        self.usage = usage
        self.revision = 0
        self.components = {"apiserver": 0, "etcd": 0, "scheduler": 0, "controllers": 0}
        self.timeline: deque[Object] = deque(maxlen=TIMELINE_MAX)
        self._pulling: dict[str, str] = {}
        self._viewers: list[Viewer] = []
        self._pods = informers.of("pods")
        self._pods.add_index("node", lambda pod: (pod["spec"].get("nodeName", ""),))
        informers.of(_SLICES).add_index("service", _service_of)
        self.timeline.extend(lines)
        informers.watch_all(self._note)

    def view(self) -> Viewer:
        """A new viewer; it starts with the full scene."""
        viewer = Viewer(self)
        self._viewers.append(viewer)
        return viewer

    def say(self, line: Object) -> None:
        """A line of the timeline that no change made."""
        self.timeline.append(line)
        for viewer in self._viewers:
            viewer.note((), line)

    def drop(self, viewer: Viewer) -> None:
        """Forget a viewer."""
        if viewer in self._viewers:
            self._viewers.remove(viewer)

    def contents(self) -> Iterator[tuple[str, str]]:
        """`(section, key)` of everything there is."""
        informers = self.informers
        yield from (("nodes", node["metadata"]["name"]) for node in informers.peek("nodes"))
        yield from (("pods", _key(pod)) for pod in informers.peek("pods"))
        yield from (("services", _key(item)) for item in informers.peek("services"))
        yield from (("volumes", _key(item)) for item in informers.peek("persistentvolumeclaims"))
        for resource, kind in _WORKLOADS.items():
            yield from (
                ("workloads", f"{kind}/{_key(item)}")
                for item in informers.peek(resource)
                if _is_drawn(item)
            )

    def entry(self, section: str, key: str) -> Object | None:
        """The scene entry as it is now, None when there is none (any more)."""
        if section == "workloads":
            kind, _, rest = key.partition("/")
            found = self._get(_RESOURCES.get(kind, f"{kind.lower()}s.apps"), rest)
            is_drawn = found is not None and _is_drawn(found)
            return scene.workload_entry(found) if found is not None and is_drawn else None
        if section == "nodes":
            node = self.informers.of("nodes").get("", key)
            if node is None:
                return None
            return scene.node_entry(node, self._pods.by_index("node", key), self.usage(key))
        if section == "pods":
            pod = self._get("pods", key)
            if pod is None:
                return None
            return scene.pod_entry(pod, self._top_owner(pod), self._pulling.get(key, ""))
        if section == "services":
            service = self._get("services", key)
            if service is None:
                return None
            return scene.service_entry(service, self._pods_behind(key))
        claim = self._get("persistentvolumeclaims", key)
        return None if claim is None else scene.volume_entry(claim)

    def _get(self, resource: str, key: str) -> Object | None:
        namespace, _, name = key.partition("/")
        return self.informers.of(resource).get(namespace, name)

    def _note(self, change: Change) -> None:
        self.revision = change.revision
        self.components["etcd"] += 1
        component = timeline.component_of(change.origin.actor)
        self.components[component or "apiserver"] += 1
        line = timeline.entry(change)
        if line is not None:
            self.timeline.append(line)
        touched = tuple(self._touched(change))
        for viewer in self._viewers:
            viewer.note(touched, line)

    def _touched(self, change: Change) -> Iterator[tuple[str, str]]:
        resource = change.resource
        if resource == "pods":
            key = f"{change.namespace}/{change.name}"
            yield "pods", key
            for pod in (change.object, change.previous.object if change.previous else None):
                if pod is not None and pod["spec"].get("nodeName"):
                    yield "nodes", pod["spec"]["nodeName"]
            if change.type == DELETED:
                self._pulling.pop(key, None)
        elif resource == "events":
            yield from self._touched_by_event(change.object)
        elif resource == "nodes":
            yield "nodes", change.name
        elif resource == "services":
            yield "services", f"{change.namespace}/{change.name}"
        elif resource == _SLICES:
            yield from (("services", key) for key in _service_of(change.object))
        elif resource == "persistentvolumeclaims":
            yield "volumes", f"{change.namespace}/{change.name}"
        elif resource in _WORKLOADS:
            kind = _WORKLOADS[resource]
            previous = change.previous.object if change.previous else None
            # One that a deployment adopts was drawn and has to go.
            if _is_drawn(change.object) or (previous is not None and _is_drawn(previous)):
                yield "workloads", f"{kind}/{change.namespace}/{change.name}"

    def _touched_by_event(self, event: Object) -> Iterator[tuple[str, str]]:
        """Only events say that an image is being pulled; the pod's status does not."""
        about = event.get("involvedObject") or {}
        if about.get("kind") != "Pod":
            return
        key = f"{about.get('namespace', '')}/{about.get('name', '')}"
        reason = event.get("reason")
        if reason == "Pulling":
            self._pulling[key] = _quoted(event.get("message", ""))
            yield "pods", key
        elif key in self._pulling and reason in ("Pulled", "Failed", "Killing", "Created"):
            del self._pulling[key]
            yield "pods", key

    def _pods_behind(self, key: str) -> list[str]:
        found = []
        for slice_ in self.informers.of(_SLICES).by_index("service", key):
            for endpoint in slice_.get("endpoints") or ():
                target = endpoint.get("targetRef") or {}
                if target.get("kind") == "Pod":
                    found.append(f"{target['namespace']}/{target['name']}")
        return found

    def _top_owner(self, pod: Object) -> Object | None:
        owner = controller_of(pod)
        while owner is not None:
            resource = _RESOURCES.get(owner["kind"])
            namespace = pod["metadata"]["namespace"]
            found = self.informers.of(resource).get(namespace, owner["name"]) if resource else None
            above = controller_of(found) if found is not None else None
            if above is None:
                return {"kind": owner["kind"], "name": owner["name"]}
            owner = above
        return None


class Viewer:
    """What one page has not seen yet. Call `frame` until it gives None, not too often."""

    def __init__(self, projection: Projection) -> None:
        self._projection = projection
        self._touched: dict[tuple[str, str], None] = {}
        self._is_new = True
        self._lines: deque[Object] = deque(projection.timeline, maxlen=TIMELINE_MAX)
        self._cursor, _ = projection.decisions(0)
        self._components = dict(projection.components)
        #: Called when a frame waits, once until the next `frame` that returned None.
        self.on_ready: Callable[[], None] | None = None
        self._is_told = False

    def note(self, touched: Iterable[tuple[str, str]], line: Object | None) -> None:
        """Something changed."""
        for item in touched:
            self._touched[item] = None
        if line is not None:
            self._lines.append(line)
        if not self._is_told and self.on_ready is not None:
            self._is_told = True
            self.on_ready()

    def frame(self) -> Object | None:
        """The next frame that waits: `scene` first, then `delta` and `timeline`; else None."""
        if self._is_new:
            self._is_new = False
            self._touched.clear()
            return self._full()
        if self._touched or self._projection.components != self._components:
            return self._delta()
        if self._lines:
            entries = list(self._lines)
            self._lines.clear()
            return {"type": "timeline", "entries": entries}
        self._is_told = False
        return None

    def close(self) -> None:
        """Nobody looks any more."""
        self._projection.drop(self)

    def _full(self) -> Object:
        sections: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
        for section, key in self._projection.contents():
            entry = self._projection.entry(section, key)
            if entry is not None:
                sections[section][key] = entry
        self._components = dict(self._projection.components)
        frame = {"type": "scene", "revision": self._projection.revision, **sections}
        return {**frame, "components": self._components}

    def _delta(self) -> Object:
        changed: dict[str, dict[str, Any]] = {}
        removed: dict[str, list[str]] = {}
        for section, key in self._touched:
            entry = self._projection.entry(section, key)
            if entry is None:
                removed.setdefault(section, []).append(key)
            else:
                changed.setdefault(section, {})[key] = entry
        self._touched.clear()
        frame: Object = {"type": "delta", "revision": self._projection.revision}
        if changed:
            frame["set"] = changed
        if removed:
            frame["remove"] = removed
        if self._projection.components != self._components:
            self._components = dict(self._projection.components)
            frame["components"] = self._components
        self._cursor, decisions = self._projection.decisions(self._cursor)
        if decisions:
            frame["decisions"] = decisions[-DECISIONS_MAX:]
        return frame


def _key(obj: Object) -> str:
    return f"{obj['metadata']['namespace']}/{obj['metadata']['name']}"


def _is_drawn(workload: Object) -> bool:
    """A replica set of a deployment is drawn as part of it."""
    return workload["kind"] != "ReplicaSet" or controller_of(workload) is None


def _service_of(slice_: Object) -> tuple[str, ...]:
    metadata = slice_["metadata"]
    name = (metadata.get("labels") or {}).get("kubernetes.io/service-name")
    return (f"{metadata['namespace']}/{name}",) if name else ()


def _quoted(message: str) -> str:
    start, _, rest = message.partition('"')
    return rest.partition('"')[0] if start != message else ""
