"""`kubectl wait`: until objects are there, gone, or as they should be.

Models: k8s.io/kubectl/pkg/cmd/wait (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery import jsonpath
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.command import (
    ALL,
    ALL_NAMESPACES,
    FIELD_SELECTOR,
    PRINTING,
    RECURSIVE,
    SELECTOR,
    Command,
    filename,
)
from cluster_engine.kubectl.errors import KubectlError, StatusError, raise_all
from cluster_engine.kubectl.flags import ARRAY, DURATION, Flag, switch
from cluster_engine.kubectl.results import report
from cluster_engine.kubectl.session import Session, Task
from cluster_engine.kubectl.targets import Target, gather
from cluster_engine.kubectl.waiting import WEEK_MS, Awaited, Gone, Watcher, look
from cluster_engine.runtime.program import Waiting

_POLL_MS = 500
_TIMED_OUT = "timed out waiting for the condition"
_PATH_FORMAT = (
    "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or "
    "--for=jsonpath='{.status.readyReplicas}'"
)


def run(session: Session) -> int | Task:
    flags = session.flags
    words = flags.words("for")
    checks = [_check_of(word) for word in words]
    if not checks:
        raise KubectlError("unrecognized condition: []")
    timeout_ms = WEEK_MS if flags["timeout"] < 0 else flags["timeout"]
    lowered = [word.lower() for word in words]
    deadline = session.now_ms + timeout_ms
    return Wait(checks, deadline, "create" in lowered, "delete" in lowered)


@dataclass(frozen=True, slots=True)
class There:
    """The object is there."""

    def is_met(self, awaited: Awaited, obj: Object | None) -> bool:
        return obj is not None

    def timeout_text(self, awaited: Awaited) -> str:
        return f"{_TIMED_OUT} on {awaited.text}"


@dataclass(frozen=True, slots=True)
class HasCondition:
    """A condition of the object has that status."""

    name: str
    status: str

    def is_met(self, awaited: Awaited, obj: Object | None) -> bool:
        obj = _required(awaited, obj)
        for condition in (obj.get("status") or {}).get("conditions") or ():
            if str(condition.get("type", "")).lower() != self.name.lower():
                continue
            generation = obj["metadata"].get("generation")
            seen = condition.get("observedGeneration", obj["status"].get("observedGeneration"))
            if generation is not None and seen is not None and seen < generation:
                return False
            return bool(str(condition.get("status", "")).lower() == self.status.lower())
        return False

    def timeout_text(self, awaited: Awaited) -> str:
        return f"{_TIMED_OUT} on {awaited.text}"


@dataclass(frozen=True, slots=True)
class HasValue:
    """A path leads to that value; without one: to any."""

    path: str
    value: str

    def is_met(self, awaited: Awaited, obj: Object | None) -> bool:
        try:
            found = jsonpath.find(jsonpath.parse(self.path), _required(awaited, obj))
        except jsonpath.JsonPathError as error:
            raise KubectlError(str(error)) from None
        if not found or not found[0]:
            return False
        if len(found) > 1:
            raise KubectlError("given jsonpath expression matches more than one list")
        if len(found[0]) > 1:
            raise KubectlError("given jsonpath expression matches more than one value")
        if not self.value:
            return True
        value: Any = found[0][0]
        if isinstance(value, (dict, list)):
            raise KubectlError("jsonpath leads to a nested object or list which is not supported")
        return jsonpath.go_text(value).strip() == self.value.strip()

    def timeout_text(self, awaited: Awaited) -> str:
        return f"{_TIMED_OUT} on {awaited.text}"


def _required(awaited: Awaited, obj: Object | None) -> Object:
    if obj is None:
        resource = awaited.resource
        message = f'{resource.qualified} "{awaited.name}" not found'
        raise StatusError({"reason": "NotFound", "message": message, "code": 404})
    return obj


Check = Gone | There | HasCondition | HasValue


def _check_of(word: str) -> Check:
    lowered = word.lower()
    if lowered == "delete":
        return Gone()
    if lowered == "create":
        return There()
    if word.startswith("condition="):
        name, equals, status = word.removeprefix("condition=").partition("=")
        return HasCondition(name, status if equals else "true")
    if word.startswith("jsonpath="):
        return _value_check(word.removeprefix("jsonpath="))
    raise KubectlError(f'unrecognized condition: "{word}"')


def _value_check(text: str) -> HasValue:
    parts = _split(text)
    if len(parts) > 2:
        raise KubectlError(_PATH_FORMAT)
    try:
        path = jsonpath.relaxed(parts[0].strip("'\""))
        if not path:
            raise KubectlError("jsonpath expression cannot be empty")
        jsonpath.parse(path)
    except jsonpath.JsonPathError as error:
        raise KubectlError(str(error)) from None
    value = parts[1].strip("'\"") if len(parts) == 2 else ""
    if len(parts) == 2 and not value:
        raise KubectlError(
            "jsonpath wait has to have a value after equal sign, like "
            "--for=jsonpath='{.status.readyReplicas}'=3"
        )
    return HasValue(path, value)


def _split(text: str) -> list[str]:
    """At single equal signs; two belong to the path."""
    return [part.replace("\0", "==") for part in text.replace("==", "\0").split("=")]


@dataclass(slots=True)
class Wait:
    """Waits for the objects, then for each condition of each object in turn."""

    checks: list[Check]
    deadline_ms: int
    is_for_create: bool
    is_for_delete: bool
    queue: list[tuple[Target, Check]] | None = None
    watcher: Watcher | None = None
    errors: list[KubectlError] = field(default_factory=list)

    def step(self, session: Session) -> int | Waiting:
        if self.queue is None:
            waiting = self._begin(session)
            if waiting is not None:
                return waiting
        while self.queue:
            target, check = self.queue[0]
            try:
                waiting = self._look(session, target, check)
            except KubectlError as error:
                self.errors.append(error)
                self.queue = [entry for entry in self.queue if entry[0] != target]
                self.watcher = None
                continue
            if waiting is not None:
                return waiting
            self.queue.pop(0)
        raise_all(self.errors)
        return 0

    def _begin(self, session: Session) -> Waiting | None:
        targets, errors = gather(session, session.arguments)
        missing = [error for error in errors if _is_missing(error)]
        if self.is_for_create and (missing or not targets) and len(missing) == len(errors):
            if session.now_ms >= self.deadline_ms:
                raise KubectlError(_TIMED_OUT)
            return Waiting(until_ms=min(session.now_ms + _POLL_MS, self.deadline_ms))
        if self.is_for_delete:
            errors = [error for error in errors if not _is_missing(error)]
        elif not targets and not errors:
            raise KubectlError("no matching resources found")
        self.errors.extend(errors)
        self.queue = [(target, check) for target in targets for check in self.checks]
        return None

    def _look(self, session: Session, target: Target, check: Check) -> Waiting | None:
        """None when the check is met. Raises KubectlError."""
        uid = target.object["metadata"].get("uid", "")
        awaited = Awaited(target.resource, target.namespace, target.name, uid)
        if session.flags["timeout"] == 0:
            found = look(session, awaited)
            if not check.is_met(awaited, found):
                raise KubectlError(f"condition not met for {awaited.text}")
        else:
            if self.watcher is None:
                self.watcher = Watcher(check, [awaited], self.deadline_ms)
            outcome = self.watcher.step(session)
            if isinstance(outcome, Waiting):
                return outcome
            (_, found), *_ = self.watcher.met
            self.watcher = None
        report(session, found or target.object, "condition met")
        return None


def _is_missing(error: KubectlError) -> bool:
    return isinstance(error, StatusError) and error.is_not_found


COMMAND = Command(
    name="wait",
    short="Experimental: Wait for a specific condition on one or many resources",
    usage="([-f FILENAME] | resource.group/resource.name | resource.group [(-l label "
    "| --all)]) [--for=create|--for=delete|--for "
    "condition=available|--for=jsonpath='{}'[=value]]",
    long="""Experimental: Wait for a specific condition on one or many resources.

 The command takes multiple resources and waits until the specified condition is seen in the \
