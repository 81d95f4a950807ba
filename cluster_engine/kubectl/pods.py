"""Pods behind other things, and containers in pods: what logs, exec and attach act on.

Models: k8s.io/kubectl/pkg/polymorphichelpers and pkg/cmd/util/podcmd (v0.37.2).
"""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import Selector, from_label_selector, from_map
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.resources import Resource
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Filters, Target, fetch_all, select

DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
_LOGGING_PHASES = {"Running": 0, "Unknown": 1, "Pending": 2}
_SELECTING = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job")


def target_named(session: Session, word: str) -> Target:
    """The object that "pod-name" or "type/name" names. Raises KubectlError."""
    selections = select(session, [word] if "/" in word else ["pods", word], Filters())
    targets, errors = fetch_all(session, selections, Filters())
    if errors:
        raise errors[0]
    if len(targets) != 1:
        raise KubectlError("expected a resource")
    return targets[0]


def selector_of(target: Target) -> Selector:
    """Which pods belong to an object. Raises KubectlError when it selects none."""
    spec: dict[str, Any] = target.object.get("spec") or {}
    if target.resource.kind in _SELECTING:
        return from_label_selector(spec.get("selector"))
    if target.resource.kind == "ReplicationController":
        return from_map(spec.get("selector"))
    if target.resource.kind == "Service":
        if not spec.get("selector"):
            raise KubectlError(
                f"invalid service '{target.name}': Service is defined without a selector"
            )
        return from_map(spec["selector"])
    version = target.resource.version
    raise KubectlError(f"selector for *{version}.{target.resource.kind} not implemented")


def pods_of(session: Session, target: Target) -> list[Object]:
    """The pods of an object, the best for looking at first."""
    selector = selector_of(target)
    pods = session.resources.find("pods")
    answer = session.client.call(
        "GET", pods.path(target.namespace), {"labelSelector": str(selector)}
    )
    found: list[Object] = [
        {"apiVersion": "v1", "kind": "Pod", **item} for item in answer.get("items") or []
    ]
    return sorted(found, key=cmp_to_key(_compare))


def pod_of(session: Session, word: str, *, action: str) -> Object:
    """The pod that "pod-name" or "type/name" leads to. Raises KubectlError."""
    target = target_named(session, word)
    if target.resource.kind == "Pod":
        return target.object
    try:
        found = pods_of(session, target)
    except KubectlError as error:
        if "not implemented" not in error.message:
            raise
        kind = f"*{target.resource.version}.{target.resource.kind}"
        raise KubectlError(f"cannot {action} {kind}: {error.message}") from None
    if not found:
        raise KubectlError("timed out waiting for the condition")
    return found[0]


def container_names(pod: Object) -> str:
    """ "app, debug (ephem), setup (init)"."""
    spec = pod.get("spec") or {}
    names = [container["name"] for container in spec.get("containers") or ()]
    names += [f"{c['name']} (ephem)" for c in spec.get("ephemeralContainers") or ()]
    names += [f"{c['name']} (init)" for c in spec.get("initContainers") or ()]
    return ", ".join(names)


def find_container(pod: Object, name: str) -> Object | None:
    """The container of that name, of any sort."""
    spec = pod.get("spec") or {}
    for field in ("containers", "initContainers", "ephemeralContainers"):
        for container in spec.get(field) or ():
            if container["name"] == name:
                found: Object = container
                return found
    return None


def container_or_default(session: Session, pod: Object, name: str, *, is_quiet: bool) -> Object:
    """The container named, or the one to take without a name. Raises KubectlError."""
    metadata = pod["metadata"]
    wanted = name or (metadata.get("annotations") or {}).get(DEFAULT_CONTAINER, "")
    if wanted:
        found = find_container(pod, wanted)
        if found is None:
            raise KubectlError(
                f"container {wanted} is not valid for pod {metadata['name']} out of: "
                f"{container_names(pod)}"
            )
        return found
    spec = pod["spec"]
    first: Object = spec["containers"][0]
    has_more = len(spec["containers"]) > 1
    if not is_quiet and (has_more or spec.get("initContainers") or spec.get("ephemeralContainers")):
        session.err(f'Defaulted container "{first["name"]}" out of: {container_names(pod)}')
    return first


def is_ready(pod: Object) -> bool:
    condition = find((pod.get("status") or {}).get("conditions"), "Ready")
    return condition is not None and condition.get("status") == "True"


def pod_resource(session: Session) -> Resource:
    return session.resources.find("pods")


def _compare(left: Object, right: Object) -> int:
    """Assigned, running, ready pods first; the longer ready, more restarted, older before."""
    for key in (_is_unassigned, _phase, _is_unready):
        one, two = key(left), key(right)
        if one != two:
            return -1 if one < two else 1
    one, two = _ready_since(left), _ready_since(right)
    if is_ready(left) and one != two:
        return -1 if one < two else 1
    one, two = _restarts(left), _restarts(right)
    if one != two:
        return -1 if one > two else 1
    one, two = _created(left), _created(right)
    return (one > two) - (one < two)


def _is_unassigned(pod: Object) -> int:
    return 0 if (pod.get("spec") or {}).get("nodeName") else 1


def _phase(pod: Object) -> int:
    return _LOGGING_PHASES.get((pod.get("status") or {}).get("phase", ""), 0)


def _is_unready(pod: Object) -> int:
    return 0 if is_ready(pod) else 1


def _ready_since(pod: Object) -> int:
    condition = find((pod.get("status") or {}).get("conditions"), "Ready")
    stamp = (condition or {}).get("lastTransitionTime")
    return parse_rfc3339(stamp) if stamp else 0


def _restarts(pod: Object) -> int:
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    return max((status.get("restartCount", 0) for status in statuses), default=0)


def _created(pod: Object) -> int:
    stamp = pod["metadata"].get("creationTimestamp")
    return parse_rfc3339(stamp) if stamp else 0
