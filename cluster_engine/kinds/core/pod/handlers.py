"""Probes and lifecycle hooks.

Models: validateProbe, validateHandler, validateLifecycle in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import is_http_header_name, is_port_name, is_port_number
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import NEGATIVE, wrong

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_NUMBERS = (
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
)
_PROBE_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_HOOK_HANDLERS = ("exec", "httpGet", "tcpSocket", "sleep")


def check_probes(
    problems: list[FieldError], path: str, container: Object, grace_seconds: int | None
) -> None:
    """The probes of a container that may have some."""
    for name in PROBES:
        probe = container.get(name)
        if probe is None:
            continue
        at = f"{path}.{name}"
        _check_probe(problems, at, probe, grace_seconds)
        if name == "readinessProbe":
            if probe.get("terminationGracePeriodSeconds") is not None:
                value = probe["terminationGracePeriodSeconds"]
                text = "must not be set for readinessProbes"
                problems.append(invalid_value(f"{at}.terminationGracePeriodSeconds", value, text))
        elif probe.get("successThreshold", 0) != 1:
            value = probe.get("successThreshold", 0)
            problems.append(invalid_value(f"{at}.successThreshold", value, "must be 1"))


def _check_probe(
    problems: list[FieldError], path: str, probe: Object, grace_seconds: int | None
) -> None:
    _check_handler(problems, path, probe, _PROBE_HANDLERS, grace_seconds)
    for name in _NUMBERS:
        if probe.get(name, 0) < 0:
            problems.append(invalid_value(f"{path}.{name}", probe[name], NEGATIVE))
    seconds = probe.get("terminationGracePeriodSeconds")
    if seconds is not None and seconds <= 0:
        at = f"{path}.terminationGracePeriodSeconds"
        problems.append(invalid_value(at, seconds, "must be greater than 0"))


def check_lifecycle(
    problems: list[FieldError], path: str, lifecycle: Object, grace_seconds: int | None
) -> None:
    """The hooks of a container."""
    for name in ("postStart", "preStop"):
        if lifecycle.get(name) is not None:
            handler = lifecycle[name]
            _check_handler(problems, f"{path}.{name}", handler, _HOOK_HANDLERS, grace_seconds)


def _check_handler(
    problems: list[FieldError],
    path: str,
    handler: Object,
    kinds: tuple[str, ...],
    grace_seconds: int | None,
) -> None:
    used = [name for name in kinds if handler.get(name) is not None]
    if not used:
        problems.append(required(path, "must specify a handler type"))
        return
    first = used[0]
    action = handler[first]
    if first == "exec":
        if not action.get("command"):
            problems.append(required(f"{path}.exec.command"))
    elif first == "httpGet":
        _check_http(problems, f"{path}.httpGet", action)
    elif first == "sleep":
        _check_sleep(problems, f"{path}.sleep", action, grace_seconds)
    else:
        check_port(problems, f"{path}.{first}.port", action.get("port", 0))
    for name in used[1:]:
        text = "may not specify more than 1 handler type"
        problems.append(forbidden_field(f"{path}.{name}", text))


def _check_sleep(
    problems: list[FieldError], path: str, action: Object, grace_seconds: int | None
) -> None:
    seconds = action.get("seconds", 0)
    if grace_seconds is not None and not 0 <= seconds <= grace_seconds:
        text = f"must be non-negative and less than terminationGracePeriodSeconds ({grace_seconds})"
        problems.append(invalid_value(path, seconds, text))


def _check_http(problems: list[FieldError], path: str, action: Object) -> None:
    if not action.get("path"):
        problems.append(required(f"{path}.path"))
    check_port(problems, f"{path}.port", action.get("port", 0))
    scheme = action.get("scheme", "")
    if scheme not in ("HTTP", "HTTPS"):
        problems.append(not_supported(f"{path}.scheme", scheme, ("HTTP", "HTTPS")))
    for header in action.get("httpHeaders") or ():
        name = header.get("name", "")
        wrong(problems, f"{path}.httpHeaders", name, is_http_header_name(name))


def check_port(problems: list[FieldError], path: str, port: int | str) -> None:
    """The number or name of a port."""
    messages = is_port_number(port) if isinstance(port, int) else is_port_name(port)
    wrong(problems, path, port, messages)
