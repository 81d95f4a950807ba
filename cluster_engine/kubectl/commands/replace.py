"""`kubectl replace`: put files in the place of what is there.

Models: k8s.io/kubectl/pkg/cmd/replace (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.applying import annotated
from cluster_engine.kubectl.command import (
    DRY_RUN,
    KUSTOMIZE,
    PRINTING,
    RECURSIVE,
    VALIDATE,
    Command,
    filename,
    manager,
)
from cluster_engine.kubectl.creating.common import SAVE_CONFIG
from cluster_engine.kubectl.errors import KubectlError, StatusError, raise_all
from cluster_engine.kubectl.flags import DURATION, INT, STRING, Flag, switch
from cluster_engine.kubectl.raw import run_raw
from cluster_engine.kubectl.results import CLIENT, NONE, dry_run, report
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import Target, file_targets
from cluster_engine.kubectl.waiting import Awaited, Gone, Watcher
from cluster_engine.kubectl.writing import create, replace, with_namespace
from cluster_engine.runtime.program import Waiting

_TIMEOUT_MS = 5 * 60_000
_CASCADES = {"background": "Background", "foreground": "Foreground", "orphan": "Orphan"}


def run(session: Session) -> int | Task:
    flags = session.flags
    if not flags.words("filename") and not flags.text("kustomize"):
        raise KubectlError("must specify one of -f and -k")
    is_forced = flags.is_on("force")
    if flags["grace-period"] >= 0 and not is_forced:
        raise KubectlError("--grace-period must have --force specified")
    if flags["timeout"] and not is_forced:
        raise KubectlError("--timeout must have --force specified")
    if is_forced and dry_run(session) != NONE:
        raise KubectlError("--dry-run can not be used when --force is set")
    if flags.text("raw"):
        return run_raw(session, "PUT")
    targets, errors = file_targets(session)
    if is_forced:
        raise_all(errors)
        return Renewal(list(targets), list(targets))
    for target in targets:
        try:
            _replace(session, target)
        except StatusError as error:
            errors.append(error.during("replacing", target.source))
    raise_all(errors)
    return 0


def _prepared(session: Session, target: Target) -> Object:
    obj = with_namespace(target.object, target.namespace)
    return annotated(obj) if session.flags.is_on("save-config") else obj


def _replace(session: Session, target: Target) -> None:
    obj = _prepared(session, target)
    if dry_run(session) != CLIENT:
        obj = replace(
            session, target, _versioned(session, target, obj), session.flags.text("subresource")
        )
    report(session, obj, "replaced")


def _versioned(session: Session, target: Target, obj: Object) -> Object:
    """Without a version of its own it takes the one that is there: it overwrites."""
    if obj["metadata"].get("resourceVersion"):
        return obj
    current = session.client.call("GET", target.path)
    version = current["metadata"]["resourceVersion"]
    return {**obj, "metadata": {**obj["metadata"], "resourceVersion": version}}


@dataclass(slots=True)
class Renewal:
    """Deletes, waits until all are gone, and creates anew."""

    deleting: list[Target]
    creating: list[Target]
    watcher: Watcher | None = None
    gone: list[Awaited] = field(default_factory=list)

    def step(self, session: Session) -> int | Waiting:
        if self.deleting:
            self._delete(session, self.deleting.pop(0))
            return Waiting()
        if self.watcher is None:
            timeout_ms = session.flags["timeout"] or _TIMEOUT_MS
            self.watcher = Watcher(Gone(), self.gone, session.now_ms + timeout_ms)
        outcome = self.watcher.step(session)
        if isinstance(outcome, Waiting):
            return outcome
        if not self.creating:
            raise KubectlError("no objects passed to replace")
        for target in self.creating:
            obj = _prepared(session, target)
            obj = create(session, target.resource, target.namespace, obj)
            report(session, obj, "replaced")
        return 0

    def _delete(self, session: Session, target: Target) -> None:
        flags = session.flags
        options: Object = {
            "kind": "DeleteOptions",
            "apiVersion": "v1",
            "propagationPolicy": _CASCADES.get(flags.text("cascade"), "Background"),
        }
        seconds = 0 if flags["grace-period"] < 0 else max(flags["grace-period"], 1)
        options["gracePeriodSeconds"] = seconds
        try:
            session.client.call("DELETE", target.path, None, options)
        except StatusError as error:
            if not error.is_not_found:
                raise
            return
        self.gone.append(Awaited(target.resource, target.namespace, target.name))
        operation = "deleted" if seconds else "force deleted"
        where = f" from {target.namespace} namespace" if target.resource.is_namespaced else ""
        session.out(f'{target.resource.display} "{target.name}" {operation}{where}')


COMMAND = Command(
    name="replace",
    short="Replace a resource by file name or stdin",
    usage="-f FILENAME",
    long="""Replace a resource by file name or stdin.

 JSON and YAML formats are accepted. If replacing an existing resource, the complete resource \
spec must be provided. This can be obtained by

        $ kubectl get TYPE NAME -o yaml""",
    examples="""# Replace a pod using the data in pod.json
kubectl replace -f ./pod.json

# Replace a pod based on the JSON passed into stdin
cat pod.json | kubectl replace -f -

# Update a single-container pod's image version (tag) to v4
kubectl get pod mypod -o yaml | sed 's/\\(image: myimage\\):.*$/\\1:v4/' | kubectl replace -f -

# Force replace, delete and then re-create the resource
kubectl replace --force -f ./pod.json""",
    flags=(
        Flag(
            "cascade",
            "",
            STRING,
            "background",
            'Must be "background", "orphan", or "foreground". Selects the deletion '
            "cascading strategy for the dependents (e.g. Pods created by a "
            "ReplicationController). Defaults to background.",
        ),
        DRY_RUN,
        manager("kubectl-replace"),
        filename("The files that contain the configurations to replace."),
        KUSTOMIZE,
        RECURSIVE,
        switch(
            "force",
            "",
            "If true, immediately remove resources from API and bypass graceful "
            "deletion. Note that immediate deletion of some resources may result in "
            "inconsistency or data loss and requires confirmation.",
        ),
        Flag(
            "grace-period",
            "",
            INT,
            -1,
            "Period of time in seconds given to the resource to terminate gracefully. "
            "Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 "
            "when --force is true (force deletion).",
        ),
        *PRINTING,
        Flag(
            "raw",
            "",
            STRING,
            "",
            "Raw URI to PUT to the server.  Uses the transport specified by the kubeconfig file.",
        ),
        SAVE_CONFIG,
        Flag(
            "subresource",
            "",
            STRING,
            "",
            "If specified, replace will operate on the subresource of the requested object.",
        ),
        Flag(
            "timeout",
            "",
            DURATION,
            0,
            "The length of time to wait before giving up on a delete, zero means "
            "determine a timeout from the size of the object",
        ),
        VALIDATE,
        switch(
            "wait",
            "",
            "If true, wait for resources to be gone before returning. This waits for finalizers.",
        ),
    ),
    run=run,
)
