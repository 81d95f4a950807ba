"""Ending containers: preStop hook, SIGTERM, the grace period, SIGKILL; sidecars last.

Models: killContainer and the termination order of pkg/kubelet/kuberuntime (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubelet.containers import find_container, is_sidecar
from cluster_engine.kubelet.hooks import Hooks
from cluster_engine.kubelet.machines import Machines
from cluster_engine.kubelet.tools import NORMAL, WARNING, Tools
from cluster_engine.kubelet.worker import Attempt, Stop, Worker
from cluster_engine.runtime.container import ExecResult
from cluster_engine.runtime.signals import SIGTERM

#: Every container gets at least that long, to avoid needless kills.
MINIMUM_GRACE_MS = 2_000
GRACE_SECONDS_DEFAULT = 30


class Stopper:
    """Ends containers of pods that go on (a failed probe) or go away."""

    def __init__(self, tools: Tools, machines: Machines, hooks: Hooks) -> None:
        self._tools = tools
        self._machines = machines
        self._hooks = hooks

    def stop_container(
        self, worker: Worker, pod: Object, attempt: Attempt, message: str, grace_ms: int
    ) -> None:
        """End one container; the pod goes on."""
        if attempt.name not in worker.stops:
            self._begin(worker, pod, attempt, message, grace_ms, must_wait=False)

    def stop_pod(self, worker: Worker, pod: Object, grace_ms: int) -> None:
        """End all containers; what is ending already gets no more time than this."""
        order = sidecar_order(pod["spec"])
        for attempt in worker.running():
            held = worker.stops.get(attempt.name)
            if held is None:
                must_wait = attempt.name in order and self._has_later(worker, attempt.name, order)
                message = f"Stopping container {attempt.name}"
                self._begin(worker, pod, attempt, message, grace_ms, must_wait=must_wait)
            else:
                self._shorten(worker, pod, held, grace_ms)

    def exited(self, worker: Worker, pod: Object, attempt: Attempt) -> None:
        """A container has ended: it is no longer being stopped, others may have their turn."""
        stop = worker.stops.pop(attempt.name, None)
        if stop is not None and stop.command_id:
            self._machines.cancel_command(stop.command_id)
        order = sidecar_order(pod["spec"])
        for name, waiting in list(worker.stops.items()):
            if waiting.phase == "wait" and not self._has_later(worker, name, order):
                self._terminate(worker, waiting)

    def hook_finished(self, worker: Worker, pod: Object, name: str, result: ExecResult) -> None:
        """The preStop command of a container has ended."""
        stop = worker.stops.get(name)
        if stop is None:
            return
        stop.command_id = 0
        if result.exit_code:
            self._tools.event(pod, WARNING, "FailedPreStopHook", "PreStopHook failed", name)
        self._after_hook(worker, pod, name, stop)

    def check(self, worker: Worker, pod: Object) -> None:
        """Go on with stops whose hook or turn has taken all of the grace period."""
        for name, stop in list(worker.stops.items()):
            if stop.phase == "term":
                continue
            due_ms = stop.due_ms
            if due_ms > self._tools.now_ms:
                self._tools.wake_at(worker, due_ms)
                continue
            if stop.command_id:
                self._machines.cancel_command(stop.command_id)
                stop.command_id = 0
            if stop.phase == "hook":
                self._after_hook(worker, pod, name, stop)
            else:
                self._terminate(worker, stop)

    def _begin(
        self,
        worker: Worker,
        pod: Object,
        attempt: Attempt,
        message: str,
        grace_ms: int,
        *,
        must_wait: bool,
    ) -> None:
        tools, name = self._tools, attempt.name
        tools.event(pod, NORMAL, "Killing", message, name)
        now_ms = tools.now_ms
        stop = Stop(
            attempt.id, now_ms + grace_ms, now_ms + grace_ms, "wait" if must_wait else "term"
        )
        worker.stops[name] = stop
        container = find_container(pod["spec"], name) or {}
        handler = (container.get("lifecycle") or {}).get("preStop")
        if handler and grace_ms > 0:
            outcome = self._hooks.run(worker, pod, container, attempt, handler)
            if outcome.problem:
                tools.event(pod, WARNING, "FailedPreStopHook", "PreStopHook failed", name)
            elif outcome.command_id or outcome.due_ms is not None:
                stop.phase = "hook"
                stop.command_id = outcome.command_id
                if outcome.due_ms is not None:
                    stop.due_ms = min(stop.due_ms, outcome.due_ms)
                tools.wake_at(worker, stop.due_ms)
                return
        if must_wait and grace_ms > 0:
            tools.wake_at(worker, stop.due_ms)
        else:
            self._terminate(worker, stop)

    def _after_hook(self, worker: Worker, pod: Object, name: str, stop: Stop) -> None:
        if self._has_later(worker, name, sidecar_order(pod["spec"])):
            stop.phase = "wait"
            stop.due_ms = stop.kill_ms
            if stop.due_ms > self._tools.now_ms:
                self._tools.wake_at(worker, stop.due_ms)
                return
        self._terminate(worker, stop)

    def _terminate(self, worker: Worker, stop: Stop) -> None:
        stop.phase = "term"
        left_ms = max(stop.kill_ms - self._tools.now_ms, MINIMUM_GRACE_MS)
        stop.kill_ms = self._tools.now_ms + left_ms
        attempt = worker.by_id(stop.container_id)
        signal = attempt.stop_signal if attempt is not None else SIGTERM
        self._tools.runtime.stop_container(stop.container_id, left_ms, signal)

    def _shorten(self, worker: Worker, pod: Object, stop: Stop, grace_ms: int) -> None:
        kill_ms = self._tools.now_ms + grace_ms
        if kill_ms >= stop.kill_ms:
            return
        stop.kill_ms = kill_ms
        stop.due_ms = min(stop.due_ms, kill_ms)
        if stop.phase == "term":
            self._terminate(worker, stop)
        else:
            self.check(worker, pod)

    def _has_later(self, worker: Worker, name: str, order: list[str]) -> bool:
        """Whether a container that must end before that one still runs."""
        if name not in order:
            return False
        later = order[order.index(name) + 1 :]
        return any(a.name not in order or a.name in later for a in worker.running())


def sidecar_order(spec: Object) -> list[str]:
    """The sidecars in the order they were started; they end the other way round."""
    return [c["name"] for c in spec.get("initContainers") or () if is_sidecar(c)]


def grace_ms_of(pod: Object, probe: Object | None = None) -> int:
    """The time a container has to end by itself."""
    given = pod["metadata"].get("deletionGracePeriodSeconds")
    if given is None:
        given = (probe or {}).get("terminationGracePeriodSeconds")
    if given is None:
        given = pod["spec"].get("terminationGracePeriodSeconds", GRACE_SECONDS_DEFAULT)
    return int(given) * 1000
