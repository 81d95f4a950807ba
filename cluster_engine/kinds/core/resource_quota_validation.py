"""Problems of resource quotas.

Models: ValidateResourceQuota in k8s.io/kubernetes/pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from cluster_engine.apimachinery.fields import FieldError, invalid_value, required
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import IMMUTABLE, wrong
from cluster_engine.kinds.core.resource_names import check_amount, is_quota_name, quota_messages
from cluster_engine.kinds.internal import internal

_PODS = frozenset(("pods",))
_OF_PODS = frozenset(
    (
        "pods",
        "cpu",
        "memory",
        "limits.cpu",
        "limits.memory",
        "requests.cpu",
        "requests.memory",
    )
)
#: What each scope can count.
_SCOPES = {
    "Terminating": _OF_PODS,
    "NotTerminating": _OF_PODS,
    "BestEffort": _PODS,
    "NotBestEffort": _OF_PODS,
    "PriorityClass": _OF_PODS,
    "CrossNamespacePodAffinity": _OF_PODS,
    "VolumeAttributesClass": frozenset(("persistentvolumeclaims", "requests.storage")),
}
_ONLY_EXISTS = (
    "BestEffort",
    "NotBestEffort",
    "Terminating",
    "NotTerminating",
    "CrossNamespacePodAffinity",
)
_EXISTS_TEXT = (
    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, "
    "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, "
    "ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
)
_CONFLICTS = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))
_MISFIT = "unsupported scope applied to resource"


def validate(obj: Object) -> list[FieldError]:
    """A quota for resources that exist, in scopes that go together."""
    problems: list[FieldError] = []
    _check_spec(problems, obj.get("spec") or {})
    _check_status(problems, obj.get("status") or {})
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """The scopes stay."""
    problems: list[FieldError] = []
    _check_spec(problems, new.get("spec") or {})
    scopes = (new.get("spec") or {}).get("scopes")
    if set(scopes or ()) != set((old.get("spec") or {}).get("scopes") or ()):
        problems.append(invalid_value("spec.scopes", scopes, IMMUTABLE))
    return problems


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Amounts of resources."""
    del old
    problems: list[FieldError] = []
    _check_status(problems, new.get("status") or {})
    return problems


def _check_status(problems: list[FieldError], status: Object) -> None:
    for field in ("hard", "used"):
        _check_amounts(problems, f"status.{field}", status.get(field))


def _check_amounts(problems: list[FieldError], path: str, amounts: Object | None) -> None:
    for name, written in (amounts or {}).items():
        wrong(problems, f"{path}[{name}]", name, quota_messages(name))
        check_amount(problems, f"{path}[{name}]", name, written)


def _check_spec(problems: list[FieldError], spec: Object) -> None:
    hard = spec.get("hard") or {}
    _check_amounts(problems, "spec.hard", hard)
    counted, scopes = sorted(hard), spec.get("scopes")
    for scope in scopes or ():
        if scope not in _SCOPES:
            problems.append(invalid_value("spec.scopes", scopes, "unsupported scope"))
        problems.extend(
            invalid_value("spec.scopes", scopes, _MISFIT) for _ in _misfits(scope, counted)
        )
    if scopes:
        _check_conflicts(problems, "spec.scopes", set(scopes), scopes)
    selector = spec.get("scopeSelector")
    if selector is not None:
        _check_selector(problems, selector, counted, scopes)


def _misfits(scope: str, counted: Iterable[str]) -> list[str]:
    fitting = _SCOPES.get(scope)
    if fitting is None:
        return []
    return [name for name in counted if is_quota_name(name) and name not in fitting]


def _check_conflicts(
    problems: list[FieldError], path: str, held: set[str], shown: list[str] | None
) -> None:
    for pair in _CONFLICTS:
        if held.issuperset(pair):
            problems.append(invalid_value(path, shown, "conflicting scopes"))


def _check_selector(
    problems: list[FieldError], selector: Object, counted: list[str], scopes: list[str] | None
) -> None:
    path, held = "spec.scopeSelector.matchExpressions", set()
    for one in selector.get("matchExpressions") or ():
        scope, operator = one.get("scopeName", ""), one.get("operator", "")
        values = one.get("values")
        if scope not in _SCOPES:
            problems.append(invalid_value(f"{path}.scopeName", scope, "unsupported scope"))
        shown = internal("core", "ScopeSelector", selector)
        problems.extend(invalid_value(path, shown, _MISFIT) for _ in _misfits(scope, counted))
        if scope in _ONLY_EXISTS and operator != "Exists":
            problems.append(invalid_value(f"{path}.operator", operator, _EXISTS_TEXT))
        if operator in ("In", "NotIn"):
            if not values:
                text = (
                    "must be at least one value when `operator` is 'In' or 'NotIn' for scope "
                    "selector"
                )
                problems.append(required(f"{path}.values", text))
        elif operator in ("Exists", "DoesNotExist"):
            if values:
                text = (
                    "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope "
                    "selector"
                )
                problems.append(invalid_value(f"{path}.values", values, text))
        else:
            text = "not a valid selector operator"
            problems.append(invalid_value(f"{path}.operator", operator, text))
        held.add(scope)
    _check_conflicts(problems, path, held, scopes)
