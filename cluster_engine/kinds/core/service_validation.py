"""Problems of a Service.

Models: validateService, ValidateServiceUpdate and their kin in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import is_dns1123_subdomain, is_port_number
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import is_legacy_cidr, is_legacy_ip, parse_ip
from cluster_engine.kinds.checks import (
    dns_label,
    dns_subdomain,
    labels,
    one_of,
    qualified_name,
    wrong,
)
from cluster_engine.kinds.core.endpoint_addresses import PROTOCOLS, check_endpoint_ip
from cluster_engine.kinds.core.pod.handlers import check_port
from cluster_engine.kinds.core.service_addresses import (
    check_address_changes,
    check_addresses,
    is_headless,
)
from cluster_engine.kinds.internal import internal

TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_AFFINITIES = ("ClientIP", "None")
_POLICIES = ("Cluster", "Local")
_DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
_IP_MODES = ("Proxy", "VIP")
_AFFINITY_SECONDS_MAX = 86400
_HINTS = "service.kubernetes.io/topology-aware-hints"
_MODE = "service.kubernetes.io/topology-mode"
_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'"
_NOTHING: Object = {}


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new Service whose addresses and ports are allocated."""
    problems = _address_problems(obj.get("spec") or _NOTHING, None)
    if not problems:
        _check_service(problems, obj, None)
    return problems


