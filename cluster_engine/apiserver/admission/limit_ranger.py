"""LimitRanger: default resources for containers, and bounds for containers, pods and claims.

Models: k8s.io/kubernetes/plugin/pkg/admission/limitranger (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Callable

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import Quantity, parse_quantity
from cluster_engine.apiserver.admission.plugin import Plugin, refuse
from cluster_engine.apiserver.quota.amounts import Amounts, amounts_of, pod_limits, pod_requests
from cluster_engine.apiserver.write import CREATE, UPDATE, Write

_RANGES = "limitranges"
_ANNOTATION = "kubernetes.io/limit-ranger"
_CONTAINER_FIELDS = (("containers", "container"), ("initContainers", "init container"))

#: `(type, resource, bound, requests, limits)` to what is wrong; empty when nothing is.
_Check = Callable[[str, str, Quantity, Amounts, Amounts], str]


class LimitRanger(Plugin):
    """Fills in and enforces the limit ranges of the namespace."""

    NAME = "LimitRanger"
    OPERATIONS = (CREATE, UPDATE)
    RESOURCES = ("pods", "persistentvolumeclaims")
    SUBRESOURCES = ("", "resize")

    def mutate(self, write: Write) -> None:
        if write.resource == "pods":
            for found in self._ranges(write):
                _fill_in(write, found)

    def validate(self, write: Write) -> None:
        for found in self._ranges(write):
            if write.resource == "pods":
                problems = _pod_problems(found, write.object)
            else:
                problems = _claim_problems(found, write.object)
            unique = list(dict.fromkeys(problems))
            if unique:
                why = unique[0] if len(unique) == 1 else f"[{', '.join(unique)}]"
                raise refuse(write, why)

    def _ranges(self, write: Write) -> list[Object]:
        store = self.core.store
        if not store.count(_RANGES) or (write.resource == "pods" and _is_plain_update(write)):
            return []
        if write.old is not None and "deletionTimestamp" in write.old["metadata"]:
            return []
        return [record.object for record in store.records(_RANGES, write.namespace)]


def _is_plain_update(write: Write) -> bool:
    return write.operation == UPDATE and write.subresource != "resize"


def _fill_in(write: Write, found: Object) -> None:
    """Default requests and limits of the containers, told in an annotation."""
    defaults: dict[str, dict[str, str]] = {"requests": {}, "limits": {}}
    for limit in found["spec"].get("limits") or ():
        if limit.get("type") == "Container":
            defaults["requests"].update(limit.get("defaultRequest") or {})
            defaults["limits"].update(limit.get("default") or {})
    spec = write.object.get("spec") or {}
    notes: list[str] = []
    changes: Object = {}
    for field, title in _CONTAINER_FIELDS:
        containers = spec.get(field)
        if containers:
            changes[field] = [_filled(item, defaults, title, notes) for item in containers]
    if not notes:
        return
    write.set_spec(**changes)
    metadata = write.object.get("metadata") or {}
    text = "LimitRanger plugin set: " + "; ".join(notes)
    annotations = {**(metadata.get("annotations") or {}), _ANNOTATION: text}
    write.object = {**write.object, "metadata": {**metadata, "annotations": annotations}}


def _filled(
    container: Object, defaults: dict[str, dict[str, str]], title: str, notes: list[str]
) -> Object:
    resources = dict(container.get("resources") or {})
    for field, word in (("requests", "request"), ("limits", "limit")):
        held = resources.get(field) or {}
        missing = {name: v for name, v in defaults[field].items() if name not in held}
        if missing:
            resources[field] = {**held, **missing}
            notes.append(f"{', '.join(sorted(missing))} {word} for {title} {container['name']}")
    return {**container, "resources": resources}


def _pod_problems(found: Object, pod: Object) -> list[str]:
    problems: list[str] = []
    spec = pod.get("spec") or {}
    for limit in found["spec"].get("limits") or ():
        if limit.get("type") == "Container":
            for field, _ in _CONTAINER_FIELDS:
                for container in spec.get(field) or ():
                    requests = amounts_of(container, "requests")
                    problems.extend(_check(limit, requests, amounts_of(container, "limits")))
        elif limit.get("type") == "Pod":
            problems.extend(_check(limit, pod_requests(pod), pod_limits(pod)))
    return problems


def _claim_problems(found: Object, claim: Object) -> list[str]:
    problems: list[str] = []
    requests = amounts_of(claim.get("spec") or {}, "requests")
    for limit in found["spec"].get("limits") or ():
        if limit.get("type") != "PersistentVolumeClaim":
            continue
        for bounds, check in (("min", _minimum), ("max", _maximum_request)):
            problems.extend(_each(limit, bounds, check, requests, {}))
    return problems


def _check(limit: Object, requests: Amounts, limits: Amounts) -> list[str]:
    checks = (("min", _minimum), ("max", _maximum), ("maxLimitRequestRatio", _ratio))
    return [
        text for bounds, check in checks for text in _each(limit, bounds, check, requests, limits)
    ]


def _each(
    limit: Object, bounds: str, check: _Check, requests: Amounts, limits: Amounts
) -> list[str]:
    found = [
        check(limit["type"], name, parse_quantity(bound), requests, limits)
        for name, bound in sorted((limit.get(bounds) or {}).items())
    ]
    return [text for text in found if text]


def _minimum(type_: str, name: str, bound: Quantity, requests: Amounts, limits: Amounts) -> str:
    text = f"minimum {name} usage per {type_} is {bound}"
    if name not in requests:
        return f"{text}.  No request is specified"
    if requests[name] < bound:
        return f"{text}, but request is {requests[name]}"
    if name in limits and limits[name] < bound:
        return f"{text}, but limit is {limits[name]}"
    return ""


def _maximum(type_: str, name: str, bound: Quantity, requests: Amounts, limits: Amounts) -> str:
    text = f"maximum {name} usage per {type_} is {bound}"
    if name not in limits:
        return f"{text}.  No limit is specified"
    if limits[name] > bound:
        return f"{text}, but limit is {limits[name]}"
    if name in requests and requests[name] > bound:
        return f"{text}, but request is {requests[name]}"
    return ""


def _maximum_request(
    type_: str, name: str, bound: Quantity, requests: Amounts, limits: Amounts
) -> str:
    text = f"maximum {name} usage per {type_} is {bound}"
    if name not in requests:
        return f"{text}.  No request is specified"
    return f"{text}, but request is {requests[name]}" if requests[name] > bound else ""


def _ratio(type_: str, name: str, bound: Quantity, requests: Amounts, limits: Amounts) -> str:
    text = f"{name} max limit to request ratio per {type_} is {bound}"
    if not requests.get(name):
        return f"{text}, but no request is specified or request is 0"
    if not limits.get(name):
        return f"{text}, but no limit is specified or limit is 0"
    ratio = limits[name].nanos / requests[name].nanos
    if ratio * 10**9 > bound.nanos:
        return f"{text}, but provided ratio is {ratio:.6f}"
    return ""
