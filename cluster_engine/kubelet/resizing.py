"""In-place resize: a running pod is given other resources.

A node takes the new amounts when it has room for them; until then the pod keeps what it had and
says so in its PodResizePending condition. Containers whose resize policy asks for it are restarted.

Models: pkg/kubelet/allocation, computePodResizeAction of pkg/kubelet/kuberuntime (v1.37.2).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubelet.admission import admit, reservation
from cluster_engine.kubelet.container_spec import limits_of
from cluster_engine.kubelet.machines import Machines
from cluster_engine.kubelet.stopping import Stopper, grace_ms_of
from cluster_engine.kubelet.tools import NORMAL, WARNING, Tools
from cluster_engine.kubelet.worker import PendingResize, Run, Worker


class Resizer:
    """Follows changes of containers' resources."""

    def __init__(self, tools: Tools, machines: Machines, stopper: Stopper) -> None:
        self._tools = tools
        self._machines = machines
        self._stopper = stopper

    def allocate(self, worker: Worker, pod: Object) -> None:
        """The pod was admitted with these resources."""
        worker.allocated = {c["name"]: c.get("resources") or {} for c in _resizable(pod["spec"])}

    def follow(self, worker: Worker, pod: Object) -> None:
        """Take over resources that have changed, if the node has room for them."""
        changed = [
            container
            for container in _resizable(pod["spec"])
            if worker.allocated.get(container["name"]) != (container.get("resources") or {})
        ]
        if not changed:
            self._settle(worker)
            return
        node = self._tools.nodes.get("", worker.node) or {"metadata": {}, "spec": {}}
        needed = reservation(pod["spec"])
        self._machines.unreserve(worker.node, worker.reserved)
        rejection = admit(pod, node, self._machines.reserved(worker.node), needed)
        if rejection is None:
            worker.reserved = needed
        self._machines.reserve(worker.node, worker.reserved)
        if rejection is not None:
            self._defer(worker, pod, rejection.message)
            return
        self._settle(worker)
        self._tools.event(pod, NORMAL, "ResizeStarted", _message("Pod resize started", pod))
        for container in changed:
            self._apply(worker, pod, container)
        self._tools.event(pod, NORMAL, "ResizeCompleted", _message("Pod resize completed", pod))

    def _defer(self, worker: Worker, pod: Object, why: str) -> None:
        generation = pod["metadata"].get("generation") or 0
        held = worker.resize
        since_ms = held.since_ms if held is not None else self._tools.now_ms
        worker.resize = PendingResize(why, generation, since_ms)
        self._machines.defer(worker, waits=True)
        if held is None or held.generation != generation:
            text = _message("Pod resize Deferred", pod, why)
            self._tools.event(pod, WARNING, "ResizeDeferred", text)

    def _settle(self, worker: Worker) -> None:
        """Nothing waits any more."""
        if worker.resize is not None:
            worker.resize = None
            self._machines.defer(worker, waits=False)

    def _apply(self, worker: Worker, pod: Object, container: Object) -> None:
        name = container["name"]
        before = worker.allocated.get(name) or {}
        after = container.get("resources") or {}
        worker.allocated[name] = after
        attempt = worker.latest(name)
        if attempt is None or attempt.state != Run.RUNNING:
            return
        if any(
            policy.get("restartPolicy") == "RestartContainer"
            and _differs(before, after, policy.get("resourceName") or "")
            for policy in container.get("resizePolicy") or ()
        ):
            text = f"Container {name} resize requires restart, will be restarted"
            self._stopper.stop_container(worker, pod, attempt, text, grace_ms_of(pod))
        else:
            self._tools.runtime.update_limits(attempt.id, *limits_of(container))


def _resizable(spec: Object) -> Iterator[Object]:
    yield from spec["containers"]
    yield from spec.get("initContainers") or ()


def _differs(before: Object, after: Object, resource: str) -> bool:
    return any(
        (before.get(kind) or {}).get(resource) != (after.get(kind) or {}).get(resource)
        for kind in ("requests", "limits")
    )


def _message(prefix: str, pod: Object, error: str = "") -> str:
    spec = pod["spec"]
    summary: Object = {}
    for group in ("initContainers", "containers"):
        if spec.get(group):
            summary[group] = [
                {"name": c["name"], "resources": _sorted(c.get("resources") or {})}
                for c in spec[group]
            ]
    summary["generation"] = pod["metadata"].get("generation") or 0
    if error:
        summary["error"] = error
    return f"{prefix}: {json.dumps(summary, separators=(',', ':'))}"


def _sorted(resources: Object) -> Object:
    return {
        kind: dict(sorted(resources[kind].items()))
        for kind in ("limits", "requests")
        if resources.get(kind)
    }
