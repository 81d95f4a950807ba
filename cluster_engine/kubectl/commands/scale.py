"""`kubectl scale`: how many replicas there should be.

Models: k8s.io/kubectl/pkg/cmd/scale and pkg/scale (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.client import MERGE_PATCH
from cluster_engine.kubectl.command import ALL, DRY_RUN, PRINTING, SELECTOR, Command, files
from cluster_engine.kubectl.errors import KubectlError, raise_all
from cluster_engine.kubectl.flags import DURATION, INT, STRING, Flag
from cluster_engine.kubectl.results import CLIENT, NONE, dry_run, dry_run_query, report
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import Target, gather
from cluster_engine.kubectl.waiting import Awaited, Watcher
from cluster_engine.runtime.program import Waiting


def run(session: Session) -> int | Task:
    flags = session.flags
    if not flags.has("replicas"):
        raise KubectlError('required flag(s) "replicas" not set')
    if flags["replicas"] < 0:
        raise KubectlError(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"
        )
    if flags["current-replicas"] < -1:
        raise KubectlError("The --current-replicas must specify an integer of -1 or greater")
    targets, errors = gather(session, session.arguments)
    if flags.text("resource-version") and len(targets) > 1:
        raise KubectlError("cannot use --resource-version with multiple resources")
    if not targets:
        raise_all(errors)
        raise KubectlError("no objects passed to scale")
    return Scaling(targets, errors)


@dataclass(frozen=True, slots=True)
class Scaled:
    """There are as many pods as there should be, or something else is wanted by now."""

    replicas: int

    def is_met(self, awaited: Awaited, obj: Object | None) -> bool:
        if obj is None:
            raise KubectlError(f'{awaited.resource.qualified} "{awaited.name}" not found')
        wanted = (obj.get("spec") or {}).get("replicas", 0)
        current = (obj.get("status") or {}).get("replicas", 0)
        return bool(wanted != self.replicas or current == wanted)

    def timeout_text(self, awaited: Awaited) -> str:
        return f'timed out waiting for "{awaited.name}" to be synced'


@dataclass(slots=True)
class Scaling:
    """Scales one object after the other."""

    waiting: list[Target]
    errors: list[KubectlError]
    watcher: Watcher | None = None
    done: list[Object] = field(default_factory=list)

    def step(self, session: Session) -> int | Waiting:
        if self.watcher is not None:
            outcome = self.watcher.step(session)
            if isinstance(outcome, Waiting):
                return outcome
            self.watcher = None
            report(session, self.done.pop(), "scaled")
        if not self.waiting:
            raise_all(self.errors)
            return 0
        target = self.waiting.pop(0)
        replicas = session.flags["replicas"]
        if dry_run(session) != CLIENT:
            replicas = _scale(session, target)
        obj = _with_replicas(target, replicas)
        if session.flags["timeout"] and dry_run(session) == NONE:
            awaited = Awaited(target.resource, target.namespace, target.name)
            deadline = session.now_ms + session.flags["timeout"]
            self.watcher = Watcher(Scaled(replicas), [awaited], deadline)
            self.done.append(obj)
        else:
            report(session, obj, "scaled")
        return Waiting()


def _scale(session: Session, target: Target) -> int:
    """Send the new number; the number that the server has taken. Raises KubectlError."""
    flags = session.flags
    path = target.resource.path(target.namespace, target.name, "scale")
    wanted, version = flags["current-replicas"], flags.text("resource-version")
    if wanted == -1 and not version:
        body = {"spec": {"replicas": flags["replicas"]}}
        query = dry_run_query(session)
        answer = session.client.call("PATCH", path, query, body, content_type=MERGE_PATCH)
    else:
        scale = session.client.call("GET", path)
        current = (scale.get("spec") or {}).get("replicas", 0)
        _expect("replicas", str(wanted), str(current), is_set=wanted != -1)
        _expect(
            "resource version", version, scale["metadata"]["resourceVersion"], is_set=bool(version)
        )
        scale = {**scale, "spec": {**(scale.get("spec") or {}), "replicas": flags["replicas"]}}
        answer = session.client.call("PUT", path, dry_run_query(session), scale)
    replicas: int = (answer.get("spec") or {}).get("replicas", 0)
    return replicas


def _expect(what: str, expected: str, actual: str, *, is_set: bool) -> None:
    if is_set and expected != actual:
        raise KubectlError(f"Expected {what} to be {expected}, was {actual}")


def _with_replicas(target: Target, replicas: int) -> Object:
    if target.resource.group not in ("", "apps"):
        return target.object
    spec: dict[str, Any] = target.object.get("spec") or {}
    return {**target.object, "spec": {**spec, "replicas": replicas}}


COMMAND = Command(
    name="scale",
    short="Set a new size for a deployment, replica set, or replication controller",
    usage="[--resource-version=version] [--current-replicas=count] --replicas=COUNT "
    "(-f FILENAME | TYPE NAME)",
    long="""Set a new size for a deployment, replica set, replication controller, or stateful set.

 Scale also allows users to specify one or more preconditions for the scale action.

 If --current-replicas or --resource-version is specified, it is validated before the scale is \
attempted, and it is guaranteed that the precondition holds true when the scale is sent to the \
server.""",
    examples="""# Scale a replica set named 'foo' to 3
kubectl scale --replicas=3 rs/foo

# Scale a resource identified by type and name specified in "foo.yaml" to 3
kubectl scale --replicas=3 -f foo.yaml

# If the deployment named mysql's current size is 2, scale mysql to 3
kubectl scale --current-replicas=2 --replicas=3 deployment/mysql

# Scale multiple replication controllers
kubectl scale --replicas=5 rc/example1 rc/example2 rc/example3

# Scale stateful set named 'web' to 3
kubectl scale --replicas=3 statefulset/web""",
    flags=(
        ALL,
        Flag(
            "current-replicas",
            "",
            INT,
            -1,
            "Precondition for current size. Requires that the current size of the "
            "resource match this value in order to scale. -1 (default) for no "
            "condition.",
        ),
        DRY_RUN,
        *files("identifying the resource to set a new size"),
        *PRINTING,
        Flag("replicas", "", INT, 0, "The new desired number of replicas. Required."),
        Flag(
            "resource-version",
            "",
            STRING,
            "",
            "Precondition for resource version. Requires that the current resource "
            "version match this value in order to scale.",
        ),
        SELECTOR,
        Flag(
            "timeout",
            "",
            DURATION,
            0,
            "The length of time to wait before giving up on a scale operation, zero "
            "means don't wait. Any other values should contain a corresponding time "
            "unit (e.g. 1s, 2m, 3h).",
        ),
    ),
    run=run,
)
