"""Addresses and ports behind a service.

Models: ValidateEndpointIP, validateEndpointPort in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import is_port_number
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import parse_ip
from cluster_engine.kinds.checks import dns_label, qualified_name, wrong

PROTOCOLS = ("SCTP", "TCP", "UDP")


def check_endpoint_ip(problems: list[FieldError], path: str, text: str) -> None:
    """An address that traffic may be sent to."""
    address = parse_ip(text)
    if address is None:
        problems.append(invalid_value(path, text, "must be a valid IP address"))
        return
    messages = []
    if address.is_unspecified:
        messages.append(f"may not be unspecified ({text})")
    if address.is_loopback:
        messages.append("may not be in the loopback range (127.0.0.0/8, ::1/128)")
    if address.is_link_local:
        messages.append("may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    is_local_group = address.packed[:3] == b"\xe0\x00\x00" or (
        address.version == 6 and address.packed[:2] == b"\xff\x02"
    )
    if is_local_group:
        messages.append("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
    wrong(problems, path, text, messages)


def check_endpoint_port(
    problems: list[FieldError], path: str, port: Object, *, needs_name: bool
) -> None:
    """A port of Endpoints."""
    name, number, protocol = port.get("name", ""), port.get("port", 0), port.get("protocol", "")
    if name:
        dns_label(problems, f"{path}.name", name)
    elif needs_name:
        problems.append(required(f"{path}.name"))
    wrong(problems, f"{path}.port", number, is_port_number(number))
    if not protocol:
        problems.append(required(f"{path}.protocol"))
    elif protocol not in PROTOCOLS:
        problems.append(not_supported(f"{path}.protocol", protocol, PROTOCOLS))
    if port.get("appProtocol") is not None:
        qualified_name(problems, f"{path}.appProtocol", port["appProtocol"])
