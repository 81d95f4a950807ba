"""Carrying out a preemption: the victims of a pod are told to go, a few at a time.

Models: pkg/scheduler/framework/preemption/executor.go (v1.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cluster_engine.apimachinery.conditions import with_condition
from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object, with_status
from cluster_engine.client.client import Client
from cluster_engine.client.informer import Informers
from cluster_engine.client.recorder import Recorder
from cluster_engine.scheduler.framework import Victims
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.profile import SCHEDULER_NAME

#: Victims told to go per wake.
VICTIMS_PER_STEP = 8
CONDITION_REASON = "PreemptionByScheduler"
CONDITION_MESSAGE = f"{SCHEDULER_NAME}: preempting to accommodate a higher priority pod"
EVENT = "Preempted by pod {uid} on node {node}"


@dataclass(frozen=True, slots=True)
class Eviction:
    """Victims still to be told, for a preemptor. `last` is the one the preemptor waits for."""

    uid: str
    node: str
    priority: int
    victims: tuple[tuple[str, str, str], ...]
    last: tuple[str, str]
    cause: int


def eviction_of(preemptor: PodInfo, victims: Victims, cause: int) -> Eviction | None:
    """The eviction to carry out; None when all victims are going already."""
    pods = [info for info in victims.pods if not info.is_terminating]
    if not pods:
        return None
    keys = tuple((info.namespace, info.name, info.uid) for info in pods)
    return Eviction(preemptor.uid, victims.node, preemptor.priority, keys, keys[-1][:2], cause)


class Evictions:
    """All evictions under way, by the uid of the preemptor."""

    def __init__(self, client: Client, informers: Informers, recorder: Recorder) -> None:
        self._client = client
        self._pods = informers.of("pods")
        self._recorder = recorder
        self._running: dict[str, Eviction] = {}

    def begin(self, eviction: Eviction) -> None:
        """Note an eviction; `step` carries it out."""
        self._running[eviction.uid] = eviction

    def is_running(self, uid: str) -> bool:
        """Whether victims of that pod have still to be told to go."""
        eviction = self._running.get(uid)
        if eviction is None:
            return False
        if len(eviction.victims) > 1:
            return True
        victim = self._pods.get(*eviction.last)
        return victim is not None and victim["metadata"].get("deletionTimestamp") is None

    def get(self, uid: str) -> Eviction | None:
        """The eviction of a preemptor."""
        return self._running.get(uid)

    def step(self, uid: str, now_ms: int) -> bool:
        """Tell the next few victims to go. True when none is left."""
        eviction = self._running.get(uid)
        if eviction is None:
            return True
        self._client.because(eviction.cause)
        for _ in range(VICTIMS_PER_STEP):
            if not self._evict(eviction, eviction.victims[0], now_ms):
                break
            if len(eviction.victims) == 1:
                break
            eviction = self._running[uid] = replace(eviction, victims=eviction.victims[1:])
        else:
            return False
        del self._running[uid]
        return True

    def state(self) -> Any:
        """See simulation.component."""
        return dict(self._running)

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        self._running = dict(state)

    def _evict(self, eviction: Eviction, victim: tuple[str, str, str], now_ms: int) -> bool:
        """False when the API refuses."""
        namespace, name, uid = victim
        pod = self._pods.get(namespace, name)
        if pod is None or pod["metadata"].get("uid") != uid:
            return True
        try:
            doomed = _doomed(pod, now_ms)
            if doomed is not pod:
                self._client.update_status("pods", doomed)
            self._client.delete("pods", namespace, name, uid=uid)
        except ApiError as error:
            return error.code == 404
        message = EVENT.format(uid=eviction.uid, node=eviction.node)
        self._recorder.event(pod, "Normal", "Preempted", message)
        return True


def _doomed(pod: Object, now_ms: int) -> Object:
    """The pod with the condition that says why it goes."""
    status = pod.get("status") or {}
    held = status.get("conditions")
    conditions = with_condition(
        held,
        "DisruptionTarget",
        "True",
        CONDITION_REASON,
        CONDITION_MESSAGE,
        now_ms,
        lastProbeTime=None,
        observedGeneration=pod["metadata"].get("generation", 0),
    )
    return pod if conditions is held else with_status(pod, {**status, "conditions": conditions})
