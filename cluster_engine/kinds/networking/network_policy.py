"""The NetworkPolicy kind.

Models: k8s.io/kubernetes/pkg/apis/networking/v1/defaults.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import cidr_warnings
from cluster_engine.kinds.columns import AGE, NAME, age, selector_text
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Pod-Selector", described_by="networking.v1.NetworkPolicySpec.podSelector"),
    AGE,
)

_SIDES = (("ingress", "from"), ("egress", "to"))


def default(obj: Object) -> None:
    """It is about ingress, and about egress if it has rules for that; ports are TCP."""
    spec = obj.setdefault("spec", {})
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    for side, _ in _SIDES:
        for rule in spec.get(side) or ():
            for port in rule.get("ports") or ():
                if port.get("protocol") is None:
                    port["protocol"] = "TCP"


def warn(new: Object, old: Object | None) -> list[str]:
    """Of blocks that are not in their canonical form."""
    del old
    warnings: list[str] = []
    spec = new.get("spec") or {}
    for side, peers in _SIDES:
        for position, rule in enumerate(spec.get(side) or ()):
            for place, peer in enumerate(rule.get(peers) or ()):
                block = peer.get("ipBlock")
                if block is None:
                    continue
                path = f"spec.{side}[{position}].{peers}[{place}].ipBlock"
                warnings += cidr_warnings(f"{path}.cidr", block.get("cidr", ""))
                for number, text in enumerate(block.get("except") or ()):
                    warnings += cidr_warnings(f"{path}.except[{number}]", text)
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
    warn=warn,
    columns=COLUMNS,
    cells=cells,
)
