"""What an object uses of a quota, and whether a quota is about it.

Used by admission, and by the controller that keeps the status of quotas.

Models: k8s.io/kubernetes/pkg/quota/v1/evaluator/core and k8s.io/apiserver/pkg/quota/v1 (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import Quantity, from_value, parse_quantity
from cluster_engine.apimachinery.selectors import Selector, from_label_selector
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.apiserver.quota.amounts import Amounts, pod_limits, pod_requests

_ONE = Quantity(10**9)
_NONE = Quantity(0)
_COMPUTE = ("cpu", "memory", "ephemeral-storage")
_CLASS_SUFFIX = ".storageclass.storage.k8s.io/"
_NAMED_COUNTS = (
    "configmaps",
    "secrets",
    "replicationcontrollers",
    "resourcequotas",
    "services",
    "persistentvolumeclaims",
)


def usage_of(resource: str, obj: Object, now_ms: int) -> Amounts:
    """What the object uses, by the names that quotas limit. `resource` as "pods", "jobs.batch"."""
    usage: Amounts = {f"count/{resource}": _ONE}
    if resource == "pods":
        if is_counted(obj, now_ms):
            usage.update(compute_usage(pod_requests(obj), pod_limits(obj)))
        return usage
    if resource in _NAMED_COUNTS:
        usage[resource] = _ONE
    if resource == "services":
        usage.update(_service_usage(obj))
    elif resource == "persistentvolumeclaims":
        usage.update(_claim_usage(obj))
    return usage


def compute_usage(requests: Amounts, limits: Amounts) -> Amounts:
    """The compute part of a pod's usage."""
    usage: Amounts = {"pods": _ONE}
    for name in _COMPUTE:
        if name in requests:
            usage[name] = usage[f"requests.{name}"] = requests[name]
        if name in limits:
            usage[f"limits.{name}"] = limits[name]
    for name, amount in requests.items():
        if name.startswith("hugepages-"):
            usage[name] = usage[f"requests.{name}"] = amount
        elif "/" in name and not name.startswith("kubernetes.io/"):
            usage[f"requests.{name}"] = amount
    return usage


def is_counted(pod: Object, now_ms: int) -> bool:
    """Whether a pod still counts: it has not ended, and is not overdue to go."""
    if (pod.get("status") or {}).get("phase") in ("Failed", "Succeeded"):
        return False
    metadata = pod.get("metadata") or {}
    since, seconds = metadata.get("deletionTimestamp"), metadata.get("deletionGracePeriodSeconds")
    if since is None or seconds is None:
        return True
    return bool(now_ms <= parse_rfc3339(since) + seconds * 1000)


def concerned(resource: str, names: Iterable[str]) -> list[str]:
    """Those of the limited names that objects of the resource use, sorted."""
    return sorted(name for name in names if _is_concerned(resource, name))


def matches_scopes(quota: Object, resource: str, obj: Object) -> bool:
    """Whether the quota's scopes select the object; without scopes it is about everything."""
    selectors = scope_selectors(quota)
    if not selectors:
        return True
    if resource == "pods":
        return all(_pod_matches(selector, obj) for selector in selectors)
    if resource == "persistentvolumeclaims":
        return all(_claim_matches(selector, obj) for selector in selectors)
    return False


def scope_selectors(quota: Object) -> list[Object]:
    """The scopes of a quota, plain ones as `Exists`."""
    spec = quota.get("spec") or {}
    plain = [{"scopeName": name, "operator": "Exists"} for name in spec.get("scopes") or ()]
    return plain + list((spec.get("scopeSelector") or {}).get("matchExpressions") or ())


def is_terminating(pod: Object) -> bool:
    """Whether the pod has a deadline (the scope `Terminating`)."""
    deadline = (pod.get("spec") or {}).get("activeDeadlineSeconds")
    return bool(deadline is not None and deadline >= 0)


