"""`kubectl delete`: by files, by name, by selector; waits until what it deleted is gone.

Models: k8s.io/kubectl/pkg/cmd/delete (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import (
    ALL,
    ALL_NAMESPACES,
    DRY_RUN,
    FIELD_SELECTOR,
    KUSTOMIZE,
    RECURSIVE,
    SELECTOR,
    Command,
    filename,
)
from cluster_engine.kubectl.errors import KubectlError, StatusError
from cluster_engine.kubectl.errors import raise_all as raise_errors
from cluster_engine.kubectl.flags import DURATION, INT, Flag, switch
from cluster_engine.kubectl.raw import run_raw
from cluster_engine.kubectl.results import CLIENT, NONE, dry_run, dry_run_query, suffix
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import (
    MISSING_RESOURCES,
    Filters,
    Target,
    fetch_all,
    file_targets,
    filters_of,
    select,
)
from cluster_engine.kubectl.waiting import WEEK_MS, Awaited, Gone, Watcher
from cluster_engine.runtime.program import Waiting

_CASCADES = {
    "background": "Background",
    "true": "Background",
    "foreground": "Foreground",
    "orphan": "Orphan",
    "false": "Orphan",
}


def run(session: Session) -> int | Task:
    flags = session.flags
    if flags.text("raw"):
        return run_raw(session, "DELETE")
    _check(session)
    filters = filters_of(session)
    is_lenient = flags.is_on("ignore-not-found") or (
        not flags.has("ignore-not-found") and (flags.is_on("all") or filters.is_set)
    )
    targets, errors = _targets(session, filters)
    deletion = Deletion(targets, _grace_seconds(session), _cascade(session), is_lenient, errors)
    if flags.is_on("interactive"):
        return Confirmation(deletion)
    return deletion


def _check(session: Session) -> None:
    flags = session.flags
    output = flags.text("output")
    if output not in ("", "name"):
        raise KubectlError(f"unexpected -o output mode: {output}. We only support '-o name'")
    for name in ("selector", "field-selector"):
        if flags.is_on("all") and flags.text(name):
            raise KubectlError(f"cannot set --all and --{name} at the same time")
    if flags.is_on("now") and flags["grace-period"] != -1:
        raise KubectlError("--now and --grace-period cannot be specified together")
    if flags.is_on("force"):
        if flags["grace-period"] > 0:
            raise KubectlError(
                "--force and --grace-period greater than 0 cannot be specified together"
            )
        session.err(
            "Warning: Immediate deletion does not wait for confirmation that the running resource "
            "has been terminated. The resource may continue to run on the cluster indefinitely."
        )


def _targets(session: Session, filters: Filters) -> tuple[list[Target], list[KubectlError]]:
    flags = session.flags
    if flags.words("filename") or flags.text("kustomize"):
        if session.arguments:
            raise KubectlError(
                "when paths, URLs, or stdin is provided as input, you may not specify resource "
                "arguments as well"
            )
        return file_targets(session)
    if not session.arguments:
        raise KubectlError(MISSING_RESOURCES)
    takes_all = flags.is_on("all") or filters.is_set
    selections = select(session, session.arguments, filters, takes_all=takes_all)
    named = [item for item in selections if item.names is not None]
    targets = [
        Target(item.resource, _namespace(session, item.resource.is_namespaced), name, {})
        for item in named
        for name in item.names or ()
    ]
    found, errors = fetch_all(session, [s for s in selections if s.names is None], filters)
    return [*targets, *found], errors


def _namespace(session: Session, is_namespaced: bool) -> str:
    return session.namespace if is_namespaced else ""


def _grace_seconds(session: Session) -> int:
    flags = session.flags
    seconds: int = 1 if flags.is_on("now") else flags["grace-period"]
    if flags.is_on("force"):
        return max(seconds, 0)
    return 1 if seconds == 0 else seconds


def _cascade(session: Session) -> str:
    word = session.flags.text("cascade")
    found = _CASCADES.get(word)
    if found is None:
        raise KubectlError(
            f'invalid cascade value ({word}). Must be "background", "foreground", or "orphan"'
        )
    return found


@dataclass(slots=True)
class Confirmation:
    """--interactive: shows what would go and asks."""

    deletion: Deletion
    has_asked: bool = False
    answer: bytes = b""

    def step(self, session: Session) -> int | Waiting | Task:
        if not self.has_asked:
            self.has_asked = True
            if not self.deletion.waiting:
                session.out("No resources found")
                return 0
            session.out(
                f"You are about to delete the following {len(self.deletion.waiting)} resource(s):"
            )
            for target in self.deletion.waiting:
                session.out(target.label)
            session.write("Do you want to continue? (y/N): ")
        data = session.system.read(0, 1024)
        if data is None:
            return Waiting(readable=(0,))
        self.answer += data
        if data and b"\n" not in self.answer:
            return Waiting(readable=(0,))
        if self.answer.strip().lower() != b"y":
            session.out("deletion is cancelled")
            return 0
        return self.deletion


@dataclass(slots=True)
class Deletion:
    """Deletes one object per step, then waits for them to go."""

    waiting: list[Target]
    grace_seconds: int
    propagation: str
    ignores_missing: bool
    errors: list[KubectlError] = field(default_factory=list)
    deleted: list[Awaited] = field(default_factory=list)
    count: int = 0
    has_warned: bool = False
    watcher: Watcher | None = None

    def step(self, session: Session) -> int | Waiting:
        if self.waiting:
            self._delete(session, self.waiting.pop(0))
            return Waiting()
        if self.watcher is None:
            raise_errors(self.errors)
            if not self.count:
                session.out("No resources found")
                return 0
            if not session.flags.is_on("wait") or dry_run(session) != NONE:
                return 0
            timeout_ms = session.flags["timeout"] or WEEK_MS
            self.watcher = Watcher(Gone(), self.deleted, session.now_ms + timeout_ms)
        outcome = self.watcher.step(session)
        return outcome if isinstance(outcome, Waiting) else 0

    def _delete(self, session: Session, target: Target) -> None:
        is_scoped = session.is_namespace_given and not session.flags.is_on("all-namespaces")
        if is_scoped and not target.resource.is_namespaced and not self.has_warned:
            self.has_warned = True
            session.err(
                "Warning: deleting cluster-scoped resources, not scoped to the provided namespace"
            )
        self.count += 1
        if dry_run(session) == CLIENT:
            self._tell(session, target)
            return
        try:
            answer = session.client.call("DELETE", target.path, None, self._options(session))
        except StatusError as error:
            if error.is_not_found and self.ignores_missing:
                return
            named = error.during("deleting", target.source) if target.source else error
            self.errors.append(named)
            return
        self.deleted.append(
            Awaited(target.resource, target.namespace, target.name, _uid_of(answer))
        )
        self._tell(session, target)

    def _options(self, session: Session) -> Object:
        options: Object = {
            "kind": "DeleteOptions",
            "apiVersion": "v1",
            "propagationPolicy": self.propagation,
        }
        if self.grace_seconds >= 0:
            options["gracePeriodSeconds"] = self.grace_seconds
        if dry_run_query(session):
            options["dryRun"] = ["All"]
        return options

    def _tell(self, session: Session, target: Target) -> None:
        if session.flags.text("output") == "name":
            session.out(target.label)
            return
        operation = "force deleted" if self.grace_seconds == 0 else "deleted"
        where = f" from {target.namespace} namespace" if target.resource.is_namespaced else ""
        session.out(
            f'{target.resource.display} "{target.name}" {operation}{where}{suffix(session)}'
        )


def _uid_of(answer: Object) -> str:
    if answer.get("kind") == "Status":
        return str((answer.get("details") or {}).get("uid") or "")
    return str((answer.get("metadata") or {}).get("uid") or "")


COMMAND = Command(
    name="delete",
    short="Delete resources by file names, stdin, resources and names, or by resources and label "
    "selector",
    usage="([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])",
    long="""Delete resources by file names, stdin, resources and names, or by resources and label \