Status field of every given resource.

 Alternatively, the command can wait for the given set of resources to be created or deleted by \
providing the "create" or "delete" keyword as the value to the --for flag.

 A successful message will be printed to stdout indicating when the specified condition has been \
met. You can use -o option to change to output destination.""",
    examples="""# Wait for the pod "busybox1" to contain the status condition of type "Ready"
kubectl wait --for=condition=Ready pod/busybox1

# The default value of status condition is true; you can wait for other targets after an equal \
delimiter (compared after Unicode simple case folding, which is a more general form of \
case-insensitivity)
kubectl wait --for=condition=Ready=false pod/busybox1

# Wait for the pod "busybox1" to contain the status phase to be "Running"
kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1

# Wait for pod "busybox1" to be Ready
kubectl wait --for='jsonpath={.status.conditions[?(@.type=="Ready")].status}=True' pod/busybox1

# Wait for the service "loadbalancer" to have ingress
kubectl wait --for=jsonpath='{.status.loadBalancer.ingress}' service/loadbalancer

# Wait for the secret "busybox1" to be created, with a timeout of 30s
kubectl create secret generic busybox1
kubectl wait --for=create secret/busybox1 --timeout=30s

# Wait for the pod "busybox1" to be deleted, with a timeout of 60s, after having issued the \
"delete" command
kubectl delete pod/busybox1
kubectl wait --for=delete pod/busybox1 --timeout=60s""",
    flags=(
        ALL,
        ALL_NAMESPACES,
        FIELD_SELECTOR,
        filename("identifying the resource."),
        switch("recursive", "R", RECURSIVE.help, default=True),
        Flag(
            "for",
            "",
            ARRAY,
            None,
            "The condition to wait on: "
            "[create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath "
            "expression}'=[JSONPath value]]. The default condition-value is true. "
            "Condition values are compared after Unicode simple case folding, which is "
            "a more general form of case-insensitivity. Multiple conditions are supported "
            "and AND'ed to each other in a sequential order. If --for=create is passed, it "
            "is always waited first.",
        ),
        switch("local", "", "If true, annotation will NOT contact api-server but run locally."),
        *PRINTING,
        SELECTOR,
        Flag(
            "timeout",
            "",
            DURATION,
            30_000,
            "The length of time to wait before giving up. Zero means check once and "
            "don't wait, negative means wait for a week.",
        ),
    ),
    run=run,
)
