"""Taking over nodes and pods from their statuses: what the kubelets of a cluster do that came from
a file, as if all machines had been switched on again where they were.

Pods keep names, nodes, addresses, volumes and container ids. What had been running starts anew
under the same id, so that the status stays true; what was in memory is lost, files are put back by
`portable.reading`. Nothing is written: the next sync finds the status as it should be.
"""

from __future__ import annotations

from collections.abc import Callable

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.images.image import PullFailure
from cluster_engine.kubelet.admission import reservation
from cluster_engine.kubelet.backoff import FIRST_MS, MAX_MS, Backoff
from cluster_engine.kubelet.container_spec import container_spec
from cluster_engine.kubelet.containers import find_container
from cluster_engine.kubelet.downward import PodView
from cluster_engine.kubelet.environment import ConfigError, Environments
from cluster_engine.kubelet.images import Images
from cluster_engine.kubelet.machines import Machines
from cluster_engine.kubelet.nodes import Nodes
from cluster_engine.kubelet.probes import Prober
from cluster_engine.kubelet.resizing import Resizer
from cluster_engine.kubelet.status.phase import TERMINAL
from cluster_engine.kubelet.tools import Tools
from cluster_engine.kubelet.volumes import Volumes
from cluster_engine.kubelet.worker import Attempt, Run, Stage, Worker
from cluster_engine.runtime.container import StartFailure
from cluster_engine.runtime.signals import SIGTERM

_STATUSES = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
#: What a container says that waits for its turn, not after a failure.
_UNTROUBLED = ("ContainerCreating", "PodInitializing")
_LOST_EXIT_CODE = 137


class Adopter:
    """Makes workers out of statuses."""

    def __init__(
        self,
        tools: Tools,
        machines: Machines,
        images: Images,
        nodes: Nodes,
        volumes: Volumes,
        environments: Environments,
        prober: Prober,
        resizer: Resizer,
        view: Callable[[Worker, Object], PodView],
    ) -> None:
        self._tools = tools
        self._machines = machines
        self._images = images
        self._nodes = nodes
        self._volumes = volumes
        self._environments = environments
        self._prober = prober
        self._resizer = resizer
        self._view = view

    def node(self, node: Object) -> None:
        """A machine that had registered; one that had not yet is left to be found."""
        if self._nodes.adopt(node):
            self._images.adopt(node)
            if self._nodes.is_lost(node):
                self._machines.down[node["metadata"]["name"]] = self._tools.now_ms

    def pod(self, pod: Object) -> None:
        """A pod that is bound to a known node."""
        metadata, spec, status = pod["metadata"], pod["spec"], pod.get("status") or {}
        worker = Worker(metadata["uid"], metadata["namespace"], metadata["name"], spec["nodeName"])
        self._machines.add(worker)
        if status.get("phase") in TERMINAL:
            worker.stage, worker.ip = Stage.FINISHED, status.get("podIP") or ""
            self._take_runs(worker, pod)
        elif status.get("startTime") and status.get("podIP"):
            self._take_place(worker, pod, status["podIP"])
            self._take_runs(worker, pod)
            self._start(worker, pod)

    def _take_place(self, worker: Worker, pod: Object, ip: str) -> None:
        """Room, address, ports and volumes, as they were."""
        spec = pod["spec"]
        worker.reserved = reservation(spec)
        self._machines.reserve(worker.node, worker.reserved)
        self._resizer.allocate(worker, pod)
        worker.ip, worker.has_sandbox = ip, True
        if not spec.get("hostNetwork"):
            self._tools.fabric.hold_pod(worker.node, worker.namespace, worker.name, ip)
        self._machines.open_ports(worker, spec)
        is_mounted = self._volumes.set_up(worker, pod)
        worker.stage = Stage.ACTIVE if is_mounted else Stage.VOLUMES

    def _take_runs(self, worker: Worker, pod: Object) -> None:
        for field in _STATUSES:
            for status in (pod.get("status") or {}).get(field) or ():
                self._take_run(worker, pod, status)

    def _take_run(self, worker: Worker, pod: Object, status: Object) -> None:
        name = status["name"]
        container = find_container(pod["spec"], name)
        if container is None:
            return
        state, last = status.get("state") or {}, status.get("lastState") or {}
        count = status.get("restartCount") or 0
        shown = [state.get("running"), state.get("terminated"), last.get("terminated")]
        runs = [facts for facts in shown if facts]
        worker.attempts[name] = [
            self._attempt(container, status, facts, max(count - position, 0))
            for position, facts in enumerate(runs)
        ]
        waiting = state.get("waiting")
        if waiting and waiting.get("reason") not in (None, *_UNTROUBLED):
            worker.waiting[name] = (waiting["reason"], waiting.get("message") or "")
            if waiting["reason"] == "CrashLoopBackOff" and worker.attempts[name]:
                ended_ms = worker.attempts[name][0].finished_ms
                delay_ms = min(FIRST_MS << min(max(count - 1, 0), 10), MAX_MS)
                key = f"{name}/{container.get('image', '')}"
                worker.crash_backoffs[key] = Backoff(delay_ms, ended_ms)

    def _attempt(self, container: Object, status: Object, facts: Object, number: int) -> Attempt:
        is_running = "finishedAt" not in facts and "exitCode" not in facts
        user = (status.get("user") or {}).get("linux") or {}
        container_id = facts.get("containerID") or status.get("containerID") or ""
        image = self._tools.catalogue.find(container.get("image") or "")
        started_ms = _moment(facts.get("startedAt"))
        return Attempt(
            container["name"],
            container_id.rpartition("/")[2] or self._tools.container_id(),
            number,
            container.get("image") or "",
            status.get("image") or "",
            status.get("imageID") or "",
            Run.RUNNING if is_running else Run.EXITED,
            started_ms,
            started_ms,
            _moment(facts.get("finishedAt")),
            facts.get("exitCode") or 0,
            facts.get("reason") or "",
            facts.get("message") or "",
            user.get("uid") or 0,
            user.get("gid") or 0,
            tuple(user.get("supplementalGroups") or ()),
            getattr(image, "stop_signal", SIGTERM),
        )

    def _start(self, worker: Worker, pod: Object) -> None:
        """Run again what had been running, with the results its probes had."""
        for attempt in worker.running():
            container = find_container(pod["spec"], attempt.name)
            if container is None or not self._run(worker, pod, container, attempt):
                attempt.state = Run.EXITED
                attempt.finished_ms = self._tools.now_ms
                attempt.exit_code, attempt.reason = _LOST_EXIT_CODE, "Error"
        self._prober.follow(worker, pod)
        for field in _STATUSES:
            for status in (pod.get("status") or {}).get(field) or ():
                results = {"startup": status.get("started"), "readiness": status.get("ready")}
                for kind, result in results.items():
                    probe = worker.probes.get((status["name"], kind))
                    if probe is not None and result:
                        probe.result = True

    def _run(self, worker: Worker, pod: Object, container: Object, attempt: Attempt) -> bool:
        image = self._tools.catalogue.find(container.get("image") or "")
        if isinstance(image, PullFailure):
            return False
        view = self._view(worker, pod)
        try:
            environment = self._environments.build(view, container)
            spec = container_spec(
                worker,
                pod,
                container,
                image,
                environment,
                container_id=attempt.id,
                node_ip=view.host_ip,
            )
            self._machines.start_container(worker, spec)
        except (ConfigError, StartFailure):
            return False
        return True


def _moment(text: str | None) -> int:
    return parse_rfc3339(text) if text else 0
