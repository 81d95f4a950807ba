"""The timeline: one line per change that a person would want to know of, with who made it.

Models nothing upstream: a real cluster keeps no such record. Heartbeats, events (they have their
own list) and the inner bookkeeping of services are left out.
"""

from __future__ import annotations

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.projection.words import pod_state
from cluster_engine.store.changes import ADDED, DELETED, Caller, Change

#: Not worth a line of their own.
_SILENT = {
    "events",
    "events.events.k8s.io",
    "leases.coordination.k8s.io",
    "endpoints",
    "endpointslices.discovery.k8s.io",
    "controllerrevisions.apps",
}
_VERBS = {ADDED: "created", DELETED: "deleted"}
_COMPONENTS = {
    "system:kube-scheduler": "scheduler",
    "system:kube-controller-manager": "controllers",
    "system:apiserver": "api server",
}
_NODE, _ACCOUNT = "system:node:", "system:serviceaccount:kube-system:"


def entry(change: Change) -> Object | None:
    """The line for a change, or None when it is not worth one."""
    if change.resource in _SILENT:
        return None
    verb = _VERBS.get(change.type, "changed")
    text = _text(change, verb)
    if text is None:
        return None
    line: Object = {
        "revision": change.revision,
        "time": change.time_ms,
        "actor": actor_name(change.origin.actor),
        "verb": verb,
        "kind": change.object.get("kind", ""),
        "name": change.name,
        "text": text,
    }
    if change.namespace:
        line["namespace"] = change.namespace
    if change.origin.caller is not None:
        line["person"] = person(change.origin.caller)
    if change.origin.cause:
        line["cause"] = change.origin.cause
    return line


def person(caller: Caller) -> Object:
    """The person behind a change, and what they did it with."""
    shown: Object = {"id": caller.id, "name": caller.name, "source": str(caller.source)}
    if caller.agent:
        shown["agent"] = _program(caller.agent)
    return shown


def _program(agent: str) -> str:
    """The first words of a client's name: `kubectl v1.37.2`."""
    return agent.split(" ", 1)[0].replace("/", " ", 1)


def actor_name(actor: str) -> str:
    """A component's or person's name as people say it: "scheduler", "kubelet node-1"."""
    if actor.startswith(_NODE):
        return f"kubelet {actor[len(_NODE) :]}"
    if actor.startswith(_ACCOUNT):
        return actor[len(_ACCOUNT) :].replace("-", " ")
    return _COMPONENTS.get(actor, actor)


def component_of(actor: str) -> str:
    """Which chip of the control plane an actor belongs to; empty for people and kubelets."""
    if actor == "system:kube-scheduler":
        return "scheduler"
    if actor.startswith(_ACCOUNT) or actor == "system:kube-controller-manager":
        return "controllers"
    return ""


def _text(change: Change, verb: str) -> str | None:
    subject = f"{change.object.get('kind', change.resource)} {change.name}"
    if change.type == ADDED:
        return f"{subject} created"
    if change.type == DELETED:
        return f"{subject} is gone"
    previous = change.previous.object if change.previous is not None else {}
    if "deletionTimestamp" in change.object["metadata"]:
        if "deletionTimestamp" not in previous.get("metadata", {}):
            return f"{subject} is asked to go"
        return None
    if change.resource == "pods":
        return _pod_text(previous, change.object, subject)
    if change.resource == "nodes":
        return _node_text(previous, change.object, subject)
    if previous.get("spec") != change.object.get("spec"):
        return _spec_text(previous, change.object, subject)
    for field, word in (("data", "data"), ("labels", "labels"), ("annotations", "annotations")):
        holder_before = previous if field == "data" else previous.get("metadata", {})
        holder_after = change.object if field == "data" else change.object["metadata"]
        if holder_before.get(field) != holder_after.get(field):
            return None if field == "annotations" else f"{subject} has new {word}"
    return None


def _pod_text(before: Object, after: Object, subject: str) -> str | None:
    node = after["spec"].get("nodeName")
    if node and not before["spec"].get("nodeName"):
        return f"{subject} goes to {node}"
    old, new = pod_state(before, ""), pod_state(after, "")
    if (old.state, old.reason) != (new.state, new.reason):
        return f"{subject} {new.text}"
    return None


def _node_text(before: Object, after: Object, subject: str) -> str | None:
    was, now = (bool(node["spec"].get("unschedulable")) for node in (before, after))
    if was != now:
        return f"{subject} is {'cordoned' if now else 'open for pods again'}"
    if before["spec"].get("taints") != after["spec"].get("taints"):
        return f"{subject} has other taints"
    conditions = [node.get("status", {}).get("conditions") or [] for node in (before, after)]
    ready = [(find(held, "Ready") or {}).get("status") for held in conditions]
    if ready[0] != ready[1]:
        return f"{subject} is {'ready' if ready[1] == 'True' else 'not ready'}"
    return None


def _spec_text(before: Object, after: Object, subject: str) -> str:
    old, new = before.get("spec", {}), after.get("spec", {})
    if old.get("replicas") != new.get("replicas") and "replicas" in new:
        return f"{subject} scaled from {old.get('replicas')} to {new['replicas']}"
    return f"{subject} has a new spec"
