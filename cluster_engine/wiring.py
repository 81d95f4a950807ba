"""How the parts of a cluster are put together; the only place that knows them all.

`wire` makes the parts around a store; `fill` gives a new cluster its content. A fork or a restored
snapshot is wired the same way around its store and then handed its state.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.requests import ADMIN, Recipe, Request, Response, Stream
from cluster_engine.apiserver.server import ApiServer
from cluster_engine.apiserver.tokens import ISSUER, Tokens
from cluster_engine.bootstrap import contents
from cluster_engine.bootstrap.authority import make_authority
from cluster_engine.client.client import Client
from cluster_engine.client.informer import Informers
from cluster_engine.client.recorder import EventMemory, Recorder
from cluster_engine.console import Console
from cluster_engine.controllers.registry import CONTROLLERS
from cluster_engine.controllers.serviceaccount import RootCertificatePublisher
from cluster_engine.extensions import PREFIX, Extensions, Extra
from cluster_engine.fault_paths import FaultPaths
from cluster_engine.faults.component import Faults
from cluster_engine.faults.effects import Means
from cluster_engine.images.catalogue import Catalogue, find_layer
from cluster_engine.images.registry import PROGRAMS as SERVERS
from cluster_engine.kinds.registry import Registry
from cluster_engine.kubectl.programs import PROGRAMS as KUBECTL
from cluster_engine.kubelet.kubelet import Kubelets
from cluster_engine.network.fabric import Fabric
from cluster_engine.projection import timeline
from cluster_engine.projection.past import Past
from cluster_engine.projection.viewer import Projection
from cluster_engine.review import ReviewSwitch
from cluster_engine.runtime.kernel import Kernel
from cluster_engine.scheduler.scheduler import Scheduler
from cluster_engine.shell.programs import PROGRAMS as SHELL
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.component import Component
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.spec import ClusterSpec
from cluster_engine.store.store import Store
from cluster_engine.summary import Summary

_CONTROLLER_ACCOUNT = "system:serviceaccount:kube-system:"


@dataclass(slots=True)
class Context:
    """What one component works with; fulfils `client.reconciler.ComponentContext`."""

    clock: Clock
    agenda: Agenda
    randomness: Randomness
    informers: Informers
    client: Client
    recorder: Recorder
    is_instant: bool
    _api: ApiServer
    _memory: EventMemory

    def client_for(self, actor: str, manager: str) -> Client:
        """A client that acts in another name."""
        return Client(self._api, actor, manager)

    def recorder_for(
        self, component: str, host: str = "", client: Client | None = None
    ) -> Recorder:
        """A recorder whose events say that component and host."""
        return Recorder(client or self.client, self.clock, component, host, self._memory)


@dataclass(slots=True)
class Parts:
    """The parts of one cluster."""

    clock: Clock
    agenda: Agenda
    randomness: Randomness
    store: Store
    informers: Informers
    api: ApiServer
    components: dict[str, Component] = field(default_factory=dict)
    events: EventMemory = field(default_factory=EventMemory)
    scheduler: Scheduler | None = None
    kubelets: Kubelets | None = None
    kernel: Kernel | None = None
    console: Console | None = None
    faults: Faults | None = None
    #: What else answers below the playground's own prefix.
    extras: list[Extra] = field(default_factory=list)
    past: Past = field(default_factory=Past)
    _projection: Projection | None = None

    def context(self, actor: str, manager: str, component: str, *, is_instant: bool) -> Context:
        """The context of a component that writes as `actor`."""
        client = Client(self.api, actor, manager)
        return Context(
            clock=self.clock,
            agenda=self.agenda,
            randomness=self.randomness,
            informers=self.informers,
            client=client,
            recorder=Recorder(client, self.clock, component, memory=self.events),
            is_instant=is_instant,
            _api=self.api,
            _memory=self.events,
        )

    def projection(self) -> Projection:
        """What viewers look through, made when the first one comes."""
        if self._projection is None:
            decisions = self.scheduler.decisions_since if self.scheduler else _no_decisions
            usage = self.kubelets.node_usage if self.kubelets else _no_usage
            self._projection = Projection(self.informers, self.lines(), decisions, usage)
            self._projection.revision = self.store.revision
        return self._projection

    def lines(self) -> list[Object]:
        """The timeline so far, oldest first: as far as the store's history reaches, and what came
        with the cluster from before."""
        changes = self.store.changes_after(self.store.compacted_revision)
        own = [line for change in changes if (line := timeline.entry(change)) is not None]
        if self.faults is not None and (broken := self.faults.lines()):
            own = sorted([*own, *broken], key=lambda line: (line["time"], line["revision"]))
        return [*self.past.lines, *own]

    def say(self, line: Object) -> None:
        """A line of the timeline that no change made, for those who look on."""
        if self._projection is not None:
            self._projection.say(line)

    def as_person(self, request: Request) -> Response:
        """The API as the person at the console uses it, with full rights."""
        return self.api.handle(replace(request, user=ADMIN))

    def revive(self, recipe: Recipe) -> Stream | None:
        """A stream that goes on where another was, perhaps in the cluster this one is a copy of,
        when it gave its recipe; None when it is over."""
        if recipe[0] == "watch":
            return self.api.revive_watch(recipe)
        if self.kernel is None or self.kubelets is None:
            return None
        if recipe[0] == "exec":
            return self.kernel.revive_exec(recipe)
        if recipe[0] == "forward":
            return self.kubelets.revive_forward(recipe)
        return self.kubelets.revive_log(recipe)

    def pod_token(self, pod: Object, audience: str, seconds: int) -> str:
        """A token for a pod's service account, bound to the pod; empty without an account."""
        metadata = pod["metadata"]
        name = pod["spec"].get("serviceAccountName", "default")
        account = self.informers.of("serviceaccounts").get(metadata["namespace"], name)
        if account is None:
            return ""
        bound = {"pod": {"name": metadata["name"], "uid": metadata["uid"]}}
        audiences = [audience] if audience else [ISSUER]
        return Tokens(self.api.core).issue(account, audiences, seconds, bound)


