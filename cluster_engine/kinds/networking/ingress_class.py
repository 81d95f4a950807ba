"""The IngressClass kind.

Models: k8s.io/kubernetes/pkg/apis/networking/v1/defaults.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    not_supported,
    required,
    too_long,
)
from cluster_engine.apimachinery.names import is_domain_prefixed_path, is_path_segment
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import (
    Problems,
    declared,
    dns_label,
    dns_subdomain,
    unchanged,
    wrong,
)
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Controller", meaning="Controller that is responsible for handling this class"),
    Column("Parameters", meaning="A reference to a resource with additional parameters"),
    AGE,
)

_DEFAULT_ANNOTATION = "ingressclass.kubernetes.io/is-default-class"

_SCOPES = ("Cluster", "Namespace")
_CONTROLLER_LENGTH_MAX = 250


def default(obj: Object) -> None:
    """Parameters are cluster-wide."""
    parameters = (obj.get("spec") or {}).get("parameters")
    if parameters is not None and parameters.get("scope") is None:
        parameters["scope"] = "Cluster"


def validate(obj: Object) -> list[FieldError]:
    """A controller, and parameters that can be found."""
    problems = Problems()
    _check_spec(problems, obj.get("spec") or {})
    return problems.all()


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """The controller stays."""
    problems = Problems()
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    after = spec.get("controller", "")
    unchanged(problems, "spec.controller", after, before.get("controller", ""))
    _check_spec(problems, spec)
    return problems.all()


def _check_spec(problems: Problems, spec: Object) -> None:
    controller = spec.get("controller", "")
    if len(controller) > _CONTROLLER_LENGTH_MAX:
        problems.append(too_long("spec.controller", _CONTROLLER_LENGTH_MAX))
    wrong(problems, "spec.controller", controller, is_domain_prefixed_path(controller))
    parameters = spec.get("parameters")
    if parameters is not None:
        _check_parameters(problems, "spec.parameters", parameters)


def _check_parameters(problems: Problems, path: str, parameters: Object) -> None:
    if parameters.get("apiGroup") is not None:
        dns_subdomain(problems, f"{path}.apiGroup", parameters["apiGroup"])
    for field in ("kind", "name"):
        text = parameters.get(field, "")
        if not text:
            declared(problems).append(required(f"{path}.{field}"))
        else:
            wrong(problems, f"{path}.{field}", text, is_path_segment(text))
    scope, namespace = parameters.get("scope"), parameters.get("namespace")
    if scope is None:
        problems.append(required(f"{path}.scope"))
    elif scope not in _SCOPES:
        problems.append(not_supported(f"{path}.scope", scope, _SCOPES))
    elif scope == "Namespace" and namespace is None:
        text = "`parameters.scope` is set to 'Namespace'"
        problems.append(required(f"{path}.namespace", text))
    elif scope == "Namespace":
        dns_label(problems, f"{path}.namespace", namespace or "")
    elif namespace is not None:
        text = "`parameters.scope` is set to 'Cluster'"
        problems.append(forbidden_field(f"{path}.namespace", text))


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
    validate=validate,
    validate_update=validate_update,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
