"""The Service kind.

Models: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go, pkg/registry/core/service/strategy.go
(v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.names import is_dns1123_label
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import address_warnings, cidr_warnings
from cluster_engine.kinds.columns import AGE, NAME, age, labels_text
from cluster_engine.kinds.core.service_validation import (
    is_externally_accessible,
    validate,
    validate_status,
    validate_update,
)
from cluster_engine.kinds.kind import STATUS, Column, Kind, Subresource
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column("Type", described_by="core.v1.ServiceSpec.type"),
    Column("Cluster-IP", described_by="core.v1.ServiceSpec.clusterIP"),
    Column("External-IP", described_by="core.v1.ServiceSpec.externalIPs"),
    Column("Port(s)", described_by="core.v1.ServiceSpec.ports"),
    AGE,
    Column("Selector", described_by="core.v1.ServiceSpec.selector", priority=1),
)

_AFFINITY_SECONDS = 10800
_HINTS = "service.kubernetes.io/topology-aware-hints"
_MODE = "service.kubernetes.io/topology-mode"
_separate_status = SeparateStatus("", "v1", "Service")


def default(obj: Object) -> None:
    """A cluster address, TCP, target ports like the ports."""
    spec = obj.setdefault("spec", {})
    _default_affinity(spec)
    if not spec.get("type"):
        spec["type"] = "ClusterIP"
    for port in spec.get("ports") or ():
        if not port.get("protocol"):
            port["protocol"] = "TCP"
        if port.get("targetPort") in (None, 0, ""):
            port["targetPort"] = port.get("port") or 0
    if is_externally_accessible(spec) and not spec.get("externalTrafficPolicy"):
        spec["externalTrafficPolicy"] = "Cluster"
    if spec.get("internalTrafficPolicy") is None and spec["type"] in (
        "ClusterIP",
        "NodePort",
        "LoadBalancer",
    ):
        spec["internalTrafficPolicy"] = "Cluster"
    if spec["type"] == "LoadBalancer":
        if spec.get("allocateLoadBalancerNodePorts") is None:
            spec["allocateLoadBalancerNodePorts"] = True
        for ingress in ((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ():
            if ingress.get("ip") and ingress.get("ipMode") is None:
                ingress["ipMode"] = "VIP"


def _default_affinity(spec: Object) -> None:
    if not spec.get("sessionAffinity"):
        spec["sessionAffinity"] = "None"
    if spec["sessionAffinity"] == "None":
        spec.pop("sessionAffinityConfig", None)
    elif spec["sessionAffinity"] == "ClientIP":
        config = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        if config.get("timeoutSeconds") is None:
            spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": _AFFINITY_SECONDS}}


def prepare(new: Object, old: Object | None) -> None:
    """The status is apart; what the old type needed and the new one does not is dropped."""
    _separate_status(new, old)
    if old is not None:
        new["spec"] = _without_leftovers(new.get("spec") or {}, old.get("spec") or {})
        if new["spec"].get("type") == "ExternalName":
            new["spec"].pop("internalTrafficPolicy", None)
        if new["spec"].get("type") != "LoadBalancer" and new.get("status"):
            new["status"] = {**new["status"], "loadBalancer": {}}


def _without_leftovers(spec: Object, before: Object) -> Object:
    """The spec without fields that the client left as they were for another type."""
    dropped: set[str] = set()

    def drop_same(*fields: str) -> None:
        dropped.update(name for name in fields if spec.get(name) == before.get(name))

    if before.get("type") != "ExternalName" and spec.get("type") == "ExternalName":
        if _is_same_address(spec, before):
            dropped.update(("clusterIP", "clusterIPs"))
        drop_same("ipFamilies", "ipFamilyPolicy")
    if _needs_health_port(before) and not _needs_health_port(spec):
        drop_same("healthCheckNodePort")
    if before.get("type") == "LoadBalancer" and spec.get("type") != "LoadBalancer":
        drop_same("allocateLoadBalancerNodePorts", "loadBalancerClass")
    if is_externally_accessible(before) and not is_externally_accessible(spec):
        drop_same("externalTrafficPolicy")
    kept = {name: value for name, value in spec.items() if name not in dropped}
    if _needs_node_port(before) and not _needs_node_port(spec) and _are_same_ports(spec, before):
        kept["ports"] = [
            {name: value for name, value in port.items() if name != "nodePort"}
            for port in spec.get("ports") or ()
        ]
    return kept


def _is_same_address(spec: Object, before: Object) -> bool:
    return all(spec.get(name) == before.get(name) for name in ("clusterIP", "clusterIPs"))


def _needs_node_port(spec: Object) -> bool:
    return spec.get("type") in ("NodePort", "LoadBalancer")


def _needs_health_port(spec: Object) -> bool:
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def _are_same_ports(spec: Object, before: Object) -> bool:
    """Whether every node port is one that the service had."""
    held = {port.get("nodePort") or 0 for port in before.get("ports") or ()}
    return all((port.get("nodePort") or 0) in held for port in spec.get("ports") or ())


def warn(new: Object, old: Object | None) -> list[str]:
    """Of what is deprecated, ignored, or not in its canonical form."""
    del old
    spec, warnings = new.get("spec") or {}, []
    if _HINTS in (new["metadata"].get("annotations") or {}):
        warnings.append(f"annotation {_HINTS} is deprecated, please use {_MODE} instead")
    is_headless = spec.get("type") == "ClusterIP" and spec.get("clusterIP") == "None"
    if spec.get("clusterIP") not in (None, "", "None"):
        for position, text in enumerate(spec.get("clusterIPs") or ()):
            warnings += address_warnings(f"spec.clusterIPs[{position}]", text)
    if is_headless:
        for field in ("loadBalancerIP", "externalIPs"):
            if spec.get(field):
                warnings.append(f"spec.{field} is ignored for headless services")
        if spec.get("sessionAffinity") != "None":
            warnings.append("spec.SessionAffinity is ignored for headless services")
    return warnings + _outer_warnings(spec, is_headless)


def _outer_warnings(spec: Object, is_headless: bool) -> list[str]:
    is_external = spec.get("type") == "ExternalName"
    given, warnings = spec.get("externalIPs") or [], []
    for position, text in enumerate(given):
        warnings += address_warnings(f"spec.externalIPs[{position}]", text)
    if given and not is_headless and not is_external:
        warnings.append(
            "spec.externalIPs is deprecated and may no longer be implemented in some clusters"
        )
    if spec.get("loadBalancerIP"):
        warnings += address_warnings("spec.loadBalancerIP", spec["loadBalancerIP"])
    for position, text in enumerate(spec.get("loadBalancerSourceRanges") or ()):
        warnings += cidr_warnings(f"spec.loadBalancerSourceRanges[{position}]", text)
    if is_external and given:
        warnings.append('spec.externalIPs is ignored when spec.type is "ExternalName"')
    if not is_external and spec.get("externalName"):
        warnings.append('spec.externalName is ignored when spec.type is not "ExternalName"')
    if spec.get("trafficDistribution") == "PreferClose":
        warnings.append(
            'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'
        )
    return warnings


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec = obj.get("spec") or {}
    addresses = spec.get("clusterIPs") or ["<none>"]
    return [
        obj["metadata"]["name"],
        spec.get("type", ""),
        addresses[0],
        _external(spec, obj.get("status") or {}),
        ",".join(_port_text(port) for port in spec.get("ports") or ()) or "<none>",
        age(obj, now_ms),
        labels_text(spec.get("selector")),
    ]


def _port_text(port: Object) -> str:
    numbers = str(port.get("port") or 0)
    if port.get("nodePort"):
        numbers = f"{numbers}:{port['nodePort']}"
    return f"{numbers}/{port.get('protocol', '')}"


def _external(spec: Object, status: Object) -> str:
    type_, given = spec.get("type", ""), spec.get("externalIPs") or []
    if type_ == "ExternalName":
        return str(spec.get("externalName", ""))
    if type_ in ("ClusterIP", "NodePort"):
        return ",".join(given) or "<none>"
    if type_ != "LoadBalancer":
        return "<unknown>"
    ingress = (status.get("loadBalancer") or {}).get("ingress") or ()
    found = sorted({one.get("ip") or one.get("hostname") or "" for one in ingress} - {""})
    if given:
        return ",".join([*found, *given])
    return ",".join(found) or "<pending>"


KIND = Kind(
    group="",
    version="v1",
    kind="Service",
    plural="services",
    singular="service",
    namespaced=True,
    short_names=("svc",),
    categories=("all",),
    subresources=(
        Subresource(
            "proxy",
            ("", "v1", "ServiceProxyOptions"),
            ("create", "delete", "get", "patch", "update"),
        ),
        STATUS,
    ),
    default=default,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    validate_name=is_dns1123_label,
    warn=warn,
    prepare=prepare,
    prepare_status=only_status,
    is_created_by_update=True,
    columns=COLUMNS,
    cells=cells,
    field_selectors={
        "spec.clusterIP": lambda obj: (obj.get("spec") or {}).get("clusterIP", ""),
        "spec.type": lambda obj: (obj.get("spec") or {}).get("type", ""),
    },
)
