"""Where a pod may run: tolerations, gates, spreading.

Models: ValidateTolerations, validateSchedulingGates, validateTopologySpreadConstraints in
pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import (
    is_dns1123_label,
    is_dns1123_subdomain,
    is_label_key,
    is_label_value,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import label_selector, positive, qualified_name, wrong
from cluster_engine.kinds.core.pod.affinity import check_label_keys
from cluster_engine.kinds.internal import internal

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_POLICIES = ("Honor", "Ignore")
_ACTIONS = ("DoNotSchedule", "ScheduleAnyway")
#: Operators that compare numbers are known, but off by default.
_COMPARING = ("Lt", "Gt")


def check_tolerations(problems: list[FieldError], path: str, tolerations: list[Object]) -> None:
    """The `tolerations` of a pod."""
    for position, toleration in enumerate(tolerations):
        at = f"{path}[{position}]"
        key, operator = toleration.get("key", ""), toleration.get("operator", "")
        value, effect = toleration.get("value", ""), toleration.get("effect", "")
        if key:
            wrong(problems, f"{at}.key", key, is_label_key(key))
        elif operator != "Exists":
            text = (
                "operator must be Exists when `key` is empty, which means "
                '"match all values and all keys"'
            )
            problems.append(invalid_value(f"{at}.operator", operator, text))
        if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
            text = "effect must be 'NoExecute' when `tolerationSeconds` is set"
            problems.append(invalid_value(f"{at}.effect", effect, text))
        _check_operator(problems, f"{at}.operator", operator, value)
        if effect and effect not in EFFECTS:
            problems.append(not_supported(f"{at}.effect", effect, EFFECTS))


def _check_operator(problems: list[FieldError], path: str, operator: str, value: str) -> None:
    if operator in ("Equal", ""):
        messages = is_label_value(value)
        if messages:
            problems.append(invalid_value(path, value, ";".join(messages)))
    elif operator == "Exists":
        if value:
            text = "value must be empty when `operator` is 'Exists'"
            problems.append(invalid_value(path, value, text))
    else:
        known = ("Equal", "Exists", *(_COMPARING if operator in _COMPARING else ()))
        problems.append(not_supported(path, operator, known))


def check_readiness_gates(problems: list[FieldError], path: str, gates: list[Object]) -> None:
    """Conditions that somebody else sets before the pod is ready."""
    for position, gate in enumerate(gates):
        at = f"{path}[{position}].conditionType"
        qualified_name(problems, at, gate.get("conditionType", ""))


def check_scheduling_gates(problems: list[FieldError], path: str, gates: list[Object]) -> None:
    """What holds a pod back from scheduling."""
    seen: set[str] = set()
    for position, gate in enumerate(gates):
        name, at = gate.get("name", ""), f"{path}[{position}]"
        qualified_name(problems, at, name)
        if name in seen:
            problems.append(duplicate(at, name))
        seen.add(name)


def check_spreading(problems: list[FieldError], path: str, constraints: list[Object]) -> None:
    """The `topologySpreadConstraints` of a pod."""
    for position, constraint in enumerate(constraints):
        at = f"{path}[{position}]"
        positive(problems, f"{at}.maxSkew", constraint.get("maxSkew", 0))
        key, action = constraint.get("topologyKey", ""), constraint.get("whenUnsatisfiable", "")
        if not key:
            problems.append(required(f"{at}.topologyKey", "can not be empty"))
        if action not in _ACTIONS:
            problems.append(not_supported(f"{at}.whenUnsatisfiable", action, _ACTIONS))
        if any(
            other.get("topologyKey", "") == key and other.get("whenUnsatisfiable", "") == action
            for other in constraints[position + 1 :]
        ):
            place = f"{at}.{{topologyKey, whenUnsatisfiable}}"
            problems.append(duplicate(place, f"{{{key}, {action}}}"))
        _check_domains(problems, f"{at}.minDomains", constraint.get("minDomains"), action)
        for name in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            policy = constraint.get(name)
            if policy is not None and policy not in _POLICIES:
                problems.append(not_supported(f"{at}.{name}", policy, _POLICIES))
        check_label_keys(problems, at, constraint)
        label_selector(problems, f"{at}.labelSelector", constraint.get("labelSelector"))


def _check_domains(problems: list[FieldError], path: str, domains: int | None, action: str) -> None:
    if domains is None:
        return
    positive(problems, path, domains)
    if action != "DoNotSchedule":
        text = f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}"
        problems.append(invalid_value(path, domains, text))


def check_resource_claims(problems: list[FieldError], path: str, claims: list[Object]) -> None:
    """The `resourceClaims` of a pod."""
    seen: set[str] = set()
    for position, claim in enumerate(claims):
        check_resource_claim(problems, f"{path}[{position}]", claim, seen)


def check_resource_claim(
    problems: list[FieldError], path: str, claim: Object, seen: set[str]
) -> None:
    """One claim for devices; `seen` are the names before it."""
    name = claim.get("name", "")
    if not name:
        problems.append(required(f"{path}.name"))
    elif name in seen:
        problems.append(duplicate(f"{path}.name", name))
    else:
        wrong(problems, f"{path}.name", name, is_dns1123_label(name))
        seen.add(name)
    fields = ("resourceClaimName", "resourceClaimTemplateName")
    used = [field for field in fields if claim.get(field) is not None]
    if len(used) != 1:
        texts = (
            "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
            "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
        )
        shown = internal("core", "PodResourceClaim", claim)
        problems.append(invalid_value(path, shown, texts[len(used) > 1]))
    for field in used:
        wrong(problems, f"{path}.{field}", claim[field], is_dns1123_subdomain(claim[field]))


def check_only_fewer_gates(
    problems: list[FieldError], path: str, new: list[Object], old: list[Object]
) -> None:
    """Gates may go, none may come."""
    held = {gate.get("name", "") for gate in old}
    for position, gate in enumerate(new):
        name = gate.get("name", "")
        if name not in held:
            text = f"only deletion is allowed, but found new scheduling gate '{name}'"
            problems.append(forbidden_field(f"{path}[{position}].name", text))
