"""Problems of ingresses.

Models: ValidateIngressCreate, ValidateIngressUpdate in
k8s.io/kubernetes/pkg/apis/networking/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from cluster_engine.apimachinery.fields import (
    FieldError,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import (
    is_dns1123_subdomain,
    is_path_segment,
    is_port_name,
    is_port_number,
    is_wildcard_dns1123_subdomain,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import is_legacy_ip, parse_ip
from cluster_engine.kinds.checks import dns_label, dns_subdomain, wrong

CLASS_ANNOTATION = "kubernetes.io/ingress.class"
_PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
_BAD_PARTS = ("//", "/./", "/../", "%2f", "%2F")
_BAD_ENDS = ("/..", "/.")
_NOT_AN_ADDRESS = "must be a DNS name, not an IP address"


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new ingress."""
    spec = obj.get("spec") or {}
    problems = _problems_of(spec, ())
    held = (obj["metadata"].get("annotations") or {}).get(CLASS_ANNOTATION)
    name = spec.get("ingressClassName")
    if held is not None and name is not None and held != name:
        text = "must match `ingressClassName` when both are specified"
        problems.append(invalid_value(f"annotations.{CLASS_ANNOTATION}", held, text))
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change; some that were there before may stay."""
    before, lenient = old.get("spec") or {}, []
    if any(is_dns1123_subdomain(tls.get("secretName") or "a") for tls in before.get("tls") or ()):
        lenient.append("secret names")
    for rule in before.get("rules") or ():
        found: list[FieldError] = []
        _check_paths(found, "", rule)
        if found and "*" in rule.get("host", ""):
            lenient.append("wildcard hosts")
    return _problems_of(new.get("spec") or {}, lenient)


def _problems_of(spec: Object, lenient: Iterable[str]) -> list[FieldError]:
    problems: list[FieldError] = []
    rules, backend = spec.get("rules") or [], spec.get("defaultBackend")
    if not rules and backend is None:
        text = "either `defaultBackend` or `rules` must be specified"
        problems.append(invalid_value("spec", None, text))
    if backend is not None:
        _check_backend(problems, "spec.defaultBackend", backend)
    for position, rule in enumerate(rules):
        path = f"spec.rules[{position}]"
        is_wildcard = _check_host(problems, f"{path}.host", rule.get("host", ""))
        if not is_wildcard or "wildcard hosts" not in lenient:
            _check_paths(problems, path, rule)
    for position, tls in enumerate(spec.get("tls") or ()):
        _check_tls(problems, f"spec.tls[{position}]", tls, "secret names" in lenient)
    if spec.get("ingressClassName") is not None:
        dns_subdomain(problems, "spec.ingressClassName", spec["ingressClassName"])
    return problems


def _check_host(problems: list[FieldError], path: str, host: str) -> bool:
    """Whether it has a wildcard."""
    if not host:
        return False
    if parse_ip(host) is not None:
        problems.append(invalid_value(path, host, _NOT_AN_ADDRESS))
    if "*" in host:
        wrong(problems, path, host, is_wildcard_dns1123_subdomain(host))
        return True
    dns_subdomain(problems, path, host)
    return False


def _check_paths(problems: list[FieldError], path: str, rule: Object) -> None:
    http = rule.get("http")
    if http is None:
        return
    paths = http.get("paths") or []
    if not paths:
        problems.append(required(f"{path}.http.paths"))
    for position, one in enumerate(paths):
        _check_path(problems, f"{path}.http.paths[{position}]", one)


def _check_path(problems: list[FieldError], path: str, one: Object) -> None:
    type_, target = one.get("pathType"), one.get("path", "")
    if type_ is None:
        problems.append(required(f"{path}.pathType", "pathType must be specified"))
        return
    if type_ not in _PATH_TYPES:
        problems.append(not_supported(f"{path}.pathType", type_, _PATH_TYPES))
    elif type_ == "ImplementationSpecific":
        if target and not target.startswith("/"):
            problems.append(invalid_value(f"{path}.path", target, "must be an absolute path"))
    else:
        _check_target(problems, f"{path}.path", target)
    _check_backend(problems, f"{path}.backend", one.get("backend") or {})


def _check_target(problems: list[FieldError], path: str, target: str) -> None:
    if not target.startswith("/"):
        problems.append(invalid_value(path, target, "must be an absolute path"))
    problems.extend(
        invalid_value(path, target, f"must not contain '{part}'")
        for part in _BAD_PARTS
        if part in target
    )
    problems.extend(
        invalid_value(path, target, f"cannot end with '{end}'")
        for end in _BAD_ENDS
        if target.endswith(end)
    )


def _check_backend(problems: list[FieldError], path: str, backend: Object) -> None:
    resource, service = backend.get("resource"), backend.get("service")
    if resource is not None and service is not None:
        text = "cannot set both resource and service backends"
        problems.append(invalid_value(path, "", text))
    elif resource is not None:
        _check_reference(problems, f"{path}.resource", resource)
    elif service is not None:
        _check_service(problems, path, service)
    else:
        problems.append(invalid_value(path, "", "resource or service backend is required"))


def _check_reference(problems: list[FieldError], path: str, reference: Object) -> None:
    if reference.get("apiGroup") is not None:
        dns_subdomain(problems, f"{path}.apiGroup", reference["apiGroup"])
    for field in ("kind", "name"):
        text = reference.get(field, "")
        if not text:
            problems.append(required(f"{path}.{field}"))
        else:
            wrong(problems, f"{path}.{field}", text, is_path_segment(text))


def _check_service(problems: list[FieldError], path: str, service: Object) -> None:
    if not service.get("name"):
        problems.append(required(f"{path}.service.name"))
    else:
        dns_label(problems, f"{path}.service.name", service["name"])
    port = service.get("port") or {}
    name, number = port.get("name", ""), port.get("number", 0)
    at = f"{path}.service.port"
    if name and number:
        problems.append(invalid_value(path, "", "cannot set both port name & port number"))
    elif name:
        wrong(problems, f"{at}.name", name, is_port_name(name))
    elif number:
        wrong(problems, f"{at}.number", number, is_port_number(number))
    else:
        problems.append(required(path, "port name or number is required"))


def _check_tls(problems: list[FieldError], path: str, tls: Object, is_lenient: bool) -> None:
    for position, host in enumerate(tls.get("hosts") or ()):
        at = f"{path}.hosts[{position}]"
        if "*" in host:
            wrong(problems, at, host, is_wildcard_dns1123_subdomain(host))
        else:
            dns_subdomain(problems, at, host)
    if not is_lenient and tls.get("secretName"):
        dns_subdomain(problems, f"{path}.secretName", tls["secretName"])


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Addresses and names that traffic comes in by."""
    problems: list[FieldError] = []
    after, before = (
        ((obj.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
        for obj in (new, old)
    )
    accepted = [one["ip"] for one in before if one.get("ip")]
    for position, one in enumerate(after):
        at = f"status.loadBalancer.ingress[{position}]"
        if one.get("ip"):
            problems.extend(is_legacy_ip(f"{at}.ip", one["ip"], accepted))
        host = one.get("hostname", "")
        if host:
            dns_subdomain(problems, f"{at}.hostname", host)
            if parse_ip(host) is not None:
                problems.append(invalid_value(f"{at}.hostname", host, _NOT_AN_ADDRESS))
    return problems
