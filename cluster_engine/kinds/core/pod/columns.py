"""The table row of a pod: readiness, the one word for its state, restarts.

Models: printPod in k8s.io/kubernetes/pkg/printers/internalversion/printers.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.conditions import find, is_true
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age, since
from cluster_engine.kinds.kind import Column

COLUMNS = (
    NAME,
    Column("Ready", meaning="The aggregate readiness state of this pod for accepting traffic."),
    Column("Status", meaning="The aggregate status of the containers in this pod."),
    Column(
        "Restarts",
        meaning=(
            "The number of times the containers in this pod have been restarted and when "
            "the last container in this pod has restarted."
        ),
    ),
    AGE,
    Column("IP", described_by="core.v1.PodStatus.podIP", priority=1),
    Column("Node", described_by="core.v1.PodSpec.nodeName", priority=1),
    Column("Nominated Node", described_by="core.v1.PodStatus.nominatedNodeName", priority=1),
    Column("Readiness Gates", described_by="core.v1.PodSpec.readinessGates", priority=1),
)

_NOTHING: Object = {}


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One row."""
    spec, status = obj.get("spec") or _NOTHING, obj.get("status") or _NOTHING
    summary = _Summary(spec, status)
    restarts = str(summary.restarts)
    if summary.restarts and summary.last_restart:
        restarts = f"{restarts} ({since(summary.last_restart, now_ms)} ago)"
    addresses = status.get("podIPs") or [_NOTHING]
    return [
        obj["metadata"]["name"],
        f"{summary.ready}/{summary.total}",
        _with_deletion(summary.reason, obj["metadata"], status),
        restarts,
        age(obj, now_ms),
        addresses[0].get("ip") or "<none>",
        spec.get("nodeName") or "<none>",
        status.get("nominatedNodeName") or "<none>",
        _gates(spec, status),
    ]


def state_of(obj: Object) -> str:
    """The word in the STATUS column: Running, Completed, CrashLoopBackOff, Init:0/1 …"""
    status = obj.get("status") or _NOTHING
    reason = _Summary(obj.get("spec") or _NOTHING, status).reason
    return _with_deletion(reason, obj["metadata"], status)


def _with_deletion(reason: str, metadata: Object, status: Object) -> str:
    if not metadata.get("deletionTimestamp"):
        return reason
    if status.get("reason") == "NodeLost":
        return "Unknown"
    return reason if status.get("phase") in ("Failed", "Succeeded") else "Terminating"


def _gates(spec: Object, status: Object) -> str:
    gates = spec.get("readinessGates")
    if not gates:
        return "<none>"
    conditions = status.get("conditions")
    held = sum(is_true(conditions, gate.get("conditionType", "")) for gate in gates)
    return f"{held}/{len(gates)}"


class _Summary:
    """What the containers of a pod add up to."""

    def __init__(self, spec: Object, status: Object) -> None:
        sidecars = {
            container["name"]
            for container in spec.get("initContainers") or ()
            if container.get("restartPolicy") == "Always"
        }
        self.total = len(spec.get("containers") or ()) + len(sidecars)
        self.ready = 0
        self.restarts = 0
        self.last_restart = ""
        self.reason = status.get("reason") or status.get("phase") or ""
        scheduled = find(status.get("conditions"), "PodScheduled")
        if scheduled is not None and scheduled.get("reason") == "SchedulingGated":
            self.reason = "SchedulingGated"
        is_initializing = self._read_init(spec, status, sidecars)
        if not is_initializing or is_true(status.get("conditions"), "Initialized"):
            self._restart_count(status, sidecars)
            self._read_main(status)

    def _read_init(self, spec: Object, status: Object, sidecars: set[str]) -> bool:
        """Whether an init container is still to finish."""
        for position, container in enumerate(status.get("initContainerStatuses") or ()):
            self._count(container)
            state = container.get("state") or _NOTHING
            terminated, waiting = state.get("terminated"), state.get("waiting")
            if terminated is not None and not terminated.get("exitCode"):
                continue
            if container["name"] in sidecars and container.get("started"):
                self.ready += bool(container.get("ready"))
                continue
            if terminated is not None:
                self.reason = f"Init:{_end_of(terminated)}"
            elif waiting and waiting.get("reason") not in (None, "", "PodInitializing"):
                self.reason = f"Init:{waiting['reason']}"
            else:
                self.reason = f"Init:{position}/{len(spec.get('initContainers') or ())}"
            return True
        return False

    def _restart_count(self, status: Object, sidecars: set[str]) -> None:
        self.restarts, self.last_restart = 0, ""
        for container in status.get("initContainerStatuses") or ():
            if container["name"] in sidecars:
                self._count(container)

    def _read_main(self, status: Object) -> None:
        has_running, error = False, ""
        for container in reversed(status.get("containerStatuses") or ()):
            self._count(container)
            state = container.get("state") or _NOTHING
            terminated, waiting = state.get("terminated"), state.get("waiting")
            if waiting and waiting.get("reason"):
                self.reason = waiting["reason"]
            elif terminated is not None:
                self.reason = _end_of(terminated)
                if terminated.get("exitCode"):
                    error = self.reason
            elif container.get("ready") and state.get("running") is not None:
                has_running = True
                self.ready += 1
        if self.reason == "Completed":
            if has_running and is_true(status.get("conditions"), "Ready"):
                self.reason = "Running"
            elif error:
                self.reason = error
            elif has_running:
                self.reason = "NotReady"

    def _count(self, container: Object) -> None:
        self.restarts += container.get("restartCount") or 0
        last = (container.get("lastState") or _NOTHING).get("terminated")
        if last and (last.get("finishedAt") or "") > self.last_restart:
            self.last_restart = last["finishedAt"]


def _end_of(terminated: Object) -> str:
    if terminated.get("reason"):
        return str(terminated["reason"])
    if terminated.get("signal"):
        return f"Signal:{terminated['signal']}"
    return f"ExitCode:{terminated.get('exitCode') or 0}"
