"""The Endpoints kind, which EndpointSlices have replaced.

Models: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go and pkg/registry/core/endpoint (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, required
from cluster_engine.apimachinery.names import is_dns1123_subdomain
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import address_warnings, is_legacy_ip
from cluster_engine.kinds.checks import dns_label, wrong
from cluster_engine.kinds.columns import AGE, NAME, age, list_with_more
from cluster_engine.kinds.core.endpoint_addresses import check_endpoint_ip, check_endpoint_port
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Endpoints", described_by="core.v1.Endpoints.subsets"),
    AGE,
)

_SHOWN_MAX = 3
_MANAGED_BY = "endpoints.kubernetes.io/managed-by"


def default(obj: Object) -> None:
    """Ports are TCP."""
    for subset in obj.get("subsets") or ():
        for port in subset.get("ports") or ():
            if not port.get("protocol"):
                port["protocol"] = "TCP"


def validate(obj: Object) -> list[FieldError]:
    """Addresses that traffic can go to, and ports."""
    problems: list[FieldError] = []
    for position, subset in enumerate(obj.get("subsets") or ()):
        _check_subset(problems, f"subsets[{position}]", subset)
    return problems


def _check_subset(problems: list[FieldError], path: str, subset: Object) -> None:
    if not subset.get("addresses") and not subset.get("notReadyAddresses"):
        problems.append(required(path, "must specify `addresses` or `notReadyAddresses`"))
    for name in ("addresses", "notReadyAddresses"):
        for position, address in enumerate(subset.get(name) or ()):
            _check_address(problems, f"{path}.{name}[{position}]", address)
    ports = subset.get("ports") or ()
    for position, port in enumerate(ports):
        check_endpoint_port(problems, f"{path}.ports[{position}]", port, needs_name=len(ports) > 1)


def _check_address(problems: list[FieldError], path: str, address: Object) -> None:
    ip, node = address.get("ip", ""), address.get("nodeName")
    problems.extend(is_legacy_ip(f"{path}.ip", ip))
    if address.get("hostname"):
        dns_label(problems, f"{path}.hostname", address["hostname"])
    if node is not None:
        wrong(problems, f"{path}.nodeName", node, is_dns1123_subdomain(node))
    check_endpoint_ip(problems, f"{path}.ip", ip)


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """What was accepted once stays accepted."""
    return [] if new.get("subsets") == old.get("subsets") else validate(new)


def warn(new: Object, old: Object | None) -> list[str]:
    """Of addresses that are not in their canonical form."""
    del old
    if (new["metadata"].get("labels") or {}).get(_MANAGED_BY) == "endpoint-controller":
        return []
    return [
        text
        for position, subset in enumerate(new.get("subsets") or ())
        for name in ("addresses", "notReadyAddresses")
        for place, address in enumerate(subset.get(name) or ())
        for text in address_warnings(
            f"subsets[{position}].{name}[{place}].ip", address.get("ip", "")
        )
    ]


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    return [obj["metadata"]["name"], _addresses(obj.get("subsets") or []), age(obj, now_ms)]


def _addresses(subsets: list[Object]) -> str:
    if not subsets:
        return "<none>"
    shown: list[str] = []
    for subset in subsets:
        addresses = [one.get("ip", "") for one in subset.get("addresses") or ()]
        ports = [port.get("port") or 0 for port in subset.get("ports") or ()]
        if not ports:
            shown.extend(addresses)
        shown.extend(_joined(ip, port) for port in ports for ip in addresses)
    return list_with_more(shown[:_SHOWN_MAX], _SHOWN_MAX, len(shown), "")


def _joined(ip: str, port: int) -> str:
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"


KIND = Kind(
    group="",
    version="v1",
    kind="Endpoints",
    plural="endpoints",
    singular="endpoints",
    namespaced=True,
    short_names=("ep",),
    default=default,
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    deprecation="v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
    is_created_by_update=True,
    columns=COLUMNS,
    cells=cells,
)
