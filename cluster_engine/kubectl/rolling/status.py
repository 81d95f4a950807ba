"""`kubectl rollout status`: follow a rollout to its end.

Models: k8s.io/kubectl/pkg/cmd/rollout/rollout_status.go, pkg/polymorphichelpers (v0.37.2).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import FILENAME, SELECTOR, Command, timeout
from cluster_engine.kubectl.errors import KubectlError, StatusError, raise_all
from cluster_engine.kubectl.flags import INT, Flag, switch
from cluster_engine.kubectl.revisions import revision_of
from cluster_engine.kubectl.rolling.common import group_kind, rollout_targets
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.streams import Lines
from cluster_engine.kubectl.targets import Target
from cluster_engine.kubectl.waiting import WEEK_MS
from cluster_engine.runtime.program import Waiting


def run(session: Session) -> int | Task:
    flags = session.flags
    if flags["revision"] < 0:
        raise KubectlError(f"revision must be a positive integer: {flags['revision']}")
    targets, errors = rollout_targets(session)
    if not targets and not errors:
        session.err(f"No resources found in {session.namespace} namespace.")
        return 0
    return Following(targets, errors, session.now_ms + (flags["timeout"] or WEEK_MS))


@dataclass(slots=True)
class Following:
    """Watches one object after the other until its rollout is done."""

    waiting: list[Target]
    errors: list[KubectlError]
    deadline_ms: int
    lines: Lines | None = field(default=None)

    def step(self, session: Session) -> int | Waiting:
        if not self.waiting:
            raise_all(self.errors)
            return 0
        try:
            outcome = self._follow(session, self.waiting[0])
        except KubectlError as error:
            self.errors.append(error)
            outcome = None
        if outcome is not None:
            return outcome
        self.waiting.pop(0)
        if self.lines is not None:
            session.system.close(self.lines.fd)
            self.lines = None
        return Waiting()

    def _follow(self, session: Session, target: Target) -> Waiting | None:
        """None when there is no more to wait for."""
        if self.lines is None:
            if self._tell(session, target, target.object):
                return None
            query = {
                "watch": True,
                "fieldSelector": f"metadata.name={target.name}",
                "resourceVersion": target.object["metadata"]["resourceVersion"],
            }
            stream = session.client.stream("GET", target.resource.path(target.namespace), query)
            self.lines = Lines(session.system.open_stream(stream))
        for line in self.lines.read(session.system):
            event = json.loads(line)
            if event["type"] == "DELETED":
                raise KubectlError("object has been deleted")
            if event["type"] == "ERROR":
                raise StatusError(event["object"])
            if event["type"] != "BOOKMARK" and self._tell(session, target, event["object"]):
                return None
        if session.now_ms >= self.deadline_ms or self.lines.has_ended:
            raise KubectlError("timed out waiting for the condition")
        return Waiting(readable=(self.lines.fd,), until_ms=self.deadline_ms)

    def _tell(self, session: Session, target: Target, obj: Object) -> bool:
        """Say how far it is; True when it is done or only to be looked at once."""
        viewer = _VIEWERS.get((target.resource.group, target.resource.kind))
        if viewer is None:
            raise KubectlError(
                f"no status viewer has been implemented for {group_kind(target.resource)}"
            )
        text, is_done = viewer(obj, session.flags["revision"])
        session.out(text)
        return is_done or not session.flags.is_on("watch")


def _is_observed(obj: Object) -> bool:
    seen: int = (obj.get("status") or {}).get("observedGeneration", 0)
    return bool(obj["metadata"].get("generation", 0) <= seen)


def _deployment(obj: Object, revision: int) -> tuple[str, bool]:
    name, status = obj["metadata"]["name"], obj.get("status") or {}
    if revision > 0 and revision != revision_of(obj):
        raise KubectlError(
            f"desired revision ({revision}) is different from the running revision "
            f"({revision_of(obj)})"
        )
    if not _is_observed(obj):
        return "Waiting for deployment spec update to be observed...", False
    progressing = find(status.get("conditions"), "Progressing") or {}
    if progressing.get("reason") == "ProgressDeadlineExceeded":
        raise KubectlError(f'deployment "{name}" exceeded its progress deadline')
    wanted, updated = obj["spec"].get("replicas", 1), status.get("updatedReplicas", 0)
    total, available = status.get("replicas", 0), status.get("availableReplicas", 0)
    waiting = f'Waiting for deployment "{name}" rollout to finish:'
    if updated < wanted:
        text = f"{waiting} {updated} out of {wanted} new replicas have been updated..."
        return text, False
    if total > updated:
        return f"{waiting} {total - updated} old replicas are pending termination...", False
    if available < updated:
        return f"{waiting} {available} of {updated} updated replicas are available...", False
    return f'deployment "{name}" successfully rolled out', True


def _require_rolling(obj: Object) -> None:
    if (obj["spec"].get("updateStrategy") or {}).get("type") != "RollingUpdate":
        raise KubectlError("rollout status is only available for RollingUpdate strategy type")


def _daemon_set(obj: Object, revision: int) -> tuple[str, bool]:
    _require_rolling(obj)
    name, status = obj["metadata"]["name"], obj.get("status") or {}
    if not _is_observed(obj):
        return "Waiting for daemon set spec update to be observed...", False
    wanted, updated = status.get("desiredNumberScheduled", 0), status.get("updatedNumberScheduled")
    available = status.get("numberAvailable", 0)
    waiting = f'Waiting for daemon set "{name}" rollout to finish:'
    if (updated or 0) < wanted:
        return f"{waiting} {updated or 0} out of {wanted} new pods have been updated...", False
    if available < wanted:
        return f"{waiting} {available} of {wanted} updated pods are available...", False
    return f'daemon set "{name}" successfully rolled out', True


def _stateful_set(obj: Object, revision: int) -> tuple[str, bool]:
    _require_rolling(obj)
    spec, status = obj["spec"], obj.get("status") or {}
    if not status.get("observedGeneration") or not _is_observed(obj):
        return "Waiting for statefulset spec update to be observed...", False
    wanted, ready = spec.get("replicas", 1), status.get("readyReplicas", 0)
    if ready < wanted:
        return f"Waiting for {wanted - ready} pods to be ready...", False
    updated = status.get("updatedReplicas", 0)
    rolling = (spec.get("updateStrategy") or {}).get("rollingUpdate")
    if rolling is not None:
        goal = wanted - rolling.get("partition", wanted)
        if updated < goal:
            return (
                f"Waiting for partitioned roll out to finish: {updated} out of {goal} new pods "
                "have been updated...",
                False,
            )
        return f"partitioned roll out complete: {updated} new pods have been updated...", True
    if status.get("updateRevision") != status.get("currentRevision"):
        return (
            f"waiting for statefulset rolling update to complete {updated} pods at revision "
            f"{status.get('updateRevision', '')}...",
            False,
        )
    current = status.get("currentReplicas", 0)
    revision_name = status.get("currentRevision", "")
    return (
        f"statefulset rolling update complete {current} pods at revision {revision_name}...",
        True,
    )


_VIEWERS: dict[tuple[str, str], Callable[[Object, int], tuple[str, bool]]] = {
    ("apps", "Deployment"): _deployment,
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "StatefulSet"): _stateful_set,
}

STATUS = Command(
    name="status",
    short="Show the status of the rollout",
    usage="(TYPE NAME | TYPE/NAME) [flags]",
    long="""Show the status of the rollout.

 By default 'rollout status' will watch the status of the latest rollout until it's done. If you \
don't want to wait for the rollout to finish then you can use --watch=false. Note that if a new \
rollout starts in-between, then 'rollout status' will continue watching the latest revision. If \
you want to pin to a specific revision and abort if it is rolled over by another revision, use \
--revision=N where N is the revision you need to watch for.""",
    examples="""# Watch the rollout status of a deployment
kubectl rollout status deployment/nginx""",
    flags=(
        *FILENAME,
        SELECTOR,
        Flag(
            "revision",
            "",
            INT,
            0,
            "Pin to a specific revision for showing its status. Defaults to 0 (last revision).",
        ),
        timeout(
            "The length of time to wait before ending watch, zero means never. Any other values "
            "should contain a corresponding time unit (e.g. 1s, 2m, 3h)."
        ),
        switch("watch", "w", "Watch the status of the rollout until it's done.", default=True),
    ),
    run=run,
)
