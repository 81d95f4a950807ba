"""Services, their endpoints, and what leads traffic to them or keeps it away.

Models: k8s.io/kubectl/pkg/describe/describe.go (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.describe.page import NONE, UNSET, Page
from cluster_engine.kubectl.describe.source import Source
from cluster_engine.kubectl.describe.words import lower_bool, or_none, timestamp
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.printers.tables import label_text

_SHOWN_MAX = 3
_SERVICE_LABEL = "kubernetes.io/service-name"


def describe_service(page: Page, service: Object, source: Source) -> None:
    metadata, spec = service["metadata"], service["spec"]
    slices = _slices(source, metadata.get("namespace", ""), metadata["name"])
    page.head(service)
    page.field("Selector", label_text(spec.get("selector")))
    page.field("Type", spec.get("type", ""))
    page.optional("IP Family Policy", spec.get("ipFamilyPolicy"))
    page.field("IP Families", or_none(",".join(spec.get("ipFamilies") or ())))
    page.field("IP", spec.get("clusterIP", ""))
    page.field("IPs", or_none(",".join(spec.get("clusterIPs") or ())))
    page.optional("External IPs", ",".join(spec.get("externalIPs") or ()))
    page.optional("Desired LoadBalancer IP", spec.get("loadBalancerIP"))
    page.optional("External Name", spec.get("externalName"))
    ingress = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    page.optional("LoadBalancer Ingress", ", ".join(_balancer(entry) for entry in ingress))
    for port in spec.get("ports") or ():
        _write_port(page, port, slices or [])
    page.field("Session Affinity", spec.get("sessionAffinity", ""))
    page.optional("External Traffic Policy", spec.get("externalTrafficPolicy"))
    page.optional("Internal Traffic Policy", spec.get("internalTrafficPolicy"))
    page.optional("HealthCheck NodePort", spec.get("healthCheckNodePort") or None)
    ranges = ",".join(spec.get("loadBalancerSourceRanges") or ())
    page.optional("LoadBalancer Source Ranges", ranges)
    page.optional("Traffic Distribution", spec.get("trafficDistribution"))
    source.events(page, service)


def _balancer(entry: Object) -> str:
    if not entry.get("ip"):
        hostname: str = entry.get("hostname", "")
        return hostname
    mode = entry.get("ipMode")
    return f"{entry['ip']} ({mode})" if mode else entry["ip"]


def _write_port(page: Page, port: Object, slices: list[Object]) -> None:
    protocol = port.get("protocol", "")
    name = port.get("name") or UNSET
    page.row("Port:", name, f"{port['port']}/{protocol}")
    page.field("TargetPort", f"{port.get('targetPort', 0)}/{protocol}")
    page.optional("AppProtocol", port.get("appProtocol"))
    if port.get("nodePort"):
        page.row("NodePort:", name, f"{port['nodePort']}/{protocol}")
    page.field("Endpoints", endpoints_text(slices, port.get("name", "")))


def _slices(source: Source, namespace: str, service: str) -> list[Object] | None:
    return source.items_or_none(
        f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices",
        labelSelector=f"{_SERVICE_LABEL}={service}",
    )


def endpoints_text(slices: list[Object], port_name: str) -> str:
    """The ready addresses behind a port, three of them and how many more."""
    if not slices:
        return NONE
    found: list[str] = []
    for item in slices:
        ports: list[Any] = [
            port for port in item.get("ports") or () if (port.get("name") or "") == port_name
        ]
        for port in ports if item.get("ports") else [None]:
            for endpoint in item.get("endpoints") or ():
                if (endpoint.get("conditions") or {}).get("ready", True) is False:
                    continue
                address = endpoint["addresses"][0]
                if port is not None:
                    host = f"[{address}]" if ":" in address else address
                    address = f"{host}:{port.get('port', 0)}"
                found.append(address)
    shown = ",".join(found[:_SHOWN_MAX])
    if len(found) > _SHOWN_MAX:
        return f"{shown} + {len(found) - _SHOWN_MAX} more..."
    return shown


def describe_endpoints(page: Page, endpoints: Object, source: Source) -> None:
    page.head(endpoints)
    page.line("Subsets:")
    for subset in endpoints.get("subsets") or ():
        for title, field in (
            ("Addresses", "addresses"),
            ("NotReadyAddresses", "notReadyAddresses"),
        ):
            addresses = ",".join(address["ip"] for address in subset.get(field) or ())
            page.field(title, or_none(addresses), 1)
        if subset.get("ports"):
            page.line("Ports:", 1)
            page.heading("Name", "Port", "Protocol", level=2)
        for port in subset.get("ports") or ():
            page.row(port.get("name") or UNSET, port["port"], port.get("protocol", ""), level=2)
        page.line()
    source.events(page, endpoints)


def describe_endpoint_slice(page: Page, endpoint_slice: Object, source: Source) -> None:
    page.head(endpoint_slice)
    page.field("AddressType", endpoint_slice.get("addressType", ""))
    ports = endpoint_slice.get("ports")
    page.line("Ports:" if ports else f"Ports: {UNSET}")
    if ports:
        page.heading("Name", "Port", "Protocol")
    for port in ports or ():
        number = port.get("port", UNSET)
        page.row(port.get("name") or UNSET, number, port.get("protocol", ""), level=1)
    endpoints = endpoint_slice.get("endpoints")
    page.line("Endpoints:" if endpoints else f"Endpoints: {NONE}")
    for endpoint in endpoints or ():
        page.field("- Addresses", or_none(", ".join(endpoint.get("addresses") or ())), 1)
        page.line("Conditions:", 2)
        ready = (endpoint.get("conditions") or {}).get("ready")
        page.field("Ready", UNSET if ready is None else lower_bool(ready), 3)
        page.field("Hostname", endpoint.get("hostname", UNSET), 2)
        target = endpoint.get("targetRef")
        if target:
            page.field("TargetRef", f"{target.get('kind', '')}/{target.get('name', '')}", 2)
        page.field("NodeName", endpoint.get("nodeName", UNSET), 2)
        page.field("Zone", endpoint.get("zone", UNSET), 2)
    source.events(page, endpoint_slice)


def describe_ingress(page: Page, ingress: Object, source: Source) -> None:
    metadata, spec = ingress["metadata"], ingress["spec"]
    namespace = metadata.get("namespace", "")
    page.field("Name", metadata["name"])
    page.labels(metadata.get("labels"))
    page.field("Namespace", namespace)
    entries = ((ingress.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    addresses = {entry.get("ip") or entry.get("hostname") or "" for entry in entries}
    page.field("Address", ",".join(sorted(addresses - {""})))
    page.field("Ingress Class", spec.get("ingressClassName", NONE))
    default = "<default>"
    if spec.get("defaultBackend"):
        default = _backend(source, namespace, spec["defaultBackend"])
    page.field("Default backend", default)
    if spec.get("tls"):
        page.line("TLS:")
    for entry in spec.get("tls") or ():
        hosts, secret = ",".join(entry.get("hosts") or ()), entry.get("secretName")
        page.line(f"{secret} terminates {hosts}" if secret else f"SNI routes {hosts}", 1)
    page.line("Rules:")
    page.heading("Host", "Path", "Backends")
    rules = [rule for rule in spec.get("rules") or () if rule.get("http")]
    for rule in rules:
        page.line(f"{rule.get('host') or '*'}\t", 1)
        for path in rule["http"].get("paths") or ():
            backend = _backend(source, namespace, path["backend"])
            page.line(f"\t{path.get('path', '')} \t{backend}", 2)
    if not rules:
        page.row("*", "*", default, level=1)
    page.annotations(metadata.get("annotations"))
    source.events(page, ingress)


def _backend(source: Source, namespace: str, backend: Object) -> str:
    service = backend.get("service")
    if service is None:
        resource = backend.get("resource") or {}
        return (
            f"APIGroup: {resource.get('apiGroup', NONE)}, Kind: {resource.get('kind', '')}, "
            f"Name: {resource.get('name', '')}"
        )
    wanted = service.get("port") or {}
    text = f"{service['name']}:{wanted.get('number') or wanted.get('name', '')}"
    try:
        found = source.get(f"/api/v1/namespaces/{namespace}/services/{service['name']}")
    except KubectlError as error:
        return f"{text} (<error: {error.message}>)"
    name = ""
    for port in found["spec"].get("ports") or ():
        if wanted.get("number") == port["port"] or (
            wanted.get("name") and wanted["name"] == port.get("name")
        ):
            name = port.get("name", "")
    slices = _slices(source, namespace, service["name"]) or []
    return f"{text} ({endpoints_text(slices, name)})"


def describe_ingress_class(page: Page, ingress_class: Object, source: Source) -> None:
    spec = ingress_class.get("spec") or {}
    page.head(ingress_class, has_namespace=False)
    page.field("Controller", spec.get("controller", ""))
    parameters = spec.get("parameters")
    if parameters:
        page.line("Parameters:")
        page.optional("APIGroup", parameters.get("apiGroup"), 1)
        page.field("Kind", parameters.get("kind", ""), 1)
        page.field("Name", parameters.get("name", ""), 1)
    source.events(page, ingress_class)


def describe_service_cidr(page: Page, cidr: Object, source: Source) -> None:
    page.head(cidr, has_namespace=False)
    page.field("CIDRs", ", ".join((cidr.get("spec") or {}).get("cidrs") or ()))
    conditions = (cidr.get("status") or {}).get("conditions")
    if conditions:
        page.line("Status:")
        page.line("Conditions:")
        page.heading("Type", "Status", "LastTransitionTime", "Reason", "Message")
    for condition in conditions or ():
        page.row(
            condition["type"],
            condition.get("status", ""),
            timestamp(condition.get("lastTransitionTime")),
            condition.get("reason", ""),
            condition.get("message", ""),
            level=1,
        )
    source.events(page, cidr)


def describe_ip_address(page: Page, address: Object, source: Source) -> None:
    page.head(address, has_namespace=False)
    parent = (address.get("spec") or {}).get("parentRef")
    if parent:
        page.line("Parent Reference:")
        for title in ("Group", "Resource", "Namespace", "Name"):
            page.field(title, parent.get(title.lower(), ""), 1)
    source.events(page, address)
