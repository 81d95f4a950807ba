"""The containers of a pod: main, init and ephemeral ones.

Models: validateContainers, validateInitContainers, validateEphemeralContainers in
pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_found_value,
    not_supported,
    required,
    too_many,
)
from cluster_engine.apimachinery.names import is_port_name, is_port_number
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import dns_label, wrong
from cluster_engine.kinds.core.pod.environment import (
    check_environment,
    check_environment_sources,
)
from cluster_engine.kinds.core.pod.handlers import PROBES, check_lifecycle, check_probes
from cluster_engine.kinds.core.pod.mounts import check_devices, check_mounts
from cluster_engine.kinds.core.pod.resources import check_requirements
from cluster_engine.kinds.core.pod.security import check_container_security

PROTOCOLS = ("SCTP", "TCP", "UDP")
_PULL_POLICIES = ("Always", "IfNotPresent", "Never")
_MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
_RESTART_POLICIES = ("Always", "Never", "OnFailure")
_RULE_ACTIONS = ("Restart", "RestartAllContainers")
_RULE_OPERATORS = ("In", "NotIn")
_RULES_MAX, _EXIT_CODES_MAX = 20, 255
_RESIZED = ("cpu", "memory")
_RESIZE_POLICIES = ("NotRequired", "RestartContainer")
_NOT_FOR_EPHEMERAL = (
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
)
_ONLY_SIDECARS = "may not be set for init containers without restartPolicy=Always"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a container must know of its pod."""

    volumes: dict[str, Object]
    claims: Collection[str]
    restart_policy: str
    grace_seconds: int | None
    has_host_users: bool


def check_containers(
    problems: list[FieldError], path: str, containers: list[Object], around: Surroundings
) -> None:
    """The main containers."""
    if not containers:
        problems.append(required(path))
        return
    names: set[str] = set()
    for position, container in enumerate(containers):
        at = f"{path}[{position}]"
        _check_common(problems, at, container, around)
        name = container.get("name", "")
        if name in names:
            problems.append(duplicate(f"{at}.name", name))
        names.add(name)
        if container.get("lifecycle") is not None:
            lifecycle = container["lifecycle"]
            check_lifecycle(problems, f"{at}.lifecycle", lifecycle, around.grace_seconds)
        check_probes(problems, at, container, around.grace_seconds)
        if "restartPolicy" in container or "restartPolicyRules" in container:
            _check_restart_policy(problems, at, container)
    _check_host_ports(problems, path, containers)


def check_init_containers(
    problems: list[FieldError],
    path: str,
    containers: list[Object],
    names: set[str],
    around: Surroundings,
) -> None:
    """The init containers; `names` are those of the main ones."""
    for position, container in enumerate(containers):
        at = f"{path}[{position}]"
        _check_common(problems, at, container, around)
        is_sidecar = container.get("restartPolicy") == "Always"
        if "restartPolicy" in container or "restartPolicyRules" in container:
            _check_restart_policy(problems, at, container)
        name = container.get("name", "")
        if name in names:
            problems.append(duplicate(f"{at}.name", name))
        elif name:
            names.add(name)
        _check_host_ports(problems, path, [container])
        if is_sidecar:
            if container.get("lifecycle") is not None:
                lifecycle = container["lifecycle"]
                check_lifecycle(problems, f"{at}.lifecycle", lifecycle, around.grace_seconds)
            check_probes(problems, at, container, around.grace_seconds)
        else:
            problems.extend(
                forbidden_field(f"{at}.{field}", _ONLY_SIDECARS)
                for field in ("lifecycle", *PROBES)
                if container.get(field) is not None
            )
            _check_no_restart(problems, path, position, container)


def _check_no_restart(
    problems: list[FieldError], path: str, position: int, container: Object
) -> None:
    for place, policy in enumerate(container.get("resizePolicy") or ()):
        if policy.get("restartPolicy") == "RestartContainer":
            at = f"{path}[{position}].resizePolicy[{place}].restartPolicy"
            text = "must not be set to 'RestartContainer' for non-sidecar initContainers"
            problems.append(invalid_value(at, "RestartContainer", text))


def check_ephemeral_containers(
    problems: list[FieldError], path: str, spec: Object, around: Surroundings
) -> None:
    """Containers that were added for debugging."""
    others = {
        container.get("name", "")
        for field in ("containers", "initContainers")
        for container in spec.get(field) or ()
    }
    names = set(others)
    for position, container in enumerate(spec.get("ephemeralContainers") or ()):
        at = f"{path}[{position}]"
        _check_common(problems, at, container, around)
        check_image_text(problems, at, container)
        name, target = container.get("name", ""), container.get("targetContainerName", "")
        if name in names:
            problems.append(duplicate(f"{at}.name", name))
        names.add(name)
        if target and target not in others:
            problems.append(not_found_value(f"{at}.targetContainerName", target))
        text = "cannot be set for an Ephemeral Container"
        problems.extend(
            forbidden_field(f"{at}.{field}", text)
            for field in _NOT_FOR_EPHEMERAL
            if container.get(field)
        )
        for place, mount in enumerate(container.get("volumeMounts") or ()):
            problems.extend(
                forbidden_field(f"{at}.volumeMounts[{place}].{field}", text)
                for field in ("subPath", "subPathExpr")
                if mount.get(field)
            )


def check_image_text(problems: list[FieldError], path: str, container: Object) -> None:
    """No spaces around the image's name; templates may still have them."""
    image = container.get("image", "")
    if image != image.strip():
        text = "must not have leading or trailing whitespace"
        problems.append(invalid_value(f"{path}.image", image, text))


