"""Services get their IP families, cluster IPs and node ports before they are validated.

Not an admission plugin upstream: the registry of services does it at the same place in the chain.

Models: k8s.io/kubernetes/pkg/registry/core/service/storage/{alloc,storage}.go (v1.37.2), for a
cluster with IPv4 only.
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.errors import internal, invalid
from cluster_engine.apimachinery.fields import FieldError, child, index, invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.plugin import Plugin
from cluster_engine.apiserver.service_addresses import ALLOCATED, AddressRefused, node_ports_of
from cluster_engine.apiserver.write import CREATE, UPDATE, Write
from cluster_engine.kinds.core.service_addresses import check_addresses

_EXTERNAL_NAME = "ExternalName"
_SINGLE = "SingleStack"


class ServiceAllocation(Plugin):
    """Fills in what a service is given, and keeps what it has."""

    NAME = "ServiceAllocation"
    OPERATIONS = (CREATE, UPDATE)
    RESOURCES = ("services",)
    IS_ASKED_AGAIN = False

    def mutate(self, write: Write) -> None:
        spec = dict(write.object.get("spec") or {})
        old = (write.old or {}).get("spec")
        if old is not None:
            _keep_allocated(spec, old)
        _join_addresses(spec, old)
        if spec.get("type") != _EXTERNAL_NAME:
            self._set_families(write, spec, old)
            self._set_addresses(write, spec, old)
        self._set_ports(write, spec, old)
        write.object = {**write.object, "spec": spec}

    def _set_families(self, write: Write, spec: Object, old: Object | None) -> None:
        is_headless = spec.get("clusterIP") == "None"
        has_selector = bool(spec.get("selector"))
        if spec.get("ipFamilyPolicy") is None:
            if old is not None and old.get("ipFamilyPolicy") is not None:
                spec["ipFamilyPolicy"] = old["ipFamilyPolicy"]
            elif is_headless and not has_selector:
                spec["ipFamilyPolicy"] = "RequireDualStack"
            else:
                spec["ipFamilyPolicy"] = _SINGLE
        problems: list[FieldError] = []
        check_addresses(problems, spec, old)
        _refuse(write, problems)
        problems = _check_families(spec)
        families = list(spec.get("ipFamilies") or ())
        for position, text in enumerate(spec.get("clusterIPs") or ()):
            if text != "None" and position >= len(families):
                if ":" in text:
                    path = index("spec.clusterIPs", position)
                    why = "IPv6 is not configured on this cluster"
                    problems.append(invalid_value(path, spec["clusterIPs"], why))
                else:
                    families.append("IPv4")
        _refuse(write, problems)
        if is_headless and not has_selector:
            families = families or ["IPv4"]
            if len(families) < 2 and spec["ipFamilyPolicy"] != _SINGLE:
                families.append("IPv6" if families[0] == "IPv4" else "IPv4")
            spec["ipFamilies"] = families
            return
        if spec["ipFamilyPolicy"] == "RequireDualStack":
            why = "this cluster is not configured for dual-stack services"
            problems.append(invalid_value("spec.ipFamilyPolicy", spec["ipFamilyPolicy"], why))
        for position, family in enumerate(families):
            if family != "IPv4":
                path = index("spec.ipFamilies", position)
                problems.append(invalid_value(path, family, "not configured on this cluster"))
        _refuse(write, problems)
        spec["ipFamilies"] = families or ["IPv4"]

    def _set_addresses(self, write: Write, spec: Object, old: Object | None) -> None:
        held = spec.get("clusterIPs") or []
        if held[:1] == ["None"]:
            return
        if old is not None and old.get("type") != _EXTERNAL_NAME:
            return  # The first address stays; validation says so.
        asked = held[0] if held else ""
        if asked:
            try:
                self.core.addresses.check_address(asked)
            except AddressRefused as refusal:
                why = f"failed to allocate IP {asked}: {refusal}"
                _refuse(write, [invalid_value("spec.clusterIPs", held, why)])
        else:
            asked = self.core.addresses.next_address()
        spec["clusterIP"], spec["clusterIPs"] = asked, [asked, *held[1:]]

    def _set_ports(self, write: Write, spec: Object, old: Object | None) -> None:
        held = node_ports_of({"spec": old}) if old is not None else set()
        taken: set[int] = set(held)
        type_ = spec.get("type")
        if type_ in ("NodePort", "LoadBalancer"):
            is_giving = (
                type_ == "NodePort" or spec.get("allocateLoadBalancerNodePorts") is not False
            )
            ports = spec.get("ports") or []
            if old is None:
                spec["ports"] = self._first_ports(write, ports, taken, is_giving)
            else:
                spec["ports"] = self._changed_ports(write, ports, held, taken, is_giving)
        if type_ == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local":
            self._set_health_port(write, spec, held, taken)

    def _first_ports(
        self, write: Write, ports: list[Object], taken: set[int], is_giving: bool
    ) -> list[Object]:
        """The ports with node ports; one port number (TCP and UDP) gets the same of them."""
        asked: dict[Any, int] = {}
        for port in ports:
            if port.get("nodePort"):
                asked.setdefault(port.get("port"), port["nodePort"])
        shared: dict[Any, int] = {}
        given: list[Object] = []
        for position, port in enumerate(ports):
            own, number = port.get("nodePort") or 0, port.get("port")
            if own or is_giving:
                path = child(index("spec.ports", position), "nodePort")
                if number not in shared:
                    shared[number] = self._take(write, asked.get(number, 0), path, taken)
                elif own and own != shared[number]:
                    self._take(write, own, path, taken)
                port = {**port, "nodePort": own or shared[number]}
            given.append(port)
        return given

    def _changed_ports(
        self, write: Write, ports: list[Object], held: set[int], taken: set[int], is_giving: bool
    ) -> list[Object]:
        """The ports with node ports; those that the service has stay its own."""
        given: list[Object] = []
        for position, port in enumerate(ports):
            number = port.get("nodePort") or 0
            if number and number not in taken:
                self._take(write, number, child(index("spec.ports", position), "nodePort"), taken)
            elif not number and is_giving:
                port = {**port, "nodePort": self._take(write, 0, "", taken)}
            given.append(port)
        return given

    def _take(self, write: Write, number: int, path: str, taken: set[int]) -> int:
        """That node port or, for 0, a free one; it is among `taken` then."""
        addresses = self.core.addresses
        try:
            number = number or addresses.next_port(taken)
            addresses.check_port(number)
            if number in taken:
                raise AddressRefused(ALLOCATED)
        except AddressRefused as refusal:
            _refuse(write, [invalid_value(path, number, str(refusal))])
        taken.add(number)
        return number

    def _set_health_port(self, write: Write, spec: Object, held: set[int], taken: set[int]) -> None:
        number = spec.get("healthCheckNodePort")
        if not number:
            spec["healthCheckNodePort"] = self._take(write, 0, "", taken)
        elif number not in held:
            self._take_health_port(number, taken)

    def _take_health_port(self, number: int, taken: set[int]) -> None:
        try:
            self.core.addresses.check_port(number)
            if number in taken:
                raise AddressRefused(ALLOCATED)
        except AddressRefused as refusal:
            text = f"failed to allocate requested HealthCheck NodePort {number}: {refusal}"
            raise internal(text) from None


def _keep_allocated(spec: Object, old: Object) -> None:
    """What a client left out although the service has it."""
    if spec.get("type") != _EXTERNAL_NAME and old.get("type") != _EXTERNAL_NAME:
        if not spec.get("clusterIP") and old.get("clusterIP"):
            spec["clusterIP"] = old["clusterIP"]
        if not spec.get("clusterIPs") and old.get("clusterIPs"):
            spec["clusterIPs"] = old["clusterIPs"]
    if _needs_ports(spec) and _needs_ports(old):
        spec["ports"] = _with_held_ports(spec.get("ports") or [], old.get("ports") or [])
    if _needs_health_port(spec) and _needs_health_port(old):
        held = old.get("healthCheckNodePort")
        if not spec.get("healthCheckNodePort") and held:
            spec["healthCheckNodePort"] = held


def _with_held_ports(ports: list[Object], old: list[Object]) -> list[Object]:
    used = {p.get("nodePort") for p in old} & {p.get("nodePort") for p in ports}
    by_name = {port.get("name", ""): port.get("nodePort") for port in old}
    kept: list[Object] = []
    for port in ports:
        held = by_name.get(port.get("name", ""))
        if not port.get("nodePort") and held and held not in used:
            port = {**port, "nodePort": held}
        kept.append(port)
    return kept


def _join_addresses(spec: Object, old: Object | None) -> None:
    """Bring `clusterIP` and `clusterIPs` in line where a client speaks of one only."""
    one, many = spec.get("clusterIP") or "", spec.get("clusterIPs") or []
    if old is None:
        if one and not many:
            spec["clusterIPs"] = [one]
        return
    old_one, old_many = old.get("clusterIP") or "", old.get("clusterIPs") or []
    if old_many and not many and old_one == one:
        spec["clusterIPs"] = old_many
    elif old_one != one and many == old_many:
        if old_one and not one:
            spec.pop("clusterIPs", None)
        else:
            spec["clusterIPs"] = [one]


def _check_families(spec: Object) -> list[FieldError]:
    if spec["ipFamilyPolicy"] != _SINGLE:
        return []
    problems: list[FieldError] = []
    ending = "must be 'RequireDualStack' or 'PreferDualStack' when multiple"
    if len(spec.get("clusterIPs") or ()) == 2:
        why = f"{ending} cluster IPs are specified"
        problems.append(invalid_value("spec.ipFamilyPolicy", _SINGLE, why))
    if len(spec.get("ipFamilies") or ()) == 2:
        why = f"{ending} IP families are specified"
        problems.append(invalid_value("spec.ipFamilyPolicy", _SINGLE, why))
    return problems


def _needs_ports(spec: Object) -> bool:
    if spec.get("type") == "LoadBalancer":
        return spec.get("allocateLoadBalancerNodePorts") is not False
    return spec.get("type") == "NodePort"


def _needs_health_port(spec: Object) -> bool:
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def _refuse(write: Write, problems: list[FieldError]) -> None:
    if problems:
        name = write.name or (write.object.get("metadata") or {}).get("name", "")
        raise invalid("Service", "", name, problems)
