"""The IngressClass kind.

Models: k8s.io/kubernetes/pkg/apis/networking/v1/defaults.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Controller", meaning="Controller that is responsible for handling this class"),
    Column("Parameters", meaning="A reference to a resource with additional parameters"),
    AGE,
)

_DEFAULT_ANNOTATION = "ingressclass.kubernetes.io/is-default-class"


def default(obj: Object) -> None:
    """Parameters are cluster-wide."""
    parameters = (obj.get("spec") or {}).get("parameters")
    if parameters is not None and parameters.get("scope") is None:
        parameters["scope"] = "Cluster"


def is_default(obj: Object) -> bool:
    """Whether ingresses without a class get this one."""
    annotations = obj["metadata"].get("annotations") or {}
    return bool(annotations.get(_DEFAULT_ANNOTATION) == "true")


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec = obj.get("spec") or {}
    name = obj["metadata"]["name"]
    parameters = spec.get("parameters")
    shown = "<none>"
    if parameters is not None:
        shown = parameters.get("kind", "")
        if parameters.get("apiGroup") is not None:
            shown = f"{shown}.{parameters['apiGroup']}"
        shown = f"{shown}/{parameters.get('name', '')}"
    return [
        f"{name} (default)" if is_default(obj) else name,
        spec.get("controller", ""),
        shown,
        age(obj, now_ms),
    ]


KIND = Kind(
    group="networking.k8s.io",
    version="v1",
    kind="IngressClass",
    plural="ingressclasses",
    singular="ingressclass",
    namespaced=False,
    default=default,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