def _is_concerned(resource: str, name: str) -> bool:
    if name == f"count/{resource}":
        return True
    if resource == "pods":
        bare = name.removeprefix("requests.").removeprefix("limits.")
        if name == "pods" or bare in _COMPUTE or bare.startswith("hugepages-"):
            return True
        return name.startswith("requests.") and "/" in bare and _CLASS_SUFFIX not in name
    if resource == "services":
        return name in ("services", "services.loadbalancers", "services.nodeports")
    if resource == "persistentvolumeclaims":
        ends = ("persistentvolumeclaims", "requests.storage")
        return name in ends or any(name.endswith(_CLASS_SUFFIX + end) for end in ends)
    return resource in _NAMED_COUNTS and name == resource


def _service_usage(service: Object) -> Amounts:
    spec = service.get("spec") or {}
    ports = spec.get("ports") or []
    usage = {"services.loadbalancers": _NONE, "services.nodeports": _NONE}
    type_ = spec.get("type")
    if type_ == "NodePort":
        usage["services.nodeports"] = _count(len(ports))
    elif type_ == "LoadBalancer":
        usage["services.loadbalancers"] = _ONE
        if spec.get("allocateLoadBalancerNodePorts") is False:
            ports = [port for port in ports if port.get("nodePort")]
        usage["services.nodeports"] = _count(len(ports))
    return usage


def _claim_usage(claim: Object) -> Amounts:
    spec = claim.get("spec") or {}
    usage: Amounts = {}
    name = spec.get("storageClassName") or ""
    if name:
        usage[f"{name}{_CLASS_SUFFIX}persistentvolumeclaims"] = _ONE
    asked = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    if asked is None:
        return usage
    size = parse_quantity(asked)
    allocated = ((claim.get("status") or {}).get("allocatedResources") or {}).get("storage")
    if allocated is not None and parse_quantity(allocated) > size:
        size = parse_quantity(allocated)
    usage["requests.storage"] = size
    if name:
        usage[f"{name}{_CLASS_SUFFIX}requests.storage"] = size
    return usage


def _pod_matches(selector: Object, pod: Object) -> bool:
    scope = selector.get("scopeName")
    if scope == "Terminating":
        return is_terminating(pod)
    if scope == "NotTerminating":
        return not is_terminating(pod)
    if scope in ("BestEffort", "NotBestEffort"):
        return _is_best_effort(pod) is (scope == "BestEffort")
    if scope == "PriorityClass":
        name = (pod.get("spec") or {}).get("priorityClassName")
        if selector.get("operator") == "Exists":
            return bool(name)
        return _as_selector(selector).matches({scope: name} if name else {})
    return scope == "CrossNamespacePodAffinity" and _is_across_namespaces(pod)


def _claim_matches(selector: Object, claim: Object) -> bool:
    if selector.get("scopeName") != "VolumeAttributesClass":
        return False
    name = (claim.get("spec") or {}).get("volumeAttributesClassName")
    return _as_selector(selector).matches({"VolumeAttributesClass": name} if name else {})


def _as_selector(selector: Object) -> Selector:
    expression = {
        "key": selector.get("scopeName"),
        "operator": selector.get("operator"),
        "values": selector.get("values") or [],
    }
    return from_label_selector({"matchExpressions": [expression]})


def _is_best_effort(pod: Object) -> bool:
    spec = pod.get("spec") or {}
    containers = [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]
    holders = [*containers, spec]
    return not any(
        parse_quantity(amount)
        for holder in holders
        for field in ("requests", "limits")
        for name, amount in ((holder.get("resources") or {}).get(field) or {}).items()
        if name in ("cpu", "memory")
    )


def _is_across_namespaces(pod: Object) -> bool:
    affinity = (pod.get("spec") or {}).get("affinity") or {}
    for field in ("podAffinity", "podAntiAffinity"):
        rules = affinity.get(field) or {}
        terms = list(rules.get("requiredDuringSchedulingIgnoredDuringExecution") or ())
        preferred = rules.get("preferredDuringSchedulingIgnoredDuringExecution") or ()
        terms.extend(item.get("podAffinityTerm") or {} for item in preferred)
        if any(t.get("namespaces") or t.get("namespaceSelector") is not None for t in terms):
            return True
    return False


def _count(number: int) -> Quantity:
    return from_value(number, "DecimalSI")
