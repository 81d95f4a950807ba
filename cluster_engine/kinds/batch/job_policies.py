"""When a job counts as failed or done.

Models: validatePodFailurePolicy, validateSuccessPolicy in
k8s.io/kubernetes/pkg/apis/batch/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    OMIT,
    FieldError,
    duplicate,
    invalid_value,
    not_supported,
    required,
    too_long,
    too_many,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.batch.indexes import IndexesError, count_indexes
from cluster_engine.kinds.checks import non_negative, qualified_name

_RULES_MAX = 20
_PATTERNS_MAX = 20
_CODES_MAX = 255
_INDEXES_LENGTH_MAX = 64 * 1024
_ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
_OPERATORS = ("In", "NotIn")
_STATUSES = ("False", "True", "Unknown")


def _choices(words: tuple[str, ...]) -> str:
    return "valid values: [" + " ".join(f'"{word}"' for word in words) + "]"


def _word(problems: list[FieldError], path: str, word: str, words: tuple[str, ...]) -> None:
    if not word:
        problems.append(required(path, _choices(words)))
    elif word not in words:
        problems.append(not_supported(path, word, words))


def check_failure_policy(problems: list[FieldError], path: str, spec: Object) -> None:
    """Rules for pods that fail."""
    rules = spec["podFailurePolicy"].get("rules") or []
    if len(rules) > _RULES_MAX:
        problems.append(too_many(f"{path}.rules", len(rules), _RULES_MAX))
    pod = (spec.get("template") or {}).get("spec") or {}
    names = {
        container.get("name", "")
        for field in ("containers", "initContainers")
        for container in pod.get(field) or ()
    }
    has_index_limit = spec.get("backoffLimitPerIndex") is not None
    for position, rule in enumerate(rules):
        _check_rule(problems, f"{path}.rules[{position}]", rule, names, has_index_limit)


def _check_rule(
    problems: list[FieldError], path: str, rule: Object, names: set[str], has_index_limit: bool
) -> None:
    action, codes = rule.get("action", ""), rule.get("onExitCodes")
    patterns = rule.get("onPodConditions") or []
    if action == "FailIndex":
        if not has_index_limit:
            text = "requires the backoffLimitPerIndex to be set"
            problems.append(invalid_value(f"{path}.action", action, text))
    else:
        _word(problems, f"{path}.action", action, _ACTIONS)
    if codes is not None:
        _check_codes(problems, f"{path}.onExitCodes", codes, names)
    if len(patterns) > _PATTERNS_MAX:
        problems.append(too_many(f"{path}.onPodConditions", len(patterns), _PATTERNS_MAX))
    for position, pattern in enumerate(patterns):
        at = f"{path}.onPodConditions[{position}]"
        qualified_name(problems, f"{at}.type", pattern.get("type", ""))
        _word(problems, f"{at}.status", pattern.get("status", ""), _STATUSES)
    if codes is not None and patterns:
        text = "specifying both OnExitCodes and OnPodConditions is not supported"
        problems.append(invalid_value(path, OMIT, text))
    if codes is None and not patterns:
        text = "specifying one of OnExitCodes and OnPodConditions is required"
        problems.append(invalid_value(path, OMIT, text))


def _check_codes(problems: list[FieldError], path: str, codes: Object, names: set[str]) -> None:
    operator, values = codes.get("operator", ""), codes.get("values") or []
    _word(problems, f"{path}.operator", operator, _OPERATORS)
    container = codes.get("containerName")
    if container is not None and container not in names:
        text = "must be one of the container or initContainer names in the pod template"
        problems.append(invalid_value(f"{path}.containerName", container, text))
    if not values:
        shown = codes.get("values")
        problems.append(invalid_value(f"{path}.values", shown, "at least one value is required"))
    elif len(values) > _CODES_MAX:
        problems.append(too_many(f"{path}.values", len(values), _CODES_MAX))
    seen = set()
    for position, value in enumerate(values):
        at = f"{path}.values[{position}]"
        if operator == "In" and value == 0:
            problems.append(invalid_value(at, value, "must not be 0 for the In operator"))
        if value in seen:
            problems.append(duplicate(at, value))
        seen.add(value)
    if values != sorted(values):
        problems.append(invalid_value(f"{path}.values", values, "must be ordered"))


def check_success_policy(problems: list[FieldError], path: str, spec: Object) -> None:
    """Rules for a job that is done before all its pods are."""
    rules = spec["successPolicy"].get("rules") or []
    if not rules:
        text = "at least one rules must be specified when the successPolicy is specified"
        problems.append(required(f"{path}.rules", text))
    if len(rules) > _RULES_MAX:
        problems.append(too_many(f"{path}.rules", len(rules), _RULES_MAX))
    completions = spec.get("completions") or 0
    for position, rule in enumerate(rules):
        _check_success_rule(problems, f"{path}.rules[{position}]", rule, completions)


def _check_success_rule(
    problems: list[FieldError], path: str, rule: Object, completions: int
) -> None:
    indexes, count = rule.get("succeededIndexes"), rule.get("succeededCount")
    if indexes is None and count is None:
        text = "at least one of succeededCount or succeededIndexes must be specified"
        problems.append(required(path, text))
    total = 0
    if indexes is not None:
        at = f"{path}.succeededIndexes"
        if len(indexes) > _INDEXES_LENGTH_MAX:
            problems.append(too_long(at, _INDEXES_LENGTH_MAX))
        try:
            total = count_indexes(indexes, completions)
        except IndexesError as error:
            text = f"error parsing succeededIndexes: {error}"
            problems.append(invalid_value(at, indexes, text))
    if count is None:
        return
    at = f"{path}.succeededCount"
    non_negative(problems, at, count)
    if count > completions:
        text = f"must be less than or equal to {completions} (the number of specified completions)"
        problems.append(invalid_value(at, count, text))
    if indexes is not None and count > total:
        text = (
            f"must be less than or equal to {total} (the number of indexes in the specified "
            "succeededIndexes field)"
        )
        problems.append(invalid_value(at, count, text))
