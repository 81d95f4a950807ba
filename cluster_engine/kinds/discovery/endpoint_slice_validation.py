"""Problems of endpoint slices.

Models: k8s.io/kubernetes/pkg/apis/discovery/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    invalid_value,
    not_supported,
    required,
    too_many,
)
from cluster_engine.apimachinery.names import (
    is_dns1123_subdomain,
    is_fully_qualified_domain,
    is_label_value,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import is_ip, is_legacy_ip, parse_ip
from cluster_engine.kinds.checks import (
    Problems,
    declared,
    dns_label,
    labels,
    qualified_name,
    sealed,
    wrong,
)
from cluster_engine.kinds.core.endpoint_addresses import PROTOCOLS, check_endpoint_ip

_TYPES = ("FQDN", "IPv4", "IPv6")
_TOPOLOGY_MAX = 16
_ADDRESSES_MAX = 100
_PORTS_MAX = 20000
_ENDPOINTS_MAX = 1000
_HINTS_MAX = 8


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new slice."""
    problems = Problems()
    _check_type(problems, obj)
    _check_ports(problems, obj.get("ports") or ())
    _check_endpoints(problems, obj)
    return problems.all()


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """The type of the addresses stays; addresses that were accepted once stay accepted."""
    problems = Problems()
    _check_type(problems, new)
    _check_ports(problems, new.get("ports") or ())
    if new.get("endpoints") != old.get("endpoints"):
        _check_endpoints(problems, new)
    type_, before = new.get("addressType", ""), old.get("addressType", "")
    sealed(problems, "addressType", type_, before)
    return problems.all()


def _check_type(problems: Problems, obj: Object) -> None:
    type_ = obj.get("addressType", "")
    if not type_:
        declared(problems).append(required("addressType"))
    elif type_ not in _TYPES:
        declared(problems).append(not_supported("addressType", type_, _TYPES))


def _check_ports(problems: list[FieldError], ports: Sequence[Object]) -> None:
    if len(ports) > _PORTS_MAX:
        problems.append(too_many("ports", len(ports), _PORTS_MAX))
        return
    seen = set()
    for position, port in enumerate(ports):
        path, name = f"ports[{position}]", port.get("name") or ""
        if name:
            dns_label(problems, f"{path}.name", name)
        if name in seen:
            problems.append(duplicate(f"{path}.name", name))
        seen.add(name)
        protocol = port.get("protocol")
        if protocol is None:
            problems.append(required(f"{path}.protocol"))
        elif protocol not in PROTOCOLS:
            problems.append(not_supported(f"{path}.protocol", protocol, PROTOCOLS))
        if port.get("appProtocol") is not None:
            qualified_name(problems, f"{path}.appProtocol", port["appProtocol"])


def _check_endpoints(problems: Problems, obj: Object) -> None:
    endpoints, type_ = obj.get("endpoints") or (), obj.get("addressType", "")
    if len(endpoints) > _ENDPOINTS_MAX:
        problems.append(too_many("endpoints", len(endpoints), _ENDPOINTS_MAX))
        return
    for position, endpoint in enumerate(endpoints):
        _check_endpoint(problems, f"endpoints[{position}]", endpoint, type_)


def _check_endpoint(problems: Problems, path: str, endpoint: Object, type_: str) -> None:
    addresses = endpoint.get("addresses") or ()
    at = f"{path}.addresses"
    if not addresses:
        declared(problems).append(required(at))
    elif len(addresses) > _ADDRESSES_MAX:
        declared(problems).append(too_many(at, len(addresses), _ADDRESSES_MAX))
    for position, address in enumerate(addresses):
        _check_address(problems, at, position, address, type_)
    node, host = endpoint.get("nodeName"), endpoint.get("hostname")
    if node is not None:
        wrong(problems, f"{path}.nodeName", node, is_dns1123_subdomain(node))
    topology = endpoint.get("deprecatedTopology")
    if topology:
        if len(topology) > _TOPOLOGY_MAX:
            limit = too_many(f"{path}.deprecatedTopology", len(topology), _TOPOLOGY_MAX)
            problems.append(limit)
        labels(problems, f"{path}.deprecatedTopology", topology)
    if host is not None:
        dns_label(problems, f"{path}.hostname", host)
    if endpoint.get("hints") is not None:
        _check_hints(problems, f"{path}.hints", endpoint["hints"])


def _check_address(
    problems: list[FieldError], path: str, position: int, address: str, type_: str
) -> None:
    at = f"{path}[{position}]"
    if type_ == "FQDN":
        if not address:
            problems.append(required(at))
        else:
            shown = address.removesuffix(".")
            wrong(problems, at, shown, is_fully_qualified_domain(address))
    elif type_ in _TYPES:
        found = is_legacy_ip(at, address) if type_ == "IPv4" else is_ip(at, address)
        if found:
            problems.extend(found)
            return
        parsed = parse_ip(address)
        if parsed is None or f"IPv{parsed.version}" != type_:
            problems.append(invalid_value(path, address, f"must be an {type_} address"))
        check_endpoint_ip(problems, at, address)


def _check_hints(problems: list[FieldError], path: str, hints: Object) -> None:
    for field, messages_of in (("forZones", is_label_value), ("forNodes", is_dns1123_subdomain)):
        given, seen = hints.get(field) or (), set()
        if len(given) > _HINTS_MAX:
            problems.append(too_many(f"{path}.{field}", len(given), _HINTS_MAX))
            return
        for position, one in enumerate(given):
            at, name = f"{path}.{field}[{position}].name", one.get("name", "")
            if name in seen:
                problems.append(duplicate(at, name))
            seen.add(name)
            wrong(problems, at, name, messages_of(name))
