"""The NetworkPolicy kind.

Models: k8s.io/kubernetes/pkg/apis/networking/v1/defaults.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import cidr_warnings
from cluster_engine.kinds.columns import AGE, NAME, age, selector_text
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.networking.network_policy_validation import (
    SIDES,
    peers_of,
    validate,
    validate_update,
)

COLUMNS = (
    NAME,
    Column("Pod-Selector", described_by="networking.v1.NetworkPolicySpec.podSelector"),
    AGE,
)


def default(obj: Object) -> None:
    """It is about ingress, and about egress if it has rules for that; ports are TCP."""
    spec = obj.setdefault("spec", {})
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    for side, _ in SIDES:
        for rule in spec.get(side) or ():
            for port in rule.get("ports") or ():
                if port.get("protocol") is None:
                    port["protocol"] = "TCP"


def warn(new: Object, old: Object | None) -> list[str]:
    """Of blocks that are not in their canonical form."""
    del old
    warnings: list[str] = []
    for path, peer in peers_of(new.get("spec") or {}):
        block = peer.get("ipBlock")
        if block is None:
            continue
        warnings += cidr_warnings(f"{path}.ipBlock.cidr", block.get("cidr", ""))
        for number, text in enumerate(block.get("except") or ()):
            warnings += cidr_warnings(f"{path}.ipBlock.except[{number}]", text)
    return warnings


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    selector = (obj.get("spec") or {}).get("podSelector") or {}
    return [obj["metadata"]["name"], selector_text(selector), age(obj, now_ms)]


KIND = Kind(
    group="networking.k8s.io",
    version="v1",
    kind="NetworkPolicy",
    plural="networkpolicies",
    singular="networkpolicy",
    namespaced=True,
    short_names=("netpol",),
    default=default,
    has_generation=True,
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    columns=COLUMNS,
    cells=cells,
)
