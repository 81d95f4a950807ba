"""Bringing one pod nearer to its spec: the pod worker.

`sync` looks at the object and at the worker, does what can be done at once, and leaves wishes to be
woken for the rest. It is safe to run at any time. `ended`, `command_finished` and `probe_due` bring
news from the runtime and the agenda.

Models: SyncPod, SyncTerminatingPod, SyncTerminatedPod of pkg/kubelet/kubelet.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.kubelet.actions import compute_actions
from cluster_engine.kubelet.admission import Rejection, admit, reservation
from cluster_engine.kubelet.downward import PodView
from cluster_engine.kubelet.machines import Machines
from cluster_engine.kubelet.probes import Prober
from cluster_engine.kubelet.resizing import Resizer
from cluster_engine.kubelet.starting import Starter
from cluster_engine.kubelet.status.conditions import OWNED
from cluster_engine.kubelet.status.phase import TERMINAL
from cluster_engine.kubelet.status.pod_status import final_status, pod_status
from cluster_engine.kubelet.stopping import Stopper, grace_ms_of
from cluster_engine.kubelet.tools import NORMAL, WARNING, Tools
from cluster_engine.kubelet.volumes import Volumes
from cluster_engine.kubelet.worker import Run, Stage, Step, Worker
from cluster_engine.runtime.container import ExecResult

_SANDBOX_MS = (250, 600)
_SANDBOX_RETRY_MS = 12_000
_DEADLINE = (
    "DeadlineExceeded",
    "Pod was active on the node longer than the specified deadline",
)
#: Bounds one sync; what is left waits for the next.
_ROUNDS_MAX = 8


class PodSync:
    """The logic of all pod workers."""

    def __init__(
        self,
        tools: Tools,
        machines: Machines,
        volumes: Volumes,
        starter: Starter,
        stopper: Stopper,
        prober: Prober,
        resizer: Resizer,
    ) -> None:
        self._tools = tools
        self._machines = machines
        self._volumes = volumes
        self._starter = starter
        self._stopper = stopper
        self._prober = prober
        self._resizer = resizer

    def view(self, worker: Worker, pod: Object) -> PodView:
        """The pod with what its node knows of it."""
        node = self._tools.nodes.get("", worker.node) or {}
        allocatable = (node.get("status") or {}).get("allocatable") or {}
        node_ip = self._machines.ip(worker.node)
        ip = node_ip if pod["spec"].get("hostNetwork") else worker.ip
        return PodView(pod, ip, node_ip, allocatable)

    def sync(self, worker: Worker) -> None:
        """Do what can be done for the pod now."""
        pod = None if worker.is_orphan else self._tools.pod_of(worker)
        if pod is None:
            self.abandon(worker)
            return
        if worker.stage == Stage.FINISHED:
            self._retire(worker, pod)
            return
        if worker.stage == Stage.STOPPING:
            self._stop(worker, pod)
            return
        if "deletionTimestamp" in pod["metadata"] or self._is_over(worker, pod):
            self._stop(worker, pod)
            return
        if worker.stage == Stage.NEW:
            self._admit(worker, pod)
        elif worker.stage == Stage.ACTIVE:
            self._run(worker, pod)
        else:
            self._prepare(worker, pod)

    def ended(self, worker: Worker, container_id: str, exit_code: int, reason: str) -> None:
        """A container's first process has ended."""
        attempt = worker.by_id(container_id)
        if attempt is None or attempt.state != Run.RUNNING:
            return
        attempt.state = Run.EXITED
        attempt.finished_ms = self._tools.now_ms
        attempt.exit_code = exit_code
        attempt.reason = reason or ("Error" if exit_code else "Completed")
        pod = self._tools.pod_of(worker)
        attempt.message = self._last_words(pod, worker, attempt.name, container_id, exit_code)
        self._prober.drop_container(worker, attempt.name)
        if pod is not None:
            self._stopper.exited(worker, pod, attempt)
        else:
            worker.stops.pop(attempt.name, None)

    def command_finished(self, worker: Worker, command_id: int, result: ExecResult) -> bool:
        """A command in one of the pod's containers has ended; True when a sync is needed."""
        pod = self._tools.pod_of(worker)
        if pod is None:
            return False
        if worker.step is not None and worker.step.command_id == command_id:
            self._starter.hook_finished(worker, pod, result)
            return True
        for name, stop in list(worker.stops.items()):
            if stop.command_id == command_id:
                self._stopper.hook_finished(worker, pod, name, result)
                return False
        for (name, kind), probe in list(worker.probes.items()):
            if probe.command_id == command_id:
                return self._prober.command_finished(worker, pod, name, kind, result)
        return False

    def probe_due(self, worker: Worker, name: str, kind: str) -> bool:
        """A probe's next try is due; True when a sync is needed."""
        pod = self._tools.pod_of(worker)
        return pod is not None and self._prober.due(worker, pod, name, kind)

    # The way up

    def _admit(self, worker: Worker, pod: Object) -> None:
        node = self._tools.nodes.get("", worker.node)
        if node is None:
            return
        needed = reservation(pod["spec"])
        rejection = admit(pod, node, self._machines.reserved(worker.node), needed)
        if rejection is not None:
            self._reject(worker, pod, rejection)
            return
        worker.reserved = needed
        self._machines.reserve(worker.node, needed)
        self._resizer.allocate(worker, pod)
        worker.stage = Stage.VOLUMES
        if not self._tools.is_instant:
            pod = self._write(worker, pod)
        self._prepare(worker, pod)

    def _reject(self, worker: Worker, pod: Object, rejection: Rejection) -> None:
        self._tools.event(pod, WARNING, rejection.reason, rejection.message)
        worker.stage = Stage.FINISHED
        status = {
            "phase": "Failed",
            "reason": rejection.reason,
            "message": f"Pod was rejected: {rejection.message}",
            "qosClass": (pod.get("status") or {}).get("qosClass", "BestEffort"),
            "startTime": pod_status(pod, worker, "", self._tools.now_ms)["startTime"],
        }
        generation = pod["metadata"].get("generation")
        if generation:
            status["observedGeneration"] = generation
        held = (pod.get("status") or {}).get("conditions") or ()
        others = [condition for condition in held if condition["type"] not in OWNED]
        if others:
            status["conditions"] = others
        self._tools.write_status(worker, pod, status)

    def _prepare(self, worker: Worker, pod: Object) -> None:
        """Volumes, then the sandbox with its address."""
        step = worker.step
        if step is not None and step.due_ms is not None and step.due_ms > self._tools.now_ms:
            self._tools.wake_at(worker, step.due_ms)
            return
        worker.step = None
        if worker.stage == Stage.VOLUMES and not self._mount(worker, pod):
            return
        if step is None or step.kind != "sandbox":
            delay_ms = self._tools.between_ms(*_SANDBOX_MS)
            if delay_ms:
                self._wait(worker, "sandbox", delay_ms)
                return
        if not self._make_sandbox(worker, pod):
            return
        worker.stage = Stage.ACTIVE
        if not self._tools.is_instant:
            pod = self._write(worker, pod)
        self._run(worker, pod)

    def _mount(self, worker: Worker, pod: Object) -> bool:
        if self._volumes.set_up(worker, pod):
            worker.stage = Stage.SANDBOX
            return True
        self._write(worker, pod)
        self._wait(worker, "volumes", self._volumes.retry_ms(worker))
        return False

    def _make_sandbox(self, worker: Worker, pod: Object) -> bool:
        spec = pod["spec"]
        if spec.get("hostNetwork"):
            worker.ip = self._machines.ip(worker.node)
        elif not worker.ip:
            ip = self._machines.take_ip(worker)
            if ip is None:
                why = (
                    'plugin type="ptp" failed (add): failed to allocate for range 0: '
                    "no IP addresses available in range set"
                )
                text = f"Failed to create pod sandbox: rpc error: code = Unknown desc = {why}"
                self._tools.event(pod, WARNING, "FailedCreatePodSandBox", text)
                self._write(worker, pod)
                self._wait(worker, "sandbox-retry", _SANDBOX_RETRY_MS)
                return False
            worker.ip = ip
        worker.has_sandbox = True
        self._machines.open_ports(worker, spec)
        return True

    def _wait(self, worker: Worker, kind: str, delay_ms: int) -> None:
        due_ms = self._tools.now_ms + delay_ms
        worker.step = Step(kind, "", due_ms, self._tools.now_ms)
        self._tools.wake_at(worker, due_ms)

    # Running

    def _run(self, worker: Worker, pod: Object) -> None:
        """Carry out the plan, show the state, make the next plan."""
        view = self.view(worker, pod)
        self._stopper.check(worker, pod)
        if worker.step is None and not worker.plan:
            worker.tried.clear()
            self._resizer.follow(worker, pod)
        if not self._take_up(worker, pod, view):
            return
        # Under the instant profile a new pod is written once, when all of it has been tried.
        is_unseen = self._tools.is_instant and "startTime" not in (pod.get("status") or {})
        for _ in range(_ROUNDS_MAX):
            self._prober.follow(worker, pod)
            if not is_unseen:
                pod = self._write(worker, pod)
                if self._is_over(worker, pod):
                    self._stop(worker, pod)
                    return
            if worker.stops:
                return
            if not self._act(worker, pod, view):
                break
            is_unseen = False
        if is_unseen:
            self._write(worker, pod)

    def _take_up(self, worker: Worker, pod: Object, view: PodView) -> bool:
        """Go on with the step and the plan; False while they take time."""
        step = worker.step
        if step is not None:
            if step.due_ms is None:
                return False
            if step.due_ms > self._tools.now_ms:
                self._tools.wake_at(worker, step.due_ms)
                return False
            self._starter.go_on(worker, pod, view)
        return self._starter.run(worker, pod, view)

    def _act(self, worker: Worker, pod: Object, view: PodView) -> bool:
        """Do what the spec asks for now; True when that may have changed the status."""
        actions = compute_actions(pod, worker)
        if actions.ends_pod:
            self._stop(worker, pod)
            return False
        for kill in actions.kills:
            grace_ms = grace_ms_of(pod, kill.probe)
            self._stopper.stop_container(worker, pod, kill.attempt, kill.message, grace_ms)
        killed = {kill.attempt.name for kill in actions.kills}
        before = self._marks(worker)
        worker.plan = [n for n in actions.starts if n not in killed and n not in worker.tried]
        worker.tried.extend(worker.plan)
        if not worker.plan:
            self._watch_deadline(worker, pod)
            return False
        is_done = self._starter.run(worker, pod, view)
        self._watch_deadline(worker, pod)
        return is_done and self._marks(worker) != before

    def _marks(self, worker: Worker) -> tuple[object, ...]:
        return (
            tuple((name, runs[0].id) for name, runs in worker.attempts.items() if runs),
            tuple(worker.waiting.items()),
        )

    def _watch_deadline(self, worker: Worker, pod: Object) -> None:
        seconds = pod["spec"].get("activeDeadlineSeconds")
        if seconds is None:
            return
        started = (pod.get("status") or {}).get("startTime")
        start_ms = parse_rfc3339(started) if started else self._tools.now_ms
        worker.deadline_ms = start_ms + seconds * 1000
        self._tools.wake_at(worker, worker.deadline_ms)

    def _is_over(self, worker: Worker, pod: Object) -> bool:
        """Whether nothing more is to be started: finished, or past its deadline."""
        if (pod.get("status") or {}).get("phase") in TERMINAL:
            return True
        self._watch_deadline(worker, pod)
        if worker.deadline_ms and self._tools.now_ms >= worker.deadline_ms:
            if worker.ending is None:
                worker.ending = _DEADLINE
                self._tools.event(pod, NORMAL, *_DEADLINE)
            return True
        return False

    # The way down

    def _stop(self, worker: Worker, pod: Object) -> None:
        """End all containers; once they have ended, show that and let the pod go."""
        if worker.stage != Stage.STOPPING:
            worker.stage = Stage.STOPPING
            worker.plan.clear()
            self._drop_step(worker)
            self._prober.stop(worker, ("liveness", "startup"))
        self._stopper.stop_pod(worker, pod, grace_ms_of(pod))
        self._stopper.check(worker, pod)
        self._prober.follow(worker, pod)
        if worker.running():
            self._write(worker, pod)
            return
        self._prober.stop(worker)
        self._release(worker)
        self._tools.cancel_wake(worker)
        worker.stage = Stage.FINISHED
        if "deletionTimestamp" in pod["metadata"]:
            self._retire(worker, pod)
        else:
            self._write(worker, pod, is_terminal=True)

    def _retire(self, worker: Worker, pod: Object) -> None:
        """Delete the object of a deleted pod that has ended."""
        if "deletionTimestamp" not in pod["metadata"]:
            return
        status = final_status(pod, worker, self._machines.ip(worker.node), self._tools.now_ms)
        pod = self._tools.write_status(worker, pod, status)
        self._machines.delete_pod(worker)

    def abandon(self, worker: Worker) -> None:
        """The pod has no object or no machine any more: end what runs, write nothing."""
        if not worker.is_orphan:
            worker.is_orphan = True
            self._prober.stop(worker)
            self._drop_step(worker)
            worker.plan.clear()
            self._tools.cancel_wake(worker)
            # Its room is free with its object, as upstream's admission counts listed pods only.
            self._give_room(worker)
            for attempt in worker.running():
                self._tools.runtime.stop_container(attempt.id, 0)
        if worker.running():
            return
        self._release(worker)
        self._volumes.take_down(worker)
        for runs in worker.attempts.values():
            for attempt in runs:
                self._machines.remove_container(attempt.id)
        self._machines.forget(worker)

    def _release(self, worker: Worker) -> None:
        """Give back address, ports and room on the node."""
        if worker.has_sandbox:
            worker.has_sandbox = False
            self._machines.give_back_ip(worker)
        self._give_room(worker)

    def _give_room(self, worker: Worker) -> None:
        if worker.reserved:
            self._machines.unreserve(worker.node, worker.reserved)
            worker.reserved = ()
            for other in self._machines.deferred(worker.node):
                self._tools.wake_at(other, self._tools.now_ms)

    def _drop_step(self, worker: Worker) -> None:
        step = worker.step
        if step is not None and step.command_id:
            self._machines.cancel_command(step.command_id)
        worker.step = None

    # The status

    def _write(self, worker: Worker, pod: Object, *, is_terminal: bool = False) -> Object:
        node_ip = self._machines.ip(worker.node)
        status = pod_status(pod, worker, node_ip, self._tools.now_ms, is_terminal=is_terminal)
        return self._tools.write_status(worker, pod, status)

    def _last_words(
        self, pod: Object | None, worker: Worker, name: str, container_id: str, exit_code: int
    ) -> str:
        """What the container left as its termination message."""
        text = self._tools.runtime.termination_message(container_id)[:4096]
        if text or pod is None or not exit_code:
            return text.decode("utf-8", "replace")
        for group in ("containers", "initContainers"):
            for container in pod["spec"].get(group) or ():
                if (
                    container["name"] == name
                    and container.get("terminationMessagePolicy") == "FallbackToLogsOnError"
                ):
                    lines = [line.text + b"\n" for line in self._tools.runtime.log(container_id)]
                    return b"".join(lines[-80:])[-2048:].decode("utf-8", "replace")
        return ""
