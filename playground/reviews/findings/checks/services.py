"""Services, Ingresses and network policies: who can reach what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from playground.reviews.findings.checks.matching import matching, nearest, selector_of
from playground.reviews.findings.subjects import Pod, Spot, Subject, Text
from playground.reviews.findings.values import at, entries, mapping, texts

_SERVICE = ("", "Service")
_NETWORKING = "networking.k8s.io"
_INGRESS = (_NETWORKING, "Ingress")


def open_load_balancer(subject: Subject) -> Iterator[Spot]:
    if subject.kind == _SERVICE and subject.spec.get("type") == "LoadBalancer":
        internal = any("internal" in name.lower() for name in subject.annotations)
        if not subject.spec.get("loadBalancerSourceRanges") and not internal:
            yield subject.spot("spec", "type")


def node_port(subject: Subject) -> Iterator[Spot]:
    if subject.kind == _SERVICE and subject.spec.get("type") == "NodePort":
        yield subject.spot("spec", "type")


def external_ips(subject: Subject) -> Iterator[Spot]:
    addresses = [text for _, text in texts(subject.spec, "externalIPs")]
    if subject.kind == _SERVICE and addresses:
        yield subject.spot("spec", "externalIPs", addresses=", ".join(addresses))


def without_tls(subject: Subject) -> Iterator[Spot]:
    if subject.kind == _INGRESS and not subject.spec.get("tls"):
        hosts = [str(one["host"]) for _, one in entries(subject.spec, "rules") if one.get("host")]
        yield subject.spot("spec", host=", ".join(hosts) or "every host")


def without_class(subject: Subject) -> Iterator[Spot]:
    has_old = "kubernetes.io/ingress.class" in subject.annotations
    if subject.kind == _INGRESS and not subject.spec.get("ingressClassName") and not has_old:
        yield subject.spot("spec")


def allows_everything(subject: Subject) -> Iterator[Spot]:
    if subject.kind != (_NETWORKING, "NetworkPolicy"):
        return
    for field, direction in (("ingress", "in"), ("egress", "out")):
        for index, rule in entries(subject.spec, field):
            if not any(rule.get(name) for name in ("from", "to", "ports")):
                yield subject.spot("spec", field, index, direction=direction)


def selects_nothing(text: Text) -> Iterator[Spot]:
    """Said only when the text has pods of that namespace: else they may be there already."""
    for service in text.of(*_SERVICE):
        selector, pods = selector_of(service), text.pods_of(service.namespace)
        if pods and not selector.is_nothing and not matching(selector, pods):
            near = nearest(selector, pods)
            yield service.spot("spec", "selector", selector=str(selector), near=near)


def unknown_port(text: Text) -> Iterator[Spot]:
    """A number counts only where the pods list their ports: they need not."""
    for service in text.of(*_SERVICE):
        for subject, pod in matching(selector_of(service), text.pods_of(service.namespace)):
            numbers, names = _open(pod)
            if not numbers:
                continue
            for index, port in entries(service.spec, "ports"):
                target = port.get("targetPort", port.get("port"))
                if isinstance(target, str) and target.isdigit():
                    target = int(target)
                if target in numbers or target in names or target is None:
                    continue
                field = "targetPort" if "targetPort" in port else "port"
                listed = ", ".join([*map(str, sorted(numbers)), *sorted(names)])
                found = {"port": str(target), "target": subject.title, "open": listed}
                yield service.spot("spec", "ports", index, field, **found)


def _open(pod: Pod) -> tuple[set[int], set[str]]:
    numbers: set[int] = set()
    names: set[str] = set()
    for container in pod.containers:
        for _, port in entries(container.body, "ports"):
            if isinstance(port.get("containerPort"), int):
                numbers.add(port["containerPort"])
            if isinstance(port.get("name"), str):
                names.add(port["name"])
    return numbers, names


def unknown_backend(text: Text) -> Iterator[Spot]:
    """Said only when the text has Services of that namespace: else it may be there already."""
    for ingress in text.of(*_INGRESS):
        services = {
            one.name: one for one in text.of(*_SERVICE) if one.namespace == ingress.namespace
        }
        for path, backend in _backends(ingress) if services else ():
            name = str(at(backend, "service", "name") or "")
            if not name:
                continue
            where = ("spec", *path, "service")
            if name not in services:
                why = f"this text has the Services {', '.join(services)}"
                yield ingress.spot(*where, "name", backend=f"Service {name}", why=why)
                continue
            why = _port_problem(services[name], mapping(backend, "service", "port"))
            if why:
                yield ingress.spot(*where, "port", backend=f"Service {name}", why=why)


def _backends(ingress: Subject) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    default = mapping(ingress.spec, "defaultBackend")
    if default:
        yield ("defaultBackend",), default
    for index, rule in entries(ingress.spec, "rules"):
        for position, one in entries(rule, "http", "paths"):
            where = ("rules", index, "http", "paths", position, "backend")
            yield where, mapping(one, "backend")


def _port_problem(service: Subject, port: Mapping[str, Any]) -> str:
    ports = [one for _, one in entries(service.spec, "ports")]
    numbers, names = [one.get("port") for one in ports], [one.get("name") for one in ports]
    if "number" in port and port["number"] not in numbers:
        return f"it has no port {port['number']}, only {', '.join(map(str, numbers))}"
    if "name" in port and port["name"] not in names:
        return f"it has no port named {port['name']}"
    return ""
