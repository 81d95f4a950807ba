"""What the `set` commands share: finding pod specs in objects, changing them, sending the change.

Models: k8s.io/kubectl/pkg/cmd/set/helper.go and pkg/polymorphichelpers/updatepodspec.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import TypeAlias

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.shapes import FREE
from cluster_engine.apimachinery.patches.strategic_diff import create_patch
from cluster_engine.kubectl.command import ALL, DRY_RUN, FILENAME, PRINTING, SELECTOR, manager
from cluster_engine.kubectl.errors import KubectlError, StatusError, raise_all
from cluster_engine.kubectl.flags import STRING, Flag, switch
from cluster_engine.kubectl.results import CLIENT, SERVER, dry_run, report
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target, gather, targets_of_files
from cluster_engine.kubectl.writing import patch, shape_of

#: The changed pod spec of a target. Raises KubectlError when it cannot be changed so.
Change: TypeAlias = Callable[[Target, Object], Object]

CONTAINERS = Flag(
    "containers",
    "c",
    STRING,
    "*",
    "The names of containers in the selected pod templates to change, all containers are selected "
    "by default - may use wildcards",
)
NO_RESOURCES = KubectlError(
    "one or more resources must be specified as <resource> <name> or <resource>/<name>"
)
_TEMPLATED = (
    "Deployment",
    "DaemonSet",
    "ReplicaSet",
    "StatefulSet",
    "Job",
    "ReplicationController",
)


def flags_for(what: str) -> tuple[Flag, ...]:
    """The flags of every `set` command."""
    return (
        ALL,
        DRY_RUN,
        *FILENAME,
        *PRINTING,
        SELECTOR,
        manager("kubectl-set"),
        switch("local", "", f"If true, {what} will NOT contact api-server but run locally."),
    )


def refuse_local_trial(session: Session) -> None:
    if session.flags.is_on("local") and dry_run(session) == SERVER:
        raise KubectlError(
            "cannot specify --local and --dry-run=server - did you mean --dry-run=client?"
        )


def set_targets(session: Session, words: Sequence[str]) -> list[Target]:
    """What is to be changed. Raises KubectlError, also when only some of it is there."""
    if not session.flags.is_on("local"):
        targets, errors = gather(session, words)
        raise_all(errors)
        return targets
    if words:
        raise KubectlError(
            "error: you must specify resources by --filename when --local is set.\n"
            "Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'"
        )
    return targets_of_files(session)


def change_pod_specs(
    session: Session,
    targets: Sequence[Target],
    errors: list[KubectlError],
    change: Change,
    *,
    done: str,
    failing: str,
) -> None:
    """Change the pod spec of each; `done` is said of those that changed, `failing` begins the
    error of those that the server refuses. Raises what has been collected."""
    for target in targets:
        try:
            changed = with_pod_spec(target.object, change(target, pod_spec_of(target)))
        except KubectlError as error:
            name = f"{target.resource.plural}/{target.name}"
            errors.append(KubectlError(f"error: {name} {error.message}\n"))
            continue
        send_change(session, target, changed, errors, done=done, failing=failing)
    raise_all(errors)


def send_change(
    session: Session,
    target: Target,
    changed: Object,
    errors: list[KubectlError],
    *,
    done: str,
    failing: str,
) -> None:
    """Patch what differs and tell; nothing when nothing differs."""
    body = create_patch(target.object, changed, shape_of(target.resource) or FREE)
    if not body:
        return
    if not session.flags.is_on("local") and dry_run(session) != CLIENT:
        try:
            changed = patch(session, target, body)
        except StatusError as error:
            errors.append(KubectlError(f"{failing} {error.message}"))
            return
    report(session, changed, done)


def pod_spec_of(target: Target) -> Object:
    """The pod spec in an object. Raises KubectlError when it has none."""
    obj, kind = target.object, target.resource.kind
    spec: Object = obj.get("spec") or {}
    if kind == "Pod":
        return spec
    if kind == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    elif kind not in _TEMPLATED:
        version = target.resource.version
        raise KubectlError(
            f"the object is not a pod or does not have a pod template: *{version}.{kind}"
        )
    pod_spec: Object = spec["template"]["spec"]
    return pod_spec


def with_pod_spec(obj: Object, pod_spec: Object) -> Object:
    """The object with another pod spec."""
    if obj["kind"] == "Pod":
        return {**obj, "spec": pod_spec}
    if obj["kind"] != "CronJob":
        return {**obj, "spec": _templated(obj["spec"], pod_spec)}
    job = obj["spec"]["jobTemplate"]
    job = {**job, "spec": _templated(job["spec"], pod_spec)}
    return {**obj, "spec": {**obj["spec"], "jobTemplate": job}}


def _templated(spec: Object, pod_spec: Object) -> Object:
    return {**spec, "template": {**spec["template"], "spec": pod_spec}}


def with_containers(
    pod_spec: Object, pattern: str, change: Callable[[Object], Object]
) -> tuple[Object, int]:
    """The pod spec with the matching containers changed, and how many there were."""
    count = 0
    changed = dict(pod_spec)
    for field in ("containers", "initContainers"):
        containers = []
        for container in pod_spec.get(field) or ():
            if fnmatchcase(container["name"], pattern):
                count += 1
                container = change(container)
            containers.append(container)
        if containers:
            changed[field] = containers
    return changed, count
