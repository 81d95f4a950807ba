"""Problems of network policies.

Models: ValidateNetworkPolicy in k8s.io/kubernetes/pkg/apis/networking/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import is_port_name, is_port_number
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import is_legacy_cidr, parse_cidr
from cluster_engine.kinds.checks import Problems, declared, label_selector, wrong

_PROTOCOLS = ("TCP", "UDP", "SCTP")
_TYPES = ("Ingress", "Egress")
#: The fields of a spec with rules, and the field of a rule with peers.
SIDES = (("ingress", "from"), ("egress", "to"))


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new policy."""
    return _problems_of(obj.get("spec") or {}, ())


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change; blocks that were accepted once stay accepted."""
    accepted: list[str] = []
    for _, peer in peers_of(old.get("spec") or {}):
        block = peer.get("ipBlock")
        if block is not None:
            accepted += [block.get("cidr", ""), *(block.get("except") or ())]
    return _problems_of(new.get("spec") or {}, accepted)


def peers_of(spec: Object) -> Iterator[tuple[str, Object]]:
    """Every peer with its path."""
    for side, peers in SIDES:
        for position, rule in enumerate(spec.get(side) or ()):
            for place, peer in enumerate(rule.get(peers) or ()):
                yield f"spec.{side}[{position}].{peers}[{place}]", peer


def _problems_of(spec: Object, accepted: Sequence[str]) -> list[FieldError]:
    problems = Problems()
    label_selector(problems, "spec.podSelector", spec.get("podSelector"))
    for side, peers in SIDES:
        for position, rule in enumerate(spec.get(side) or ()):
            path = f"spec.{side}[{position}]"
            for place, port in enumerate(rule.get("ports") or ()):
                _check_port(problems, f"{path}.ports[{place}]", port)
            for place, peer in enumerate(rule.get(peers) or ()):
                _check_peer(problems, f"{path}.{peers}[{place}]", peer, accepted)
    types = spec.get("policyTypes") or []
    if len(types) > len(_TYPES):
        text = "may not specify more than two policyTypes"
        problems.append(invalid_value("spec.policyTypes", types, text))
        return problems.all()
    for position, type_ in enumerate(types):
        if type_ not in _TYPES:
            problems.append(not_supported(f"spec.policyTypes[{position}]", type_, _TYPES))
    return problems.all()


def _check_port(problems: list[FieldError], path: str, port: Object) -> None:
    protocol, number, end = port.get("protocol"), port.get("port"), port.get("endPort")
    if protocol is not None and protocol not in _PROTOCOLS:
        problems.append(not_supported(f"{path}.protocol", protocol, _PROTOCOLS))
    if isinstance(number, str):
        if end is not None:
            text = "may not be specified when `port` is non-numeric"
            problems.append(invalid_value(f"{path}.endPort", end, text))
        wrong(problems, f"{path}.port", number, is_port_name(number))
    elif number is not None:
        wrong(problems, f"{path}.port", number, is_port_number(number))
        if end is not None:
            if end < number:
                text = "must be greater than or equal to `port`"
                problems.append(invalid_value(f"{path}.endPort", end, text))
            wrong(problems, f"{path}.endPort", end, is_port_number(end))
    elif end is not None:
        text = "may not be specified when `port` is not specified"
        problems.append(invalid_value(f"{path}.endPort", end, text))


def _check_peer(
    problems: list[FieldError], path: str, peer: Object, accepted: Sequence[str]
) -> None:
    given = [
        field
        for field in ("podSelector", "namespaceSelector", "ipBlock")
        if peer.get(field) is not None
    ]
    for field in given:
        if field == "ipBlock":
            _check_block(problems, f"{path}.{field}", peer[field], accepted)
        else:
            label_selector(problems, f"{path}.{field}", peer[field])
    if not given:
        problems.append(required(path, "must specify a peer"))
    elif len(given) > 1 and "ipBlock" in given:
        text = "may not specify both ipBlock and another peer"
        problems.append(forbidden_field(path, text))


def _check_block(
    problems: list[FieldError], path: str, block: Object, accepted: Sequence[str]
) -> None:
    text = block.get("cidr", "")
    if not text:
        declared(problems).append(required(f"{path}.cidr"))
        return
    problems.extend(is_legacy_cidr(f"{path}.cidr", text, accepted))
    whole = parse_cidr(text)
    if whole is None:
        return
    for position, one in enumerate(block.get("except") or ()):
        at = f"{path}.except[{position}]"
        problems.extend(is_legacy_cidr(at, one, accepted))
        part = parse_cidr(one)
        if part is None:
            continue
        is_inside = part[1].network_address in whole[1]
        if not is_inside or whole[1].prefixlen >= part[1].prefixlen:
            problems.append(invalid_value(at, one, "must be a strict subset of `cidr`"))
