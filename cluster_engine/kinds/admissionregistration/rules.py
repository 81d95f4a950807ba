"""Rules about which requests webhooks and policies are asked.

Models: validateRuleWithOperations, validateMatchResources in
k8s.io/kubernetes/pkg/apis/admissionregistration/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster_engine.apimachinery.cel.types import BOOL
from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    invalid_value,
    not_supported,
    required,
    too_many,
)
from cluster_engine.apimachinery.names import is_path_segment
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.admissionregistration.expressions import Environment
from cluster_engine.kinds.checks import label_selector, qualified_name, wrong

FAILURE_POLICIES = ("Fail", "Ignore")
MATCH_POLICIES = ("Equivalent", "Exact")
_OPERATIONS = ("*", "CONNECT", "CREATE", "DELETE", "UPDATE")
_SCOPES = ("*", "Cluster", "Namespaced")
_CONDITIONS_MAX = 64


def check_rule(problems: list[FieldError], path: str, rule: Object) -> None:
    """Operations on resources in API groups and versions."""
    operations = rule.get("operations") or []
    if not operations:
        problems.append(required(f"{path}.operations"))
    _check_alone(problems, f"{path}.operations", operations, "operations")
    for position, operation in enumerate(operations):
        if operation not in _OPERATIONS:
            at = f"{path}.operations[{position}]"
            problems.append(not_supported(at, operation, _OPERATIONS))
    groups, versions = rule.get("apiGroups") or [], rule.get("apiVersions") or []
    if not groups:
        problems.append(required(f"{path}.apiGroups"))
    _check_alone(problems, f"{path}.apiGroups", groups, "API groups")
    if not versions:
        problems.append(required(f"{path}.apiVersions"))
    _check_alone(problems, f"{path}.apiVersions", versions, "API versions")
    problems.extend(
        required(f"{path}.apiVersions[{position}]")
        for position, version in enumerate(versions)
        if not version
    )
    _check_resources(problems, f"{path}.resources", rule.get("resources") or [])
    scope = rule.get("scope")
    if scope is not None and scope not in _SCOPES:
        problems.append(not_supported(f"{path}.scope", scope, _SCOPES))


def _check_alone(problems: list[FieldError], path: str, words: Sequence[str], what: str) -> None:
    if len(words) > 1 and "*" in words:
        text = f"if '*' is present, must not specify other {what}"
        problems.append(invalid_value(path, words, text))


def _check_resources(problems: list[FieldError], path: str, resources: list[str]) -> None:
    if not resources:
        problems.append(required(path))
    whole, everywhere = set(), set()
    is_last_plain = False
    for position, name in enumerate(resources):
        at = f"{path}[{position}]"
        resource, slash, part = name.partition("/")
        if not name:
            problems.append(required(at))
        elif not slash:
            is_last_plain = name != "*"
        else:
            if resource in whole:
                text = f"if '{resource}/*' is present, must not specify {name}"
                problems.append(invalid_value(at, name, text))
            if part in everywhere:
                text = f"if '*/{part}' is present, must not specify {name}"
                problems.append(invalid_value(at, name, text))
            if part == "*":
                whole.add(resource)
            if resource == "*":
                everywhere.add(part)
    if len(resources) > 1 and "*/*" in resources:
        text = "if '*/*' is present, must not specify other resources"
        problems.append(invalid_value(path, resources, text))
    if "*" in resources and is_last_plain:
        text = "if '*' is present, must not specify other resources without subresources"
        problems.append(invalid_value(path, resources, text))


def check_match_resources(problems: list[FieldError], path: str, resources: Object) -> None:
    """Which objects a policy or its binding is about."""
    policy = resources.get("matchPolicy")
    if policy is None:
        problems.append(required(f"{path}.matchPolicy"))
    elif policy not in MATCH_POLICIES:
        problems.append(not_supported(f"{path}.matchPolicy", policy, MATCH_POLICIES))
    for field in ("namespaceSelector", "objectSelector"):
        if resources.get(field) is None:
            problems.append(required(f"{path}.{field}"))
        else:
            label_selector(problems, f"{path}.{field}", resources[field])
    for field in ("resourceRules", "excludeResourceRules"):
        for position, rule in enumerate(resources.get(field) or ()):
            at = f"{path}.{field}[{position}]"
            _check_names(problems, f"{at}.resourceNames", rule.get("resourceNames") or ())
            check_rule(problems, at, rule)


def _check_names(problems: list[FieldError], path: str, names: Sequence[str]) -> None:
    for position, name in enumerate(names):
        wrong(problems, f"{path}[{position}]", name, is_path_segment(name))
        if name in names[:position]:
            problems.append(duplicate(f"{path}[{position}]", name))


def check_match_conditions(
    problems: list[FieldError],
    path: str,
    conditions: Sequence[Object],
    *,
    has_params: bool = False,
) -> None:
    """Expressions with names."""
    environment = Environment(has_params=has_params)
    if len(conditions) > _CONDITIONS_MAX:
        problems.append(too_many(path, len(conditions), _CONDITIONS_MAX))
    seen = set()
    for position, condition in enumerate(conditions):
        at, name = f"{path}[{position}]", condition.get("name", "")
        expression = condition.get("expression", "").strip()
        if not expression:
            problems.append(required(f"{at}.expression"))
        else:
            why = environment.problem(expression, (BOOL,))
            if why is not None:
                problems.append(invalid_value(f"{at}.expression", expression, why))
        if not name:
            problems.append(required(f"{at}.name"))
        else:
            qualified_name(problems, f"{at}.name", name)
            if name in seen:
                problems.append(duplicate(f"{at}.name", name))
            seen.add(name)