def wire(spec: ClusterSpec, now_ms: int, store: Store | None = None, stored: Any = None) -> Parts:
    """All parts around a new store, the given one, or one brought back from a snapshot."""
    if store is None:
        store = Store(history_max=spec.limits.history_changes_max, is_freezing=spec.is_freezing)
        if stored is not None:
            store.restore(stored)
    clock, agenda, randomness = Clock(now_ms), Agenda(), Randomness(spec.seed)
    api = ApiServer(
        store=store,
        registry=Registry(),
        clock=clock,
        agenda=agenda,
        randomness=randomness,
        limits=spec.limits,
        is_api_only=spec.is_api_only,
    )
    parts = Parts(clock, agenda, randomness, store, Informers(store), api)
    parts.components[parts.past.name] = parts.past
    parts.components[api.gate.name] = api.gate
    parts.components[parts.events.name] = parts.events
    parts.extras.append(ReviewSwitch(api.gate))
    if not spec.is_api_only:
        _add_controllers(parts, spec)
        _add_scheduler(parts, spec)
        _add_nodes(parts, spec)
    return parts


def fill(parts: Parts, spec: ClusterSpec) -> None:
    """Give a new cluster its content and its nodes."""
    contents.fill(parts.store, parts.randomness, spec.start_ms, is_api_only=spec.is_api_only)
    # As an API server's watch cache, which begins with what it finds when it starts.
    parts.store.compact(parts.store.revision)
    if not spec.is_api_only:
        admin = Client(parts.api, "podyard", "podyard")
        for number in range(1, spec.nodes + 1):
            node = contents.node(
                number, cpu=spec.node_cpu, memory=spec.node_memory, pods=spec.node_pods
            )
            admin.create("nodes", node)


def _add_controllers(parts: Parts, spec: ClusterSpec) -> None:
    _, certificate = make_authority(Randomness(spec.seed), spec.start_ms)
    is_instant = spec.profile == "instant"
    for kind in CONTROLLERS:
        context = parts.context(
            _CONTROLLER_ACCOUNT + kind.name,
            "kube-controller-manager",
            kind.name,
            is_instant=is_instant,
        )
        controller = kind(context)
        if isinstance(controller, RootCertificatePublisher):
            controller.certificate = certificate
        parts.components[controller.name] = controller


def _add_scheduler(parts: Parts, spec: ClusterSpec) -> None:
    name = "system:kube-scheduler"
    is_instant = spec.profile == "instant"
    context = parts.context(name, "kube-scheduler", "default-scheduler", is_instant=is_instant)
    scheduler = Scheduler(context, spec.limits)
    parts.scheduler = scheduler
    parts.components[scheduler.name] = scheduler
    parts.api.extensions[PREFIX] = Extensions(scheduler.explanation, parts.extras)


def _add_nodes(parts: Parts, spec: ClusterSpec) -> None:
    fabric = Fabric(parts.informers, parts.randomness)
    kernel = Kernel(
        parts.clock,
        parts.agenda,
        parts.randomness,
        spec.limits,
        fabric,
        {**SHELL, **KUBECTL, **SERVERS},
        find_layer,
    )
    is_instant = spec.profile == "instant"
    context = parts.context("system:node:", "kubelet", "kubelet", is_instant=is_instant)
    kernel.api = parts.as_person
    kernel.revive = parts.revive
    kubelets = Kubelets(context, kernel, fabric, Catalogue(), parts.pod_token)
    parts.kubelets = kubelets
    parts.kernel, parts.console = kernel, Console(kernel, spec.name)
    parts.extras.append(parts.console)
    parts.extras.append(
        Summary(
            parts.informers,
            parts.api.gate.writes.after,
            parts.console.entered,
            kubelets.is_pulling,
        )
    )
    parts.faults = Faults(parts.clock, parts.agenda, Means(parts.informers, kubelets, fabric))
    parts.faults.on_line = parts.say
    parts.extras.append(FaultPaths(parts.faults, lambda: parts.store.revision))
    parts.components[fabric.name] = fabric
    parts.components[kernel.name] = kernel
    parts.components[kubelets.name] = kubelets
    parts.components[parts.faults.name] = parts.faults
    parts.api.node_link = kubelets


def _no_decisions(cursor: int) -> tuple[int, list[Object]]:
    return cursor, []


def _no_usage(node: str) -> tuple[int, int] | None:
    return None
