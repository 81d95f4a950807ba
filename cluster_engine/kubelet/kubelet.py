"""The node agents: one component for all nodes, woken by changes, the agenda and the runtime.

`Kubelets` keeps the queue of pods to look at and passes each wake on to the part it concerns:
`sync` (pods), `nodes`, `probes`, `links` (what the API server asks of nodes). It also is what the
runtime tells of ended containers and commands.

Models: pkg/kubelet (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.reconciler import ComponentContext
from cluster_engine.images.image import Image
from cluster_engine.kubelet.adopting import Adopter
from cluster_engine.kubelet.contracts import Catalogue, Runtime
from cluster_engine.kubelet.environment import Environments
from cluster_engine.kubelet.hooks import Hooks
from cluster_engine.kubelet.images import Images
from cluster_engine.kubelet.links import Links
from cluster_engine.kubelet.machines import Machines
from cluster_engine.kubelet.nodes import Nodes
from cluster_engine.kubelet.probes import Prober
from cluster_engine.kubelet.projection import Projections, TokenSource
from cluster_engine.kubelet.resizing import Resizer
from cluster_engine.kubelet.starting import Starter
from cluster_engine.kubelet.stopping import Stopper
from cluster_engine.kubelet.sync import PodSync
from cluster_engine.kubelet.tools import ACTOR, Tools
from cluster_engine.kubelet.volumes import Volumes
from cluster_engine.kubelet.worker import Run, Stage, Worker
from cluster_engine.network.fabric import Fabric
from cluster_engine.runtime.container import ExecResult, FileContent
from cluster_engine.runtime.filesystem.nodes import Directory
from cluster_engine.store.changes import ADDED, DELETED, Change

_OWN = "system:node:"
#: How soon the kubelet sees that a container has ended, and when it retries after a refusal.
_NOTICE_MS = (100, 900)
_RETRY_MS = 10_000
#: How long the node controller waits for a node's heartbeat.
_MONITOR_GRACE_MS = 50_000


class Kubelets(Links):
    """All node agents of a cluster."""

    name = ACTOR

    def __init__(
        self,
        context: ComponentContext,
        runtime: Runtime,
        fabric: Fabric,
        catalogue: Catalogue,
        token: TokenSource,
    ) -> None:
        tools = Tools(context, runtime, fabric, catalogue)
        machines = Machines(tools)
        super().__init__(tools, machines)
        self._images = Images(tools)
        self._nodes = Nodes(tools, self._images)
        self._volumes = Volumes(tools, Projections(context.informers, self._view, token))
        hooks = Hooks(tools, machines)
        environments = Environments(context.informers)
        starter = Starter(tools, machines, self._images, environments, hooks)
        stopper = Stopper(tools, machines, hooks)
        self._prober = prober = Prober(tools, machines)
        resizer = Resizer(tools, machines, stopper)
        self._sync = PodSync(tools, machines, self._volumes, starter, stopper, prober, resizer)
        self._adopter = Adopter(
            tools,
            machines,
            self._images,
            self._nodes,
            self._volumes,
            environments,
            prober,
            resizer,
            self._view,
        )
        #: What waits to be looked at: pods by uid, nodes by name, news of the runtime.
        self._queue: dict[tuple[str, ...], int] = {}
        self._news: list[tuple[Any, ...]] = []
        self._is_planned = False
        #: Pods bound to nodes that are not there yet: node -> uid -> namespace and name.
        self._early: dict[str, dict[str, tuple[str, str]]] = {}
        runtime.listener = self
        tools.pods.add_handler(self._pod_changed)
        tools.nodes.add_handler(self._node_changed)

    # Component

    def wake(self, message: Hashable) -> None:
        """Look at one pod, node, probe or piece of news."""
        if message == "next":
            self._is_planned = False
            self._next()
            self._plan()
            return
        assert isinstance(message, tuple)
        kind, *rest = message
        if kind == "timer":
            self._look_at(rest[0], is_timer=True)
        elif kind == "probe":
            self._probe(*rest)
        elif kind == "ready":
            self._nodes.become_ready(rest[0])
        elif kind == "lost":
            since_ms = self._machines.down.get(rest[0], self._tools.now_ms)
            if self._tools.now_ms - since_ms >= _MONITOR_GRACE_MS:
                self._nodes.be_lost(rest[0])
        elif kind == "images":
            self._nodes.show_images(rest[0])
        elif kind == "source":
            self._refresh((rest[0], rest[1]))

    def state(self) -> Any:
        """See simulation.component."""
        return (
            self._machines.state(),
            self._images.state(),
            dict(self._queue),
            list(self._news),
            self._is_planned,
            {node: dict(pods) for node, pods in self._early.items()},
        )

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        machines, images, queue, news, self._is_planned, self._early = state
        self._machines.restore(machines)
        self._images.restore(images)
        self._queue, self._news = dict(queue), list(news)
        for worker in self._machines.workers.values():
            self._volumes.watch_again(worker)

    def adopt(self) -> None:
        """Take over the nodes and pods that the store holds, from their statuses (see adopting)."""
        for node in self._tools.nodes.list():
            self._adopter.node(node)
        for pod in self._tools.pods.list():
            node_name = pod["spec"].get("nodeName")
            if node_name and self._tools.fabric.addresses.node_ip(node_name) is not None:
                self._adopter.pod(pod)

    def image_tree(self, container_id: str) -> Directory | None:
        """The files that a pod's container began with."""
        worker = self._machines.owner_of_container(container_id)
        attempt = worker.by_id(container_id) if worker is not None else None
        image = self._tools.catalogue.find(attempt.image_spec) if attempt is not None else None
        return image.layer.root if isinstance(image, Image) else None

    # What the runtime tells (runtime.container.RuntimeListener)

    def container_exited(self, container_id: str, exit_code: int, reason: str) -> None:
        """A container's first process has ended."""
        self._news.append(("exit", container_id, exit_code, reason))
        self._plan()

    def command_finished(self, command_id: int, result: ExecResult) -> None:
        """A command run for the kubelets has ended."""
        self._news.append(("command", command_id, result.exit_code, result.output))
        self._plan()

    def volume_files(self, volume_id: str) -> Mapping[str, FileContent]:
        """What a projected volume contains now."""
        worker = self._machines.workers.get(volume_id.partition("/")[0])
        pod = self._tools.pod_of(worker) if worker is not None else None
        if worker is None or pod is None:
            return {}
        return self._volumes.files(worker, pod, volume_id)

    def is_pulling(self, uid: str) -> bool:
        """Whether an image of that pod is being pulled now."""
        worker = self._machines.workers.get(uid)
        return worker is not None and worker.step is not None and worker.step.kind == "pull"

    # Faults

    def set_node_down(self, node: str, is_down: bool) -> None:
        """Stop a node's kubelet, or start it again: while it is down nothing is looked at, and
        after the node controller's grace period the node is not ready."""
        if is_down:
            if self._machines.down.setdefault(node, self._tools.now_ms) == self._tools.now_ms:
                due_ms = self._tools.now_ms + _MONITOR_GRACE_MS
                self._tools.agenda.schedule(due_ms, ACTOR, ("lost", node))
            return
        if self._machines.down.pop(node, None) is None:
            return
        self._nodes.come_back(node)
        for worker in self._machines.on(node):
            self._prober.resume(worker)
            self._note(("pod", worker.uid))

    def power_off(self, node: str) -> None:
        """Everything that runs on a node ends at once, as when its power fails. Its kubelet has to
        be down: it finds out when it is back."""
        for worker in self._machines.on(node):
            for attempt in worker.running():
                self._tools.runtime.stop_container(attempt.id, 0)

    def kill_container(self, uid: str, name: str) -> bool:
        """Kill a container's first process from outside; False when it does not run."""
        worker = self._machines.workers.get(uid)
        attempt = worker.latest(name) if worker is not None else None
        if attempt is None or attempt.state != Run.RUNNING:
            return False
        self._tools.runtime.stop_container(attempt.id, 0)
        return True

    def set_registry(self, *, is_down: bool = False, slowness: int = 1) -> None:
        """How pulling images goes from now on."""
        self._images.is_registry_down, self._images.slowness = is_down, slowness

    # Noting

    def _pod_changed(self, change: Change) -> None:
        obj = change.object
        node = obj["spec"].get("nodeName")
        if not node:
            return
        if change.type != DELETED and change.origin.actor.startswith(_OWN):
            return
        metadata = obj["metadata"]
        uid = metadata["uid"]
        if uid not in self._machines.workers:
            early = self._early.get(node)
            if change.type == DELETED:
                if early is not None:
                    early.pop(uid, None)
                return
            if self._tools.fabric.addresses.node_ip(node) is None:
                early = self._early.setdefault(node, {})
                early[uid] = (metadata["namespace"], metadata["name"])
                return
            self._machines.add(Worker(uid, metadata["namespace"], metadata["name"], node))
        self._note(("pod", uid), change.revision)

    def _node_changed(self, change: Change) -> None:
        if change.type in (ADDED, DELETED):
            self._note(("node", change.name), change.revision)
        elif change.previous is not None:
            before = bool(change.previous.object["spec"].get("unschedulable"))
            if bool(change.object["spec"].get("unschedulable")) != before:
                self._note(("cordon", change.name), change.revision)

    def _note(self, key: tuple[str, ...], revision: int = 0) -> None:
        self._queue[key] = revision or self._queue.get(key, 0)
        self._plan()

    def _plan(self) -> None:
        if (self._queue or self._news) and not self._is_planned:
            self._is_planned = True
            self._tools.agenda.schedule(self._tools.now_ms, ACTOR, "next")

    # Looking

    def _next(self) -> None:
        if self._news:
            self._hear(self._news.pop(0))
            return
        if not self._queue:
            return
        key = next(iter(self._queue))
        revision = self._queue.pop(key)
        if key[0] == "pod":
            self._look_at(key[1], revision)
        elif key[0] == "node":
            self._look_at_node(key[1], revision)
        else:
            node = self._tools.nodes.get("", key[1])
            if node is not None:
                self._nodes.cordoned(key[1], bool(node["spec"].get("unschedulable")))

    def _look_at(self, uid: str, revision: int = 0, *, is_timer: bool = False) -> None:
        worker = self._machines.workers.get(uid)
        if worker is None:
            return
        if is_timer:
            worker.ticket = 0
        if worker.node in self._machines.down:
            return
        self._tools.client(worker.node).because(revision)
        try:
            self._sync.sync(worker)
        except ApiError:
            self._tools.wake_at(worker, self._tools.now_ms + _RETRY_MS)

    def _look_at_node(self, name: str, revision: int) -> None:
        node = self._tools.nodes.get("", name)
        known = self._tools.fabric.addresses.node_ip(name) is not None
        if node is None:
            if known:
                self._forget_node(name)
        elif not known:
            self._tools.client(name).because(revision)
            self._nodes.register(node)
            self._adopt(name)

    def _adopt(self, name: str) -> None:
        """Look at pods that were bound to a node before it was there."""
        for uid, (namespace, pod) in self._early.pop(name, {}).items():
            self._machines.add(Worker(uid, namespace, pod, name))
            self._note(("pod", uid))

    def _forget_node(self, name: str) -> None:
        """A machine is gone with everything on it; its pods' objects are left to others."""
        workers = self._machines.on(name)
        if workers:
            self._early[name] = {w.uid: (w.namespace, w.name) for w in workers}
        for worker in workers:
            self._sync.abandon(worker)
        self._machines.forget_node(name)
        self._images.forget_node(name)
        self._tools.fabric.remove_node(name)
        self._tools.forget_node(name)
        self._machines.down.pop(name, None)

    def _hear(self, news: tuple[Any, ...]) -> None:
        if news[0] == "command":
            _, command_id, exit_code, output = news
            worker = self._machines.take_command(command_id)
            result = ExecResult(exit_code, output)
            if worker is not None and self._sync.command_finished(worker, command_id, result):
                self._note(("pod", worker.uid))
            return
        _, container_id, exit_code, reason = news
        worker = self._machines.owner_of_container(container_id)
        if worker is None:
            return
        self._sync.ended(worker, container_id, exit_code, reason)
        self.end_followers(container_id)
        delay_ms = 0
        if worker.stage == Stage.ACTIVE and not worker.is_orphan:
            delay_ms = self._tools.between_ms(*_NOTICE_MS)
        if delay_ms:
            self._tools.wake_at(worker, self._tools.now_ms + delay_ms)
        else:
            self._note(("pod", worker.uid))

    def _probe(self, uid: str, name: str, kind: str) -> None:
        worker = self._machines.workers.get(uid)
        if worker is None:
            return
        if worker.node in self._machines.down:
            self._prober.skip(worker, name, kind)
            return
        self._tools.client(worker.node).because(0)
        if self._sync.probe_due(worker, name, kind):
            self._look_at(uid)

    def _refresh(self, source: tuple[str, str]) -> None:
        for uid in self._volumes.users(source):
            worker = self._machines.workers.get(uid)
            pod = self._tools.pod_of(worker) if worker is not None else None
            if worker is not None and pod is not None:
                self._volumes.refresh(worker, pod, source)

    def _view(self, worker: Worker, pod: Object) -> Any:
        return self._sync.view(worker, pod)
