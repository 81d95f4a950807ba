"""The Ingress kind.

Models: k8s.io/kubernetes/pkg/registry/networking/ingress (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.networking.ingress_validation import (
    CLASS_ANNOTATION,
    validate,
    validate_status,
    validate_update,
)
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column(
        "Class",
        meaning=(
            "The name of the IngressClass resource that should be used for additional configuration"
        ),
    ),
    Column(
        "Hosts",
        meaning=("Hosts that incoming requests are matched against before the ingress rule"),
    ),
    Column("Address", meaning="Address is a list containing ingress points for the load-balancer"),
    Column("Ports", meaning="Ports of TLS configurations that open"),
    AGE,
)

_HOSTS_SHOWN_MAX = 3


def warn(new: Object, old: Object | None) -> list[str]:
    """Of the class in an annotation, as it once was."""
    annotations = new["metadata"].get("annotations") or {}
    if old is not None or CLASS_ANNOTATION not in annotations:
        return []
    if (new.get("spec") or {}).get("ingressClassName") is not None:
        return []
    return [
        f'annotation "{CLASS_ANNOTATION}" is deprecated, please use '
        "'spec.ingressClassName' instead"
    ]


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    ingress = (status.get("loadBalancer") or {}).get("ingress") or ()
    addresses = {one.get("ip") or one.get("hostname") or "" for one in ingress} - {""}
    name = spec.get("ingressClassName")
    return [
        obj["metadata"]["name"],
        "<none>" if name is None else name,
        _hosts(spec.get("rules") or []),
        ",".join(sorted(addresses)),
        "80, 443" if spec.get("tls") else "80",
        age(obj, now_ms),
    ]


def _hosts(rules: list[Object]) -> str:
    shown: list[str] = []
    for rule in rules:
        if len(shown) == _HOSTS_SHOWN_MAX:
            return f"{','.join(shown)} + {len(rules) - _HOSTS_SHOWN_MAX} more..."
        if rule.get("host"):
            shown.append(rule["host"])
    return ",".join(shown) or "*"


KIND = Kind(
    group="networking.k8s.io",
    version="v1",
    kind="Ingress",
    plural="ingresses",
    singular="ingress",
    namespaced=True,
    short_names=("ing",),
    subresources=(STATUS,),
    prepare=SeparateStatus("networking.k8s.io", "v1", "Ingress"),
    prepare_status=only_status,
    has_generation=True,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    warn=warn,
    columns=COLUMNS,
    cells=cells,
)