selector.

 JSON and YAML formats are accepted. Only one type of argument may be specified: file names, \
resources and names, or resources and label selector.

 Some resources, such as pods, support graceful deletion. These resources define a default period \
before they are forcibly terminated (the grace period) but you may override that value with the \
--grace-period flag, or pass --now to set a grace-period of 1. Because these resources often \
represent entities in the cluster, deletion may not be acknowledged immediately. If the node \
hosting a pod is down or cannot reach the API server, termination may take significantly longer \
than the grace period. To force delete a resource, you must specify the --force flag. Note: only \
a subset of resources support graceful deletion. In absence of the support, the --grace-period \
flag is ignored.

 IMPORTANT: Force deleting pods does not wait for confirmation that the pod's processes have been \
terminated, which can leave those processes running until the node detects the deletion and \
completes graceful deletion. If your processes use shared storage or talk to a remote API and \
depend on the name of the pod to identify themselves, force deleting those pods may result in \
multiple processes running on different machines using the same identification which may lead to \
data corruption or inconsistency. Only force delete pods when you are sure the pod is terminated, \
or if your application can tolerate multiple copies of the same pod running at once. Also, if you \
force delete pods, the scheduler may place new pods on those nodes before the node has released \
those resources and causing those pods to be evicted immediately.

 Note that the delete command does NOT do resource version checks, so if someone submits an \