def _address_problems(spec: Object, before: Object | None) -> list[FieldError]:
    """Problems that the allocation of addresses meets, before anything else is looked at."""
    problems: list[FieldError] = []
    check_addresses(problems, spec, before)
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change."""
    spec, before = new.get("spec") or _NOTHING, old.get("spec") or _NOTHING
    problems = _address_problems(spec, before)
    if problems:
        return problems
    check_address_changes(problems, spec, before)
    if spec.get("type") == before.get("type") == "LoadBalancer":
        name = spec.get("loadBalancerClass")
        if name != before.get("loadBalancerClass"):
            text = "may not change once set"
            problems.append(invalid_value("spec.loadBalancerClass", name, text))
    _check_class(problems, spec)
    keeps_port = _needs_health_port(spec) and _needs_health_port(before)
    if keeps_port and spec.get("healthCheckNodePort") != before.get("healthCheckNodePort"):
        problems.append(forbidden_field("spec.healthCheckNodePort", "field is immutable"))
    _check_service(problems, new, old)
    return problems


def _check_service(problems: list[FieldError], obj: Object, old: Object | None) -> None:
    spec = obj.get("spec") or _NOTHING
    annotations = obj["metadata"].get("annotations") or _NOTHING
    mode, hints = annotations.get(_MODE), annotations.get(_HINTS)
    if mode is not None and hints is not None and mode != hints:
        text = f"must match annotations[{_HINTS}] when both are specified"
        problems.append(invalid_value(f"metadata.annotations[{_MODE}]", mode, text))
    _check_type(problems, spec)
    ports = spec.get("ports") or []
    _check_ports(problems, ports)
    if spec.get("selector"):
        labels(problems, "spec.selector", spec["selector"])
    _check_affinity(problems, spec)
    _check_external_ips(problems, spec, old)
    one_of(problems, "spec.type", spec.get("type"), TYPES, is_required=True)
    _check_node_ports(problems, spec, ports)
    _check_source_ranges(problems, spec, annotations, old)
    _check_allocation(problems, spec)
    _check_class(problems, spec)
    _check_traffic(problems, spec)


def _check_type(problems: list[FieldError], spec: Object) -> None:
    type_ = spec.get("type")
    if not spec.get("ports") and not is_headless(spec) and type_ != "ExternalName":
        problems.append(required("spec.ports"))
    if type_ in ("LoadBalancer", "NodePort") and is_headless(spec):
        text = f"may not be set to 'None' for {type_} services"
        problems.append(invalid_value("spec.clusterIPs[0]", "None", text))
    if type_ != "ExternalName":
        return
    for field in ("clusterIPs", "ipFamilies", "ipFamilyPolicy"):
        if spec.get(field):
            text = "may not be set for ExternalName services"
            problems.append(forbidden_field(f"spec.{field}", text))
    name = spec.get("externalName", "").removesuffix(".")
    if name:
        dns_subdomain(problems, "spec.externalName", name)
    else:
        problems.append(required("spec.externalName"))


def _check_ports(problems: list[FieldError], ports: list[Object]) -> None:
    names: set[str] = set()
    for position, port in enumerate(ports):
        at, name = f"spec.ports[{position}]", port.get("name", "")
        if not name and len(ports) > 1:
            problems.append(required(f"{at}.name"))
        elif name:
            dns_label(problems, f"{at}.name", name)
            if name in names:
                problems.append(duplicate(f"{at}.name", name))
            names.add(name)
        number = port.get("port", 0)
        wrong(problems, f"{at}.port", number, is_port_number(number))
        protocol = port.get("protocol", "")
        one_of(problems, f"{at}.protocol", protocol, PROTOCOLS, is_required=True)
        check_port(problems, f"{at}.targetPort", port.get("targetPort", 0))
        if port.get("appProtocol") is not None:
            qualified_name(problems, f"{at}.appProtocol", port["appProtocol"])


def _check_affinity(problems: list[FieldError], spec: Object) -> None:
    affinity, config = spec.get("sessionAffinity"), spec.get("sessionAffinityConfig")
    one_of(problems, "spec.sessionAffinity", affinity, _AFFINITIES, is_required=True)
    path = "spec.sessionAffinityConfig"
    if affinity == "None":
        if config is not None:
            text = "must not be set when session affinity is None"
            problems.append(forbidden_field(path, text))
        return
    if affinity != "ClientIP":
        return
    value: Any = config
    for step in ("", ".clientIP", ".timeoutSeconds"):
        path = f"{path}{step}"
        value = value.get(step[1:]) if step else value
        if value is None:
            text = "when session affinity type is ClientIP"
            problems.append(required(path, text))
            return
    if not 0 < value <= _AFFINITY_SECONDS_MAX:
        text = f"must be greater than 0 and less than {_AFFINITY_SECONDS_MAX}"
        problems.append(invalid_value(path, value, text))


def _check_external_ips(problems: list[FieldError], spec: Object, old: Object | None) -> None:
    before = ((old or _NOTHING).get("spec") or _NOTHING).get("externalIPs") or ()
    for position, text in enumerate(spec.get("externalIPs") or ()):
        at = f"spec.externalIPs[{position}]"
        found = is_legacy_ip(at, text, before)
        if found:
            problems.extend(found)
        else:
            check_endpoint_ip(problems, at, text)


def _check_node_ports(problems: list[FieldError], spec: Object, ports: list[Object]) -> None:
    if spec.get("type") == "ClusterIP":
        problems.extend(
            forbidden_field(
                f"spec.ports[{position}].nodePort", "may not be used when `type` is 'ClusterIP'"
            )
            for position, port in enumerate(ports)
            if port.get("nodePort")
        )
    taken: set[tuple[str, int]] = set()
    for position, port in enumerate(ports):
        number = port.get("nodePort")
        if number:
            key = (port.get("protocol", ""), number)
            if key in taken:
                problems.append(duplicate(f"spec.ports[{position}].nodePort", number))
            taken.add(key)
    served: set[tuple[str, int]] = set()
    for position, port in enumerate(ports):
        key = (port.get("protocol", ""), port.get("port", 0))
        if key in served:
            shown = internal("core", "ServicePort", {"protocol": key[0], "port": key[1]})
            problems.append(duplicate(f"spec.ports[{position}]", shown))
        served.add(key)


def _check_source_ranges(
    problems: list[FieldError], spec: Object, annotations: Object, old: Object | None
) -> None:
    is_balanced = spec.get("type") == "LoadBalancer"
    ranges = spec.get("loadBalancerSourceRanges")
    if ranges:
        path = "spec.LoadBalancerSourceRanges"
        if not is_balanced:
            problems.append(forbidden_field(path, _ONLY_BALANCED))
        held = ((old or _NOTHING).get("spec") or _NOTHING).get("loadBalancerSourceRanges") or ()
        before = [text.strip() for text in held]
        for position, text in enumerate(ranges):
            problems.extend(is_legacy_cidr(f"{path}[{position}]", text.strip(), before))
        return
    listed = annotations.get(_RANGES)
    if listed is None:
        return
    path = f"metadata.annotations[{_RANGES}]"
    if not is_balanced:
        problems.append(forbidden_field(path, _ONLY_BALANCED))
    before_listed = ((old or _NOTHING).get("metadata") or _NOTHING).get("annotations") or _NOTHING
    if old is None or before_listed.get(_RANGES) != listed:
        for text in listed.strip().split(",") if listed.strip() else ():
            problems.extend(is_legacy_cidr(path, text.strip()))


def _check_allocation(problems: list[FieldError], spec: Object) -> None:
    allocates = spec.get("allocateLoadBalancerNodePorts")
    is_balanced = spec.get("type") == "LoadBalancer"
    if allocates is not None and not is_balanced:
        problems.append(forbidden_field("spec.allocateLoadBalancerNodePorts", _ONLY_BALANCED))
    if allocates is None and is_balanced:
        problems.append(required("allocateLoadBalancerNodePorts"))


def _check_class(problems: list[FieldError], spec: Object) -> None:
    name = spec.get("loadBalancerClass")
    if name is None:
        return
    if spec.get("type") == "LoadBalancer":
        qualified_name(problems, "spec.loadBalancerClass", name)
    else:
        problems.append(forbidden_field("spec.loadBalancerClass", _ONLY_BALANCED))


def is_externally_accessible(spec: Object) -> bool:
    """Whether it can be reached from outside the cluster."""
    if spec.get("type") in ("LoadBalancer", "NodePort"):
        return True
    return spec.get("type") == "ClusterIP" and bool(spec.get("externalIPs"))


def _needs_health_port(spec: Object) -> bool:
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def _check_traffic(problems: list[FieldError], spec: Object) -> None:
    policy, at = spec.get("externalTrafficPolicy"), "spec.externalTrafficPolicy"
    if is_externally_accessible(spec):
        one_of(problems, at, policy, _POLICIES, is_required=True)
    elif policy:
        text = "may only be set for externally-accessible services"
        problems.append(invalid_value(at, policy, text))
    port, at = spec.get("healthCheckNodePort"), "spec.healthCheckNodePort"
    if _needs_health_port(spec):
        if not port:
            problems.append(required(at))
        else:
            wrong(problems, at, port, is_port_number(port))
    elif port:
        text = (
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        )
        problems.append(invalid_value(at, port, text))
    policy, at = spec.get("internalTrafficPolicy"), "spec.internalTrafficPolicy"
    if policy is None:
        if spec.get("type") in ("ClusterIP", "NodePort", "LoadBalancer"):
            problems.append(required(at))
    elif policy not in _POLICIES:
        problems.append(not_supported(at, policy, _POLICIES))
    policy = spec.get("trafficDistribution")
    if policy is not None and policy not in _DISTRIBUTIONS:
        problems.append(not_supported("spec.trafficDistribution", policy, _DISTRIBUTIONS))


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Problems of what a load balancer reports."""
    spec = new.get("spec") or _NOTHING
    ingress = ((new.get("status") or _NOTHING).get("loadBalancer") or _NOTHING).get("ingress")
    held = ((old.get("status") or _NOTHING).get("loadBalancer") or _NOTHING).get("ingress")
    path = "status.loadBalancer.ingress"
    if ingress and spec.get("type") != "LoadBalancer":
        return [forbidden_field(path, "may only be used when `spec.type` is 'LoadBalancer'")]
    before = [one["ip"] for one in held or () if one.get("ip")]
    problems: list[FieldError] = []
    for position, one in enumerate(ingress or ()):
        _check_ingress(problems, f"{path}[{position}]", one, before)
    return problems


def _check_ingress(problems: list[FieldError], path: str, one: Object, before: list[str]) -> None:
    ip, mode, name = one.get("ip", ""), one.get("ipMode"), one.get("hostname", "")
    if ip:
        problems.extend(is_legacy_ip(f"{path}.ip", ip, before))
    at = f"{path}.ipMode"
    if mode is None:
        if ip:
            problems.append(required(at, "must be specified when `ip` is set"))
    elif not ip:
        problems.append(forbidden_field(at, "may not be specified when `ip` is not set"))
    elif mode not in _IP_MODES:
        problems.append(not_supported(at, mode, _IP_MODES))
    if name:
        wrong(problems, f"{path}.hostname", name, is_dns1123_subdomain(name))
        if parse_ip(name) is not None:
            text = "must be a DNS name, not an IP address"
            problems.append(invalid_value(f"{path}.hostname", name, text))
