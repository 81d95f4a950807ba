"""What claims, their templates and device classes may say about devices.

Expressions are checked for their length alone.

Models: validateDeviceClaim and what it calls in k8s.io/kubernetes/pkg/apis/resource/validation
(v1.37.2).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    invalid_value,
    not_supported,
    required,
    too_long,
)
from cluster_engine.apimachinery.names import is_dns1123_label
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import NOT_POSITIVE, declared, dns_label, required_name
from cluster_engine.kinds.resource.lists import check_items, check_names, check_unique
from cluster_engine.kinds.resource.names import declared_driver_name, fully_qualified_name
from cluster_engine.kinds.resource.taints import check_toleration

REQUESTS_MAX = 32
CONFIGS_MAX = 32
_SELECTORS_MAX = 32
_CONSTRAINTS_MAX = 32
_ALTERNATIVES_MAX = 8
_EXPRESSION_LENGTH_MAX = 10 * 1024
_PARAMETERS_LENGTH_MAX = 10 * 1024
_MODES = ("All", "ExactCount")
_ONE_KIND = "exactly one of `exactly` or `firstAvailable` is required"
_ONE_ATTRIBUTE = (
    'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are '
    "set"
)
_NOT_A_REQUEST = (
    "must be the name of a request in the claim or the name of a request and a subrequest "
    "separated by '/'"
)

#: The requests of a claim by name, each with its alternatives.
RequestNames = Mapping[str, frozenset[str]]


def check_claim_spec(problems: list[FieldError], path: str, spec: Object) -> None:
    """The spec of a claim."""
    devices, at = spec.get("devices") or {}, f"{path}.devices"
    names = names_of_requests(devices)
    requests = devices.get("requests")
    if check_items(problems, f"{at}.requests", requests, REQUESTS_MAX, _check_request):
        found = declared(problems)
        check_unique(found, f"{at}.requests", requests, ("name",), "resource.v1.DeviceRequest")

    def check_constraint(problems: list[FieldError], path: str, one: Object) -> None:
        check_request_names(problems, f"{path}.requests", one.get("requests"), names)
        _check_attributes(problems, path, one)

    def check_config(problems: list[FieldError], path: str, one: Object) -> None:
        check_request_names(problems, f"{path}.requests", one.get("requests"), names)
        check_configuration(problems, path, one)

    constraints, configs = devices.get("constraints"), devices.get("config")
    check_items(problems, f"{at}.constraints", constraints, _CONSTRAINTS_MAX, check_constraint)
    check_items(problems, f"{at}.config", configs, CONFIGS_MAX, check_config)


def names_of_requests(devices: Object) -> RequestNames:
    """What may be referred to."""
    return {
        request.get("name", ""): frozenset(
            one.get("name", "") for one in request.get("firstAvailable") or ()
        )
        for request in devices.get("requests") or ()
    }


def check_request_names(
    problems: list[FieldError], path: str, held: list[str] | None, names: RequestNames
) -> None:
    """References to requests, each once."""

    def check(problems: list[FieldError], path: str, name: str) -> None:
        check_request_name(problems, path, name, names)

    check_names(problems, path, held, REQUESTS_MAX, check)


def check_request_name(
    problems: list[FieldError], path: str, name: str, names: RequestNames
) -> None:
    """A reference to a request or to one of its alternatives."""
    request, *alternative = name.split("/")
    if len(alternative) > 1:
        problems.append(invalid_value(path, name, _NOT_A_REQUEST))
        return
    for part in (request, *alternative):
        dns_label(problems, path, part)
    is_known = request in names and all(one in names[request] for one in alternative)
    if not is_known:
        problems.append(invalid_value(path, name, _NOT_A_REQUEST))


def check_selectors(problems: list[FieldError], path: str, selectors: list[Object] | None) -> None:
    """Which devices of a class will do."""
    check_items(problems, path, selectors, _SELECTORS_MAX, _check_selector)


def check_configuration(problems: list[FieldError], path: str, config: Object) -> None:
    """Parameters for a driver."""
    opaque = config.get("opaque")
    if opaque is None:
        problems.append(required(f"{path}.opaque"))
        return
    at = f"{path}.opaque"
    declared_driver_name(problems, f"{at}.driver", opaque.get("driver", ""))
    check_raw(problems, f"{at}.parameters", opaque.get("parameters"), _PARAMETERS_LENGTH_MAX)


def check_raw(problems: list[FieldError], path: str, value: Any, limit: int) -> None:
    """JSON of any shape, so long as it is an object."""
    if value is None:
        problems.append(required(path))
    elif len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()) > limit:
        problems.append(too_long(path, limit))
    elif not isinstance(value, dict):
        problems.append(invalid_value(path, "<value omitted>", "must be a valid JSON object"))


def _check_request(problems: list[FieldError], path: str, request: Object) -> None:
    dns_label(problems, f"{path}.name", request.get("name", ""))
    exactly, alternatives = request.get("exactly"), request.get("firstAvailable")
    if exactly is None and not alternatives:
        problems.append(required(path, _ONE_KIND))
    elif exactly is not None and alternatives:
        text = f"{_ONE_KIND}, but multiple fields are set"
        problems.append(invalid_value(path, None, text))
    elif exactly is not None:
        class_name = exactly.get("deviceClassName")
        required_name(problems, f"{path}.exactly.deviceClassName", class_name)
        _check_wish(problems, f"{path}.exactly", exactly)
    else:
        at = f"{path}.firstAvailable"
        if check_items(problems, at, alternatives, _ALTERNATIVES_MAX, _check_alternative):
            type_ = "resource.v1.DeviceSubRequest"
            check_unique(declared(problems), at, alternatives, ("name",), type_)


def _check_alternative(problems: list[FieldError], path: str, wish: Object) -> None:
    for text in is_dns1123_label(wish.get("name", "")):
        problems.append(invalid_value(f"{path}.name", wish.get("name", ""), text))
    required_name(declared(problems), f"{path}.deviceClassName", wish.get("deviceClassName"))
    _check_wish(problems, path, wish)


def _check_wish(problems: list[FieldError], path: str, wish: Object) -> None:
    check_selectors(problems, f"{path}.selectors", wish.get("selectors"))
    mode, count = wish.get("allocationMode", ""), wish.get("count", 0)
    if mode == "All":
        if count:
            text = "must not be specified when allocationMode is 'All'"
            problems.append(invalid_value(f"{path}.count", count, text))
    elif mode == "ExactCount":
        if count <= 0:
            problems.append(invalid_value(f"{path}.count", count, NOT_POSITIVE))
    else:
        declared(problems).append(not_supported(f"{path}.allocationMode", mode, _MODES))
    for position, toleration in enumerate(wish.get("tolerations") or ()):
        check_toleration(problems, f"{path}.tolerations[{position}]", toleration)


def _check_selector(problems: list[FieldError], path: str, selector: Object) -> None:
    cel = selector.get("cel")
    if cel is None:
        problems.append(required(f"{path}.cel"))
    elif len(cel.get("expression", "").encode()) > _EXPRESSION_LENGTH_MAX:
        problems.append(too_long(f"{path}.cel.expression", _EXPRESSION_LENGTH_MAX))


def _check_attributes(problems: list[FieldError], path: str, constraint: Object) -> None:
    for field in ("matchAttribute", "distinctAttribute"):
        name = constraint.get(field)
        if name is not None:
            fully_qualified_name(problems, f"{path}.{field}", name)
            return
    problems.append(required(path, _ONE_ATTRIBUTE))
