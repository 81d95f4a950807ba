"""What containers and pods ask for: requests, limits, claims.

Models: validateResourceRequirements and its kin in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from cluster_engine.apimachinery.fields import (
    NOT_FOUND,
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import parse_quantity
from cluster_engine.kinds.checks import dns_label, wrong
from cluster_engine.kinds.core.pod.preparation import aggregate
from cluster_engine.kinds.core.resource_names import (
    can_be_overcommitted,
    check_amount,
    container_messages,
    huge_page_problem,
    is_huge_page,
    standard_messages,
)

_COMPUTE = ("cpu", "memory")
NameCheck = Callable[[list[FieldError], str, str], None]


def _container_name(problems: list[FieldError], path: str, name: str) -> None:
    wrong(problems, path, name, container_messages(name))


def _pod_name(problems: list[FieldError], path: str, name: str) -> None:
    messages = standard_messages(name)
    if messages:
        wrong(problems, path, name, messages)
    elif name not in _COMPUTE and not is_huge_page(name):
        problems.append(not_supported(path, name, _COMPUTE))


def check_requirements(
    problems: list[FieldError],
    path: str,
    resources: Object,
    claims: Collection[str] = (),
    check_name: NameCheck = _container_name,
) -> None:
    """Requests and limits of a container; `claims` are the names its pod declares."""
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for name, written in limits.items():
        at = f"{path}.limits[{name}]"
        check_name(problems, at, name)
        check_amount(problems, at, name, written)
        _check_huge_pages(problems, at, name, written)
    for name, written in requests.items():
        at = f"{path}.requests[{name}]"
        check_name(problems, at, name)
        check_amount(problems, at, name, written)
        _check_request(problems, path, name, written, limits)
        _check_huge_pages(problems, at, name, written)
    asked = (*limits, *requests)
    if any(is_huge_page(name) for name in asked) and not any(name in _COMPUTE for name in asked):
        problems.append(forbidden_field(path, "HugePages require cpu or memory"))
    if resources.get("claims"):
        _check_claims(problems, f"{path}.claims", resources["claims"], claims)


def _check_huge_pages(problems: list[FieldError], path: str, name: str, written: str) -> None:
    if is_huge_page(name):
        problem = huge_page_problem(name, written)
        if problem:
            problems.append(invalid_value(path, written, problem))


def _check_request(
    problems: list[FieldError], path: str, name: str, written: str, limits: Object
) -> None:
    if name not in limits:
        if not can_be_overcommitted(name):
            text = "Limit must be set for non overcommitable resources"
            problems.append(required(f"{path}.limits", text))
        return
    limit = limits[name]
    if written == limit:
        return
    request, most = parse_quantity(written), parse_quantity(limit)
    if request != most and not can_be_overcommitted(name):
        text = f"must be equal to {name} limit of {limit}"
        problems.append(invalid_value(f"{path}.requests", written, text))
    elif request > most:
        text = f"must be less than or equal to {name} limit of {limit}"
        problems.append(invalid_value(f"{path}.requests", written, text))


def _check_claims(
    problems: list[FieldError], path: str, claims: list[Object], declared: Collection[str]
) -> None:
    used: list[str] = []
    for position, claim in enumerate(claims):
        at = f"{path}[{position}]"
        name, request = claim.get("name", ""), claim.get("request", "")
        if not name:
            problems.append(required(at))
            continue
        if name in used:
            problems.append(duplicate(at, name))
        else:
            if request:
                dns_label(problems, f"{at}.request", request)
            use = f"{name}/{request}" if request else name
            if use in used:
                problems.append(duplicate(at, use))
            elif not request:
                problems.extend(
                    duplicate(at, name) for other in used if other.partition("/")[0] == name
                )
            used.append(use)
        if name not in declared:
            text = "must be one of the names in pod.spec.resourceClaims"
            listed = f": {', '.join(sorted(declared))}" if declared else " which is empty"
            problems.append(FieldError(NOT_FOUND, at, name, text + listed))


def check_pod_resources(
    problems: list[FieldError], path: str, spec: Object, claims: Collection[str]
) -> None:
    """Requests and limits of a pod as a whole."""
    resources = spec.get("resources")
    if resources is None:
        return
    at = f"{path}.resources"
    if (spec.get("os") or {}).get("name") == "windows":
        problems.append(forbidden_field(at, "may not be set for a windows pod"))
        return
    if resources.get("claims") is not None:
        text = "claims may not be set for Resources at pod-level"
        problems.append(forbidden_field(f"{at}.claims", text))
    check_requirements(problems, at, resources, claims, _pod_name)
    _check_totals(problems, at, spec, resources)


def _check_totals(problems: list[FieldError], path: str, spec: Object, resources: Object) -> None:
    requests, limits = resources.get("requests") or {}, resources.get("limits") or {}
    for name, total in aggregate(spec, "requests").items():
        if name in requests and total > parse_quantity(requests[name]):
            text = f"must be greater than or equal to aggregate container requests of {total}"
            problems.append(invalid_value(f"{path}.requests[{name}]", requests[name], text))
    for name, total in aggregate(spec, "limits").items():
        if is_huge_page(name) and name in limits and total > parse_quantity(limits[name]):
            text = f"must be greater than or equal to aggregate container limits of {total}"
            problems.append(invalid_value(f"{path}.limits[{name}]", limits[name], text))
    for position, container in enumerate(spec.get("containers") or ()):
        for name, limit in ((container.get("resources") or {}).get("limits") or {}).items():
            if name in limits and parse_quantity(limit) > parse_quantity(limits[name]):
                text = f"must be less than or equal to pod limits of {limits[name]}"
                at = f"{path}.containers[{position}][{name}].limits"
                problems.append(invalid_value(at, limit, text))