update to a resource right when you submit a delete, their update will be lost along with the \
rest of the resource.

 After a CustomResourceDefinition is deleted, invalidation of discovery cache may take up to 6 \
hours. If you don't want to wait, you might want to run "kubectl api-resources" to refresh the \
discovery cache.""",
    examples="""# Delete a pod using the type and name specified in pod.json
kubectl delete -f ./pod.json

# Delete resources from a directory containing kustomization.yaml - e.g. dir/kustomization.yaml
kubectl delete -k dir

# Delete resources from all files that end with '.json'
kubectl delete -f '*.json'

# Delete a pod based on the type and name in the JSON passed into stdin
cat pod.json | kubectl delete -f -

# Delete pods and services with same names "baz" and "foo"
kubectl delete pod,service baz foo

# Delete pods and services with label name=myLabel
kubectl delete pods,services -l name=myLabel

# Delete a pod with minimal delay
kubectl delete pod foo --now

# Force delete a pod on a dead node
kubectl delete pod foo --force

# Delete all pods
kubectl delete pods --all

# Delete all pods only if the user confirms the deletion
kubectl delete pods --all --interactive""",
    flags=(
        filename("containing the resource to delete."),
        KUSTOMIZE,
        RECURSIVE,
        SELECTOR,
        FIELD_SELECTOR,
        ALL,
        ALL_NAMESPACES,
        DRY_RUN,
        Flag(
            "cascade",
            "",
            "string",
            "background",
            'Must be "background", "orphan", or '
            '"foreground". Selects the deletion cascading strategy for the dependents (e.g. Pods '
            "created by a ReplicationController). Defaults to background.",
            bare="background",
        ),
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
            "Period of time in seconds given to the resource to "
            "terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only "
            "be set to 0 when --force is true (force deletion).",
        ),
        switch(
            "ignore-not-found",
            "",
            'Treat "resource not found" as a successful delete. '
            'Defaults to "true" when --all is specified.',
        ),
        switch("interactive", "i", "If true, delete resource only when user confirms."),
        switch(
            "now",
            "",
            "If true, resources are signaled for immediate shutdown (same as --grace-period=1).",
        ),
        Flag(
            "output",
            "o",
            "string",
            "",
            'Output mode. Use "-o name" for shorter output (resource/name).',
        ),
        Flag(
            "raw",
            "",
            "string",
            "",
            "Raw URI to DELETE to the server.  Uses the transport specified by the "
            "kubeconfig file.",
        ),
        Flag(
            "timeout",
            "",
            DURATION,
            0,
            "The length of time to wait before giving up on a "
            "delete, zero means determine a timeout from the size of the object",
        ),
        switch(
            "wait",
            "",
            "If true, wait for resources to be gone before returning. This waits for finalizers.",
            default=True,
        ),
    ),
    run=run,
)
