"""`kubectl run`: one pod of an image, and a talk with it when asked for.

Models: k8s.io/kubectl/pkg/cmd/run (v0.37.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.conditions import is_true
from cluster_engine.apimachinery.names import is_environment_name
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.applying import annotated
from cluster_engine.kubectl.command import DRY_RUN, PRINTING, Command, manager
from cluster_engine.kubectl.commands.attach import conversation
from cluster_engine.kubectl.creating.common import SAVE_CONFIG, require
from cluster_engine.kubectl.errors import KubectlError, PlainError, StatusError, raise_all
from cluster_engine.kubectl.flags import ARRAY, DURATION, STRING, Flag, switch
from cluster_engine.kubectl.images import check_image
from cluster_engine.kubectl.overrides import OVERRIDES, overridden
from cluster_engine.kubectl.pairs import parse_labels, parse_pairs
from cluster_engine.kubectl.remote import Conversation
from cluster_engine.kubectl.resources import resource_of
from cluster_engine.kubectl.results import CLIENT, NONE, dry_run, report
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import Target, target_of
from cluster_engine.kubectl.waiting import Awaited, Watcher
from cluster_engine.kubectl.writing import create
from cluster_engine.runtime.program import Waiting

_RESTARTS = ("Always", "OnFailure", "Never")
_PULLS = ("Always", "IfNotPresent", "Never")


def run(session: Session) -> int | Task:
    flags = session.flags
    require(session, "image")
    _check(session)
    name = session.arguments[0]
    given = parse_labels(flags.text("labels")) if flags.text("labels") else {}
    labels = given or {"run": name}
    created = [_create(session, overridden(session, _pod(session, name, labels)))]
    errors: list[KubectlError] = []
    if flags.is_on("expose"):
        try:
            created.append(_create(session, _service(session, name, given, labels)))
        except KubectlError as error:
            errors.append(error)
    if _attaches(session):
        return Attached(_awaited(session, created[0]), [_target(session, obj) for obj in created])
    for obj in created:
        report(session, obj, "created")
    raise_all(errors)
    return 0


def _attaches(session: Session) -> bool:
    flags = session.flags
    return flags.is_on("attach") or (not flags.has("attach") and flags.is_on("stdin"))


def _check(session: Session) -> None:
    flags = session.flags
    if flags["pod-running-timeout"] <= 0:
        raise KubectlError("--pod-running-timeout must be higher than zero")
    if not session.arguments or flags.dash == 0:
        raise KubectlError("NAME is required for run")
    image = flags.text("image")
    if not image:
        raise KubectlError("--image is required")
    check_image(image)
    if flags.is_on("tty") and not flags.is_on("stdin"):
        raise KubectlError("-i/--stdin is required for containers with -t/--tty=true")
    port = flags.text("port")
    if flags.is_on("expose") and not port:
        raise KubectlError("--port must be set when exposing a service")
    if port and not re.fullmatch(r"[+-]?[0-9]+", port, re.ASCII):
        raise KubectlError("--port must be a number")
    if flags.is_on("rm") and not _attaches(session):
        raise KubectlError("--rm should only be used for attached containers")
    if _attaches(session) and dry_run(session) != NONE:
        raise KubectlError(
            "--dry-run=[server|client] can't be used with attached containers options (--attach, "
            "--stdin, or --tty)"
        )


def _restart_policy(session: Session) -> str:
    policy = session.flags.text("restart")
    if not policy:
        return "OnFailure" if session.flags.is_on("stdin") else "Always"
    if policy not in _RESTARTS:
        raise KubectlError(
            f"invalid restart policy: {policy}, valid values are: {', '.join(_RESTARTS)}"
        )
    return policy


def _pod(session: Session, name: str, labels: dict[str, str]) -> Object:
    flags = session.flags
    has_stdin = flags.is_on("stdin")
    container: Object = {"image": flags.text("image"), "name": name, "resources": {}}
    environment = [_variable(text) for text in flags.words("env")]
    if environment:
        container["env"] = environment
    for field_, is_set in (
        ("stdin", has_stdin),
        ("stdinOnce", has_stdin and not flags.is_on("leave-stdin-open")),
        ("tty", flags.is_on("tty")),
    ):
        if is_set:
            container[field_] = True
    pull = flags.text("image-pull-policy")
    if pull and pull not in _PULLS:
        raise KubectlError(
            f"invalid image pull policy: {pull}, valid values are: {', '.join(_PULLS)}"
        )
    if pull:
        container["imagePullPolicy"] = pull
    if flags.is_on("privileged"):
        container["securityContext"] = {"privileged": True}
    words = session.arguments[1:]
    if words:
        container["command" if flags.is_on("command") else "args"] = words
    if flags.text("port"):
        container["ports"] = [{"containerPort": int(flags.text("port"))}]
    metadata: Object = {"labels": labels, "name": name}
    annotations, _ = parse_pairs(flags.words("annotations"), "annotations", can_remove=False)
    if annotations:
        metadata["annotations"] = annotations
    spec: Object = {
        "containers": [container],
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": _restart_policy(session),
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": {}}


def _variable(text: str) -> Object:
    name, equals, value = text.partition("=")
    if not equals or is_environment_name(name):
        raise KubectlError(f"invalid env: {text}")
    return {"name": name, "value": value}


def _service(
    session: Session, name: str, given: dict[str, str], selector: dict[str, str]
) -> Object:
    port = int(session.flags.text("port"))
    metadata: Object = {"name": name}
    if given:
        metadata["labels"] = given
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {
            "ports": [{"port": port, "protocol": "TCP", "targetPort": port}],
            "selector": selector,
        },
        "status": {"loadBalancer": {}},
    }


def _create(session: Session, obj: Object) -> Object:
    if dry_run(session) == CLIENT:
        if session.is_namespace_given:
            return {**obj, "metadata": {**obj["metadata"], "namespace": session.namespace}}
        return obj
    if session.flags.is_on("save-config"):
        obj = annotated(obj)
    return create(session, resource_of(session.resources, obj), session.namespace, obj)


def _target(session: Session, obj: Object) -> Target:
    return target_of(resource_of(session.resources, obj), obj)


def _awaited(session: Session, pod: Object) -> Awaited:
    target = _target(session, pod)
    return Awaited(target.resource, target.namespace, target.name, pod["metadata"]["uid"])


@dataclass(frozen=True, slots=True)
class PodState:
    """The pod runs and is ready (`wants_end`: it has ended), or it has ended anyway."""

    wants_end: bool
    wants_success: bool = False

    def is_met(self, awaited: Awaited, obj: Object | None) -> bool:
        if obj is None:
            raise KubectlError(f'pods "{awaited.name}" not found')
        status = obj.get("status") or {}
        phase = status.get("phase")
        if self.wants_success:
            return phase == "Succeeded"
        if phase in ("Succeeded", "Failed"):
            return True
        return (
            not self.wants_end and phase == "Running" and is_true(status.get("conditions"), "Ready")
        )

    def timeout_text(self, awaited: Awaited) -> str:
        return "timed out waiting for the condition"


@dataclass(slots=True)
class Attached:
    """Waits for the pod, joins it, and says how it ended; with --rm removes what was made."""

    pod: Awaited
    created: list[Target]
    watcher: Watcher | None = None
    talk: Conversation | None = None
    has_talked: bool = False
    errors: list[KubectlError] = field(default_factory=list)

    def step(self, session: Session) -> int | Waiting:
        try:
            outcome = self._go_on(session)
        except KubectlError as error:
            self._remove(session)
            raise error
        if not isinstance(outcome, Waiting):
            self._remove(session)
        return outcome

    def _go_on(self, session: Session) -> int | Waiting:
        if self.talk is None and not self.has_talked:
            pod = self._wait(session, PodState(wants_end=False))
            if isinstance(pod, Waiting):
                return pod
            self._join(session, pod)
        if self.talk is not None:
            outcome = self.talk.step(session)
            if isinstance(outcome, Waiting):
                return outcome
            self.talk = None
            self.has_talked = True
        policy = _restart_policy(session)
        if session.flags.is_on("leave-stdin-open") or policy == "Always":
            return 0
        ended = self._wait(session, PodState(True, wants_success=policy == "OnFailure"))
        return ended if isinstance(ended, Waiting) else _exit_code(ended)

    def _wait(self, session: Session, state: PodState) -> Object | Waiting:
        if self.watcher is None:
            deadline = session.now_ms + session.flags["pod-running-timeout"]
            self.watcher = Watcher(state, [self.pod], deadline)
        outcome = self.watcher.step(session)
        if isinstance(outcome, Waiting):
            return outcome
        (_, found), *_ = self.watcher.met
        self.watcher = None
        return found or {}

    def _join(self, session: Session, pod: Object) -> None:
        """Show what has been written so far, then join unless the pod has ended."""
        path = self.pod.resource.path(self.pod.namespace, self.pod.name, "log")
        has_ended = (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed")
        query: dict[str, Any] = {"container": pod["spec"]["containers"][0]["name"]}
        try:
            session.write(session.client.text(path, query))
        except StatusError as error:
            if has_ended:
                raise
            session.err(f"warning: couldn't fetch pre-attach logs: {error.message}")
        if has_ended:
            self.has_talked = True
        else:
            self.talk = conversation(session, pod)

    def _remove(self, session: Session) -> None:
        if not session.flags.is_on("rm"):
            return
        for target in self.created:
            body = {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"}
            try:
                session.client.call("DELETE", target.path, None, body)
            except StatusError as error:
                if error.is_not_found:
                    continue
                raise
            if not session.flags.is_on("quiet"):
                session.out(
                    f'{target.resource.display} "{target.name}" deleted from {target.namespace} '
                    "namespace"
                )
        self.created = []


def _exit_code(pod: Object) -> int:
    """0 for success; raises PlainError with the container's exit code."""
    metadata, status = pod["metadata"], pod.get("status") or {}
    name = f"pod {metadata['namespace']}/{metadata['name']}"
    if status.get("phase") == "Succeeded":
        return 0
    if status.get("phase") != "Failed":
        raise KubectlError(f"{name} left in phase {status.get('phase', '')}")
    first = (status.get("containerStatuses") or [{}])[0]
    ended = (first.get("state") or {}).get("terminated") or {}
    code = ended.get("exitCode", 0)
    if not code:
        raise KubectlError(f"{name} failed with unknown exit code")
    text = f"{name} terminated ({ended.get('reason', '')})\n{ended.get('message', '')}"
    raise PlainError(text, code)


