"""The APIService kind: who serves an API group.

Models: k8s.io/kube-aggregator/pkg/registry/apiservice (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.fields import FieldError, invalid_value, required
from cluster_engine.apimachinery.names import (
    is_dns1035_label,
    is_dns1123_subdomain,
    is_path_segment,
    is_port_number,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import require, wrong
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.config_map import decoded_size
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column("Service", meaning="The reference to the service that hosts this API endpoint."),
    Column("Available", meaning="Whether this service is available."),
    AGE,
)


def default(obj: Object) -> None:
    """Services are reached on port 443."""
    service = (obj.get("spec") or {}).get("service")
    if service is not None and service.get("port") is None:
        service["port"] = 443


_PRIORITY_MAX = 20_000
_VERSION_PRIORITY_MAX = 1000


def validate(obj: Object) -> list[FieldError]:
    """A group and version that its name says, and who serves them."""
    problems: list[FieldError] = []
    spec = obj.get("spec") or {}
    group, version = spec.get("group", ""), spec.get("version", "")
    name, wanted = obj["metadata"].get("name", ""), f"{version}.{group}"
    if name != wanted:
        text = f'must be `spec.version+"."+spec.group`: "{wanted}"'
        problems.append(invalid_value("metadata.name", name, text))
    if not group and version != "v1":
        text = "only v1 may have an empty group and it better be legacy kube"
        problems.append(required("spec.group", text))
    if group:
        wrong(problems, "spec.group", group, is_dns1123_subdomain(group))
    wrong(problems, "spec.version", version, is_dns1035_label(version))
    for field, limit in (
        ("groupPriorityMinimum", _PRIORITY_MAX),
        ("versionPriority", _VERSION_PRIORITY_MAX),
    ):
        number = spec.get(field, 0)
        if not 0 < number <= limit:
            text = f"must be positive and less than {limit}"
            problems.append(invalid_value(f"spec.{field}", number, text))
    _check_server(problems, spec)
    return problems


def _check_server(problems: list[FieldError], spec: Object) -> None:
    service, bundle = spec.get("service"), spec.get("caBundle") or ""
    is_insecure = bool(spec.get("insecureSkipTLSVerify"))
    if service is None:
        if bundle:
            text = "local APIServices may not have a caBundle"
            shown = f"{decoded_size(bundle)} bytes"
            problems.append(invalid_value("spec.caBundle", shown, text))
        if is_insecure:
            text = "local APIServices may not have insecureSkipTLSVerify"
            problems.append(invalid_value("spec.insecureSkipTLSVerify", True, text))
        return
    require(problems, service, "spec.service", "namespace", "name")
    port = service.get("port")
    if port is not None and is_port_number(port):
        text = f"port is not valid: {', '.join(is_port_number(port))}"
        problems.append(invalid_value("spec.service.port", port, text))
    if is_insecure and bundle:
        text = "may not be true if caBundle is present"
        problems.append(invalid_value("spec.insecureSkipTLSVerify", True, text))


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    return validate(new)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    service = (obj.get("spec") or {}).get("service")
    shown = "Local"
    if service is not None:
        shown = f"{service.get('namespace', '')}/{service.get('name', '')}"
    available = find((obj.get("status") or {}).get("conditions"), "Available") or {}
    state = available.get("status", "Unknown")
    if state != "True" and available:
        state = f"{state} ({available.get('reason', '')})"
    return [obj["metadata"]["name"], shown, state, age(obj, now_ms)]


KIND = Kind(
    group="apiregistration.k8s.io",
    version="v1",
    kind="APIService",
    plural="apiservices",
    singular="apiservice",
    namespaced=False,
    categories=("api-extensions",),
    subresources=(STATUS,),
    default=default,
    validate=validate,
    validate_update=validate_update,
    validate_name=is_path_segment,
    prepare=SeparateStatus("apiregistration.k8s.io", "v1", "APIService"),
    prepare_status=only_status,
    columns=COLUMNS,
    cells=cells,
)
