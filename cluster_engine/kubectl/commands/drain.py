"""`kubectl drain`: empty a node for maintenance.

Models: k8s.io/kubectl/pkg/cmd/drain/drain.go (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.apimachinery.selectors import SelectorError, parse_label_selector
from cluster_engine.kubectl.command import DRY_RUN, SELECTOR, Command
from cluster_engine.kubectl.cordoning import cordon, node_targets
from cluster_engine.kubectl.errors import KubectlError, Several, raise_all
from cluster_engine.kubectl.evicting import Removal, candidates_on, removal_of
from cluster_engine.kubectl.flags import DURATION, INT, STRING, Flag, switch
from cluster_engine.kubectl.results import CLIENT, dry_run, report
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import Target
from cluster_engine.runtime.program import Waiting


def run(session: Session) -> int | Task:
    try:
        parse_label_selector(session.flags.text("pod-selector"))
    except SelectorError:
        raise KubectlError("--pod-selector=<pod_selector> must be a valid label selector") from None
    nodes = node_targets(session, "drain NODE")
    cordon(session, nodes, is_wanted=True)
    return Drain(nodes)


@dataclass(slots=True)
class Drain:
    """Empties one node after the other."""

    waiting: list[Target]
    removal: Removal | None = None
    failed: list[Target] = field(default_factory=list)
    errors: list[KubectlError] = field(default_factory=list)

    def step(self, session: Session) -> int | Waiting:
        if not self.waiting:
            return self._finish(session)
        node = self.waiting[0]
        if self.removal is None and not self._begin(session, node):
            return Waiting()
        if self.removal is not None:
            until = self.removal.step(session)
            if until is not None:
                return Waiting(until_ms=until)
            if self.removal.errors:
                self._give_up(session, node, self.removal.errors, was_removing=True)
                return Waiting()
        report(session, node.object, "drained")
        self._next()
        return Waiting()

    def _begin(self, session: Session, node: Target) -> bool:
        """False when the node cannot be emptied."""
        candidates = candidates_on(session, node.name)
        errors = candidates.errors()
        if errors:
            self._give_up(session, node, errors, was_removing=False)
            return False
        if candidates.warning():
            session.err(f"Warning: {candidates.warning()}")
        if dry_run(session) == CLIENT:
            for pod in candidates.pods:
                metadata = pod["metadata"]
                session.out(f"evicting pod {metadata['namespace']}/{metadata['name']} (dry run)")
        elif candidates.pods:
            self.removal = removal_of(session, candidates.pods)
        return True

    def _give_up(
        self, session: Session, node: Target, errors: list[KubectlError], *, was_removing: bool
    ) -> None:
        text = errors[0].message if len(errors) == 1 else Several(errors).message
        if was_removing:
            pending = candidates_on(session, node.name).pods
            if pending:
                session.err(
                    f'There are pending pods in node "{node.name}" when an error occurred: {text}'
                )
            for pod in pending:
                session.err(f"pod/{pod['metadata']['name']}")
        session.err(
            f'error: unable to drain node "{node.name}" due to error: {text}, continuing command...'
        )
        self.errors.extend(errors)
        self.failed.append(node)
        self._next()

    def _next(self) -> None:
        self.waiting.pop(0)
        self.removal = None

    def _finish(self, session: Session) -> int:
        if self.failed:
            session.err("There are pending nodes to be drained:")
        for node in self.failed:
            session.err(f" {node.name}")
        raise_all(self.errors)
        return 0


COMMAND = Command(
    name="drain",
    short="Drain node in preparation for maintenance",
    usage="NODE",
    long="""Drain node in preparation for maintenance.

 The given node will be marked unschedulable to prevent new pods from arriving. 'drain' evicts \
the pods if the API server supports \
https://kubernetes.io/docs/concepts/workloads/pods/disruptions/ eviction \
https://kubernetes.io/docs/concepts/workloads/pods/disruptions/ . Otherwise, it will use normal \
DELETE to delete the pods. The 'drain' evicts or deletes all pods except mirror pods (which \
cannot be deleted through the API server).  If there are daemon set-managed pods, drain will not \
proceed without --ignore-daemonsets, and regardless it will not delete any daemon set-managed \
pods, because those pods would be immediately replaced by the daemon set controller, which \
ignores unschedulable markings.  If there are any pods that are neither mirror pods nor managed \
by a replication controller, replica set, daemon set, stateful set, or job, then drain will not \
delete any pods unless you use --force.  --force will also allow deletion to proceed if the \
managing resource of one or more pods is missing.

 'drain' waits for graceful termination. You should not operate on the machine until the command \
completes.

 When you are ready to put the node back into service, use kubectl uncordon, which will make the \
node schedulable again.

https://kubernetes.io/images/docs/kubectl_drain.svg \
Workflowhttps://kubernetes.io/images/docs/kubectl_drain.svg""",
    examples="""# Drain node "foo", even if there are pods not managed by a replication \
controller, replica set, job, daemon set, or stateful set on it
kubectl drain foo --force

# As above, but abort if there are pods not managed by a replication controller, replica set, \
job, daemon set, or stateful set, and use a grace period of 15 minutes
kubectl drain foo --grace-period=900""",
    flags=(
        Flag(
            "chunk-size",
            "",
            INT,
            500,
            "Return large lists in chunks rather than all at once. Pass 0 to disable. "
            "This flag is beta and may change in the future.",
        ),
        switch(
            "delete-emptydir-data",
            "",
            "Continue even if there are pods using emptyDir (local data that will be deleted when "
            "the node is drained).",
        ),
        switch(
            "disable-eviction",
            "",
            "Force drain to use delete, even if eviction is supported. This will bypass checking "
            "PodDisruptionBudgets, use with caution.",
        ),
        DRY_RUN,
        switch("force", "", "Continue even if there are pods that do not declare a controller."),
        Flag(
            "grace-period",
            "",
            INT,
            -1,
            "Period of time in seconds given to each pod to terminate gracefully. If negative, the "
            "default value specified in the pod will be used.",
        ),
        switch("ignore-daemonsets", "", "Ignore DaemonSet-managed pods."),
        Flag("pod-selector", "", STRING, "", "Label selector to filter pods on the node"),
        SELECTOR,
        Flag(
            "skip-wait-for-delete-timeout",
            "",
            INT,
            0,
            "If pod DeletionTimestamp older than N seconds, skip waiting for the pod.  Seconds "
            "must be greater than 0 to skip.",
        ),
        Flag(
            "timeout",
            "",
            DURATION,
            0,
            "The length of time to wait before giving up, zero means infinite",
        ),
    ),
    run=run,
)