COMMAND = Command(
    name="run",
    short="Run a particular image on the cluster",
    usage='NAME --image=image [--env="key=value"] [--port=port] '
    "[--dry-run=server|client] [--overrides=inline-json] [--command] -- "
    "[COMMAND] [args...]",
    long="""Create and run a particular image in a pod.""",
    examples="""# Start a nginx pod
kubectl run nginx --image=nginx

# Start a hazelcast pod and let the container expose port 5701
kubectl run hazelcast --image=hazelcast/hazelcast --port=5701

# Start a hazelcast pod and set environment variables "DNS_DOMAIN=cluster" and \
"POD_NAMESPACE=default" in the container
kubectl run hazelcast --image=hazelcast/hazelcast --env="DNS_DOMAIN=cluster" \
--env="POD_NAMESPACE=default"

# Start a hazelcast pod and set labels "app=hazelcast" and "env=prod" in the container
kubectl run hazelcast --image=hazelcast/hazelcast --labels="app=hazelcast,env=prod"

# Dry run; print the corresponding API objects without creating them
kubectl run nginx --image=nginx --dry-run=client

# Start a nginx pod, but overload the spec with a partial set of values parsed from JSON
kubectl run nginx --image=nginx --overrides='{ "apiVersion": "v1", "spec": { ... } }'

# Start a busybox pod and keep it in the foreground, don't restart it if it exits
kubectl run -i -t busybox --image=busybox --restart=Never

# Start the nginx pod using the default command, but use custom arguments (arg1 .. argN) for that \
command
kubectl run nginx --image=nginx -- <arg1> <arg2> ... <argN>

# Start the nginx pod using a different command and custom arguments
kubectl run nginx --image=nginx --command -- <cmd> <arg1> ... <argN>""",
    flags=(
        Flag("annotations", "", ARRAY, None, "Annotations to apply to the pod."),
        switch(
            "attach",
            "",
            "If true, wait for the Pod to start running, and then attach to the Pod as "
            "if 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is "
            "set, in which case the default is true. With '--restart=Never' the exit "
            "code of the container process is returned.",
        ),
        switch(
            "command",
            "",
            "If true and extra arguments are present, use them as the 'command' field "
            "in the container, rather than the 'args' field which is the default.",
        ),
        DRY_RUN,
        Flag("env", "", ARRAY, None, "Environment variables to set in the container."),
        switch(
            "expose",
            "",
            "If true, create a ClusterIP service associated with the pod.  Requires `--port`.",
        ),
        manager("kubectl-run"),
        Flag("image", "", STRING, "", "The image for the container to run."),
        Flag(
            "image-pull-policy",
            "",
            STRING,
            "",
            "The image pull policy for the container.  If left empty, this value will "
            "not be specified by the client and defaulted by the server.",
        ),
        Flag(
            "labels",
            "l",
            STRING,
            "",
            "Comma separated labels to apply to the pod. Will override previous values.",
        ),
        switch(
            "leave-stdin-open",
            "",
            "If the pod is started in interactive mode or with stdin, leave stdin open "
            "after the first attach completes. By default, stdin will be closed after "
            "the first attach completes.",
        ),
        *PRINTING,
        *OVERRIDES,
        Flag(
            "pod-running-timeout",
            "",
            DURATION,
            60_000,
            "The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at "
            "least one pod is running",
        ),
        Flag("port", "", STRING, "", "The port that this container exposes."),
        switch("privileged", "", "If true, run the container in privileged mode."),
        switch("quiet", "q", "If true, suppress prompt messages."),
        Flag(
            "restart",
            "",
            STRING,
            "Always",
            "The restart policy for this Pod.  Legal values [Always, OnFailure, Never].",
        ),
        switch(
            "rm",
            "",
            "If true, delete the pod after it exits.  Only valid when attaching to the "
            "container, e.g. with '--attach' or with '-i/--stdin'.",
        ),
        SAVE_CONFIG,
        switch(
            "stdin",
            "i",
            "Keep stdin open on the container in the pod, even if nothing is attached.",
        ),
        switch("tty", "t", "Allocate a TTY for the container in the pod."),
    ),
    run=run,
)