def _check_common(
    problems: list[FieldError], path: str, container: Object, around: Surroundings
) -> None:
    name = container.get("name", "")
    if not name:
        problems.append(required(f"{path}.name"))
    else:
        dns_label(problems, f"{path}.name", name)
    if not container.get("image"):
        problems.append(required(f"{path}.image"))
    policy = container.get("terminationMessagePolicy", "")
    if policy not in _MESSAGE_POLICIES:
        _check_word(problems, f"{path}.terminationMessagePolicy", policy, _MESSAGE_POLICIES)
    if container.get("ports"):
        _check_ports(problems, f"{path}.ports", container["ports"])
    if container.get("env"):
        check_environment(problems, f"{path}.env", container["env"])
    if container.get("envFrom"):
        check_environment_sources(problems, f"{path}.envFrom", container["envFrom"])
    if container.get("volumeMounts"):
        check_mounts(problems, f"{path}.volumeMounts", container, around.volumes)
    if container.get("volumeDevices"):
        check_devices(problems, f"{path}.volumeDevices", container, around.volumes)
    policy = container.get("imagePullPolicy", "")
    if policy not in _PULL_POLICIES:
        _check_word(problems, f"{path}.imagePullPolicy", policy, _PULL_POLICIES)
    if container.get("resources"):
        resources = container["resources"]
        check_requirements(problems, f"{path}.resources", resources, around.claims)
    if container.get("resizePolicy"):
        policies = container["resizePolicy"]
        _check_resizing(problems, f"{path}.resizePolicy", policies, around.restart_policy)
    if container.get("securityContext"):
        check_container_security(
            problems,
            f"{path}.securityContext",
            container["securityContext"],
            has_host_users=around.has_host_users,
        )


def _check_word(problems: list[FieldError], path: str, word: str, words: tuple[str, ...]) -> None:
    problems.append(not_supported(path, word, words) if word else required(path))


def _check_ports(problems: list[FieldError], path: str, ports: list[Object]) -> None:
    names: set[str] = set()
    for position, port in enumerate(ports):
        at = f"{path}[{position}]"
        name, number = port.get("name", ""), port.get("containerPort", 0)
        if name:
            messages = is_port_name(name)
            if messages:
                wrong(problems, f"{at}.name", name, messages)
            elif name in names:
                problems.append(duplicate(f"{at}.name", name))
            else:
                names.add(name)
        if not number:
            problems.append(required(f"{at}.containerPort"))
        elif not 0 < number < 65536:
            wrong(problems, f"{at}.containerPort", number, is_port_number(number))
        if port.get("hostPort"):
            host_port = port["hostPort"]
            wrong(problems, f"{at}.hostPort", host_port, is_port_number(host_port))
        protocol = port.get("protocol", "")
        if protocol not in PROTOCOLS:
            _check_word(problems, f"{at}.protocol", protocol, PROTOCOLS)


def _check_host_ports(problems: list[FieldError], path: str, containers: list[Object]) -> None:
    taken: set[str] = set()
    for position, container in enumerate(containers):
        for place, port in enumerate(container.get("ports") or ()):
            number = port.get("hostPort")
            if not number:
                continue
            shown = f"{port.get('protocol', '')}/{port.get('hostIP', '')}/{number}"
            if shown in taken:
                at = f"{path}[{position}].ports[{place}].hostPort"
                problems.append(duplicate(at, shown))
            taken.add(shown)


def _check_resizing(
    problems: list[FieldError], path: str, policies: list[Object], pod_policy: str
) -> None:
    seen: set[str] = set()
    for position, one in enumerate(policies):
        name, policy = one.get("resourceName", ""), one.get("restartPolicy", "")
        if name in seen:
            problems.append(duplicate(f"{path}[{position}]", name))
        seen.add(name)
        if name not in _RESIZED:
            _check_word(problems, path, name, _RESIZED)
        if policy not in _RESIZE_POLICIES:
            _check_word(problems, path, policy, _RESIZE_POLICIES)
        if pod_policy == "Never" and policy != "NotRequired":
            text = "must be 'NotRequired' when pod `restartPolicy` is 'Never'"
            problems.append(invalid_value(path, policy, text))


def _check_restart_policy(problems: list[FieldError], path: str, container: Object) -> None:
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules") or []
    at = f"{path}.restartPolicy"
    if policy is None:
        if not rules:
            return
        problems.append(required(at, "must specify restartPolicy when restart rules are used"))
    elif policy not in _RESTART_POLICIES:
        problems.append(not_supported(at, policy, _RESTART_POLICIES))
    if len(rules) > _RULES_MAX:
        problems.append(too_many(f"{path}.restartPolicyRules", len(rules), _RULES_MAX))
    for position, rule in enumerate(rules):
        _check_rule(problems, f"{path}.restartPolicyRules[{position}]", rule)


def _check_rule(problems: list[FieldError], path: str, rule: Object) -> None:
    action, codes = rule.get("action", ""), rule.get("exitCodes")
    if action not in _RULE_ACTIONS:
        problems.append(not_supported(f"{path}.action", action, _RULE_ACTIONS))
    if codes is None:
        problems.append(required(f"{path}.exitCodes", "must be specified"))
        return
    operator, values = codes.get("operator", ""), codes.get("values") or []
    if operator not in _RULE_OPERATORS:
        at = f"{path}.exitCodes.operator"
        problems.append(not_supported(at, operator, _RULE_OPERATORS))
    if len(values) > _EXIT_CODES_MAX:
        problems.append(too_many(f"{path}.exitCodes.values", len(values), _EXIT_CODES_MAX))
