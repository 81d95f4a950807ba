"""The phase of a pod from the statuses of its containers.

Models: getPhase of pkg/kubelet/kubelet_pods.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubelet.containers import is_sidecar, restarts_after

TERMINAL = ("Succeeded", "Failed")


@dataclass(slots=True)
class _Tally:
    pending_init: int = 0
    pending_sidecars: int = 0
    unknown: int = 0
    running: int = 0
    waiting: int = 0
    stopped: int = 0
    stopped_for_good: int = 0
    succeeded: int = 0
    has_failed_init: bool = False


def phase_of(
    spec: Object, statuses: Mapping[str, Object], *, is_terminal: bool, has_initialized: bool
) -> str:
    """Pending, Running, Succeeded or Failed. `statuses` holds the container status by name.

    With `is_terminal` nothing will be started any more, whatever the restart policy.
    """
    tally = _Tally()
    for container in spec.get("initContainers") or ():
        if is_sidecar(container):
            _count_sidecar(tally, statuses.get(container["name"]))
        else:
            _count_init(tally, container, spec, statuses.get(container["name"]))
    for container in spec["containers"]:
        _count_regular(tally, container, spec, statuses.get(container["name"]))
    if tally.has_failed_init:
        return "Failed"
    if tally.pending_init or (tally.pending_sidecars and not has_initialized) or tally.waiting:
        return "Pending"
    if tally.unknown:
        return "Pending"
    if tally.running:
        return "Running"
    if not tally.stopped:
        return "Pending"
    if not is_terminal and tally.stopped != tally.stopped_for_good:
        return "Running"
    return "Succeeded" if tally.stopped == tally.succeeded else "Failed"


def _ended(status: Object) -> Object | None:
    """The termination that counts: the present one, or for a waiting container the last."""
    state = status["state"]
    if "terminated" in state:
        found: Object = state["terminated"]
        return found
    last: Object | None = status["lastState"].get("terminated")
    return last


def _count_init(tally: _Tally, container: Object, spec: Object, status: Object | None) -> None:
    ended = None if status is None or "running" in status["state"] else _ended(status)
    if ended is None:
        tally.pending_init += 1
    elif ended["exitCode"] != 0 and not restarts_after(container, spec, ended["exitCode"]):
        tally.has_failed_init = True


def _count_sidecar(tally: _Tally, status: Object | None) -> None:
    if status is None:
        tally.unknown += 1
    elif "running" in status["state"]:
        tally.pending_sidecars += not status.get("started")
        tally.running += 1
    elif _ended(status) is None:
        tally.pending_sidecars += 1
        tally.waiting += 1


def _count_regular(tally: _Tally, container: Object, spec: Object, status: Object | None) -> None:
    if status is None:
        tally.unknown += 1
        return
    if "running" in status["state"]:
        tally.running += 1
        return
    ended = _ended(status)
    if ended is None:
        tally.waiting += 1
        return
    tally.stopped += 1
    tally.stopped_for_good += not restarts_after(container, spec, ended["exitCode"])
    # As upstream: only a container that is terminated now counts as a success.
    tally.succeeded += "terminated" in status["state"] and ended["exitCode"] == 0
