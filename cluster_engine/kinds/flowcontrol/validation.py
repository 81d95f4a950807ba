"""Problems of flow schemas and priority levels.

Models: k8s.io/kubernetes/pkg/apis/flowcontrol/validation (v1.37.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import is_dns1123_label, is_dns1123_subdomain
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import Problems, declared, dns_label, dns_subdomain, wrong

_EXEMPT_SCHEMA = "exempt"
_PRECEDENCE_MAX = 10_000
_METHODS = ("ByNamespace", "ByUser")
_SUBJECTS = {"Group": "group", "ServiceAccount": "serviceAccount", "User": "user"}
_VERBS = (
    "create",
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "proxy",
    "update",
    "watch",
)
_LEVEL_TYPES = ("Exempt", "Limited")
_RESPONSES = ("Queue", "Reject")
_QUEUES_MAX = 10_000_000
_HASH_BITS_MAX = 60
_COUNT = "must be a non-negative integer"


def validate_schema(obj: Object) -> list[FieldError]:
    """Problems of a flow schema."""
    problems: list[FieldError] = []
    spec = obj.get("spec") or {}
    _check_precedence(problems, spec.get("matchingPrecedence", 0), obj["metadata"].get("name", ""))
    method = spec.get("distinguisherMethod")
    if method is not None and method.get("type") not in _METHODS:
        at = "spec.distinguisherMethod.type"
        problems.append(not_supported(at, {"Type": method.get("type", "")}, _METHODS))
    level = (spec.get("priorityLevelConfiguration") or {}).get("name", "")
    at = "spec.priorityLevelConfiguration.name"
    if level:
        dns_subdomain(problems, at, level)
    else:
        problems.append(required(at, "must reference a priority level"))
    for position, rule in enumerate(spec.get("rules") or ()):
        _check_rule(problems, f"spec.rules[{position}]", rule)
    _check_conditions(problems, obj.get("status") or {})
    return problems


def validate_schema_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    return validate_schema(new)


def validate_conditions(new: Object, old: Object) -> list[FieldError]:
    """Conditions of either kind, each type once."""
    del old
    problems: list[FieldError] = []
    _check_conditions(problems, new.get("status") or {})
    return problems


def _check_conditions(problems: list[FieldError], status: Object) -> None:
    seen = set()
    for position, condition in enumerate(status.get("conditions") or ()):
        at, type_ = f"status.conditions[{position}].type", condition.get("type", "")
        if type_ in seen:
            problems.append(duplicate(at, type_))
        seen.add(type_)
        if not type_:
            problems.append(required(at))


def _check_precedence(problems: list[FieldError], precedence: int, name: str) -> None:
    at = "spec.matchingPrecedence"
    if precedence <= 0:
        problems.append(invalid_value(at, precedence, "must be a positive value"))
    if precedence > _PRECEDENCE_MAX:
        text = f"must not be greater than {_PRECEDENCE_MAX}"
        problems.append(invalid_value(at, precedence, text))
    if precedence == 1 and name != _EXEMPT_SCHEMA:
        text = "only the schema named 'exempt' may have matchingPrecedence 1"
        problems.append(invalid_value(at, precedence, text))


def _check_rule(problems: list[FieldError], path: str, rule: Object) -> None:
    subjects = rule.get("subjects") or ()
    for position, subject in enumerate(subjects):
        _check_subject(problems, f"{path}.subjects[{position}]", subject)
    if not subjects:
        text = "subjects must contain at least one value"
        problems.append(required(f"{path}.subjects", text))
    resources, others = rule.get("resourceRules") or (), rule.get("nonResourceRules") or ()
    if not resources and not others:
        text = "at least one of resourceRules and nonResourceRules has to be non-empty"
        problems.append(required(path, text))
    for position, one in enumerate(resources):
        _check_resources(problems, f"{path}.resourceRules[{position}]", one)
    for position, one in enumerate(others):
        _check_urls(problems, f"{path}.nonResourceRules[{position}]", one)


def _check_subject(problems: list[FieldError], path: str, subject: Object) -> None:
    kind = subject.get("kind", "")
    if kind not in _SUBJECTS:
        problems.append(not_supported(f"{path}.kind", kind, tuple(_SUBJECTS)))
        return
    field = _SUBJECTS[kind]
    _check_named(problems, f"{path}.{field}", subject.get(field), kind, field)
    for other_kind in ("ServiceAccount", "User", "Group"):
        other = _SUBJECTS[other_kind]
        if other != field and subject.get(other) is not None:
            text = f"{other} is forbidden when subject kind is not '{other_kind}'"
            problems.append(forbidden_field(f"{path}.{other}", text))


def _check_named(
    problems: list[FieldError], path: str, named: Object | None, kind: str, field: str
) -> None:
    if named is None:
        text = f"{field} is required when subject kind is '{kind}'"
        problems.append(required(path, text))
        return
    name, namespace = named.get("name", ""), named.get("namespace", "")
    if not name:
        problems.append(required(f"{path}.name"))
    elif kind == "ServiceAccount" and name != "*":
        wrong(problems, f"{path}.name", name, is_dns1123_subdomain(name))
    if kind != "ServiceAccount":
        return
    if namespace:
        dns_label(problems, f"{path}.namespace", namespace)
    else:
        text = "must specify namespace for service account"
        problems.append(required(f"{path}.namespace", text))


def _check_verbs(problems: list[FieldError], path: str, verbs: Sequence[str]) -> None:
    if not verbs:
        problems.append(required(path, "verbs must contain at least one value"))
    elif "*" in verbs:
        _check_alone(problems, path, verbs, "verbs")
    elif not set(verbs) <= set(_VERBS):
        problems.append(not_supported(path, verbs, _VERBS))


def _check_alone(problems: list[FieldError], path: str, words: Sequence[str], what: str) -> None:
    if len(words) > 1 and "*" in words:
        text = f"if '*' is present, must not specify other {what}"
        problems.append(invalid_value(path, words, text))


def _check_resources(problems: list[FieldError], path: str, rule: Object) -> None:
    _check_verbs(problems, f"{path}.verbs", rule.get("verbs") or [])
    for field, one, many in (
        ("apiGroups", "api group", "api groups"),
        ("resources", "resource", "resources"),
    ):
        words = rule.get(field) or []
        if not words:
            text = f"resource rules must supply at least one {one}"
            problems.append(required(f"{path}.{field}", text))
        _check_alone(problems, f"{path}.{field}", words, many)
    namespaces, at = rule.get("namespaces") or [], f"{path}.namespaces"
    if not namespaces and not rule.get("clusterScope"):
        text = "resource rules that are not cluster scoped must supply at least one namespace"
        problems.append(required(at, text))
    elif "*" in namespaces:
        _check_alone(problems, at, namespaces, "namespaces")
    else:
        for position, name in enumerate(namespaces):
            problems.extend(
                invalid_value(
                    f"{at}[{position}]",
                    name,
                    f"each member of this list must be '*' or a DNS-1123 label; {message}",
                )
                for message in is_dns1123_label(name)
            )


def _check_urls(problems: list[FieldError], path: str, rule: Object) -> None:
    _check_verbs(problems, f"{path}.verbs", rule.get("verbs") or [])
    urls, at = rule.get("nonResourceURLs") or [], f"{path}.nonResourceURLs"
    if not urls:
        problems.append(required(at, "nonResourceURLs must contain at least one value"))
    elif "*" in urls:
        _check_alone(problems, at, urls, "non-resource URLs")
    else:
        for position, url in enumerate(urls):
            problem = _url_problem(url)
            if problem:
                problems.append(invalid_value(f"{at}[{position}]", url, problem))


def _url_problem(url: str) -> str:
    if not url:
        return "must not be empty"
    if url == "/":
        return ""
    if not url.startswith("/"):
        return "must start with slash"
    if " " in url:
        return "must not contain white-space"
    if "//" in url:
        return "must not contain double slash"
    count = url.count("*")
    if count > 1 or (count == 1 and not url.endswith("/*")):
        return "wildcard can only do suffix matching"
    return ""


def validate_level(obj: Object) -> list[FieldError]:
    """Problems of a priority level."""
    problems = Problems()
    spec, name = obj.get("spec") or {}, obj["metadata"].get("name", "")
    type_, limited, exempt = spec.get("type", ""), spec.get("limited"), spec.get("exempt")
    if (name == _EXEMPT_SCHEMA) != (type_ == "Exempt"):
        text = "must be 'Exempt' if and only if `name` is 'exempt'"
        problems.append(invalid_value("spec.type", type_, text))
    if type_ == "Exempt":
        if limited is not None:
            declared(problems).append(forbidden_field("spec.limited", ""))
        if exempt is not None:
            _check_shares(problems, "spec.exempt", exempt)
    elif type_ == "Limited":
        if exempt is not None:
            declared(problems).append(forbidden_field("spec.exempt", ""))
        if limited is None:
            declared(problems).append(required("spec.limited"))
        else:
            _check_limited(problems, "spec.limited", limited)
    elif not type_:
        declared(problems).append(required("spec.type"))
    else:
        problems.append(not_supported("spec.type", type_, _LEVEL_TYPES))
    _check_conditions(problems, obj.get("status") or {})
    return problems.all()


def validate_level_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    return validate_level(new)


def _check_shares(problems: list[FieldError], path: str, level: Object) -> None:
    shares, percent = level.get("nominalConcurrencyShares"), level.get("lendablePercent")
    if shares is not None and shares < 0:
        problems.append(invalid_value(f"{path}.nominalConcurrencyShares", shares, _COUNT))
    if percent is not None and not 0 <= percent <= 100:
        text = "must be between 0 and 100, inclusive"
        problems.append(invalid_value(f"{path}.lendablePercent", percent, text))


def _check_limited(problems: Problems, path: str, limited: Object) -> None:
    shares = limited.get("nominalConcurrencyShares") or 0
    if shares < 0:
        problems.append(invalid_value(f"{path}.nominalConcurrencyShares", shares, _COUNT))
    response, at = limited.get("limitResponse") or {}, f"{path}.limitResponse"
    type_, queuing = response.get("type", ""), response.get("queuing")
    if type_ == "Reject":
        if queuing is not None:
            declared(problems).append(forbidden_field(f"{at}.queuing", ""))
    elif type_ == "Queue":
        if queuing is None:
            declared(problems).append(required(f"{at}.queuing"))
        else:
            _check_queuing(problems, f"{at}.queuing", queuing)
    elif not type_:
        declared(problems).append(required(f"{at}.type"))
    else:
        problems.append(not_supported(f"{at}.type", type_, _RESPONSES))
    _check_shares(problems, path, {"lendablePercent": limited.get("lendablePercent")})
    borrowing = limited.get("borrowingLimitPercent")
    if borrowing is not None and borrowing < 0:
        text = f"if specified, {_COUNT}"
        problems.append(invalid_value(f"{path}.borrowingLimitPercent", borrowing, text))


def _check_queuing(problems: list[FieldError], path: str, queuing: Object) -> None:
    length, queues, hand = (
        queuing.get(field, 0) for field in ("queueLengthLimit", "queues", "handSize")
    )
    positive = "must be positive"
    if length <= 0:
        problems.append(invalid_value(f"{path}.queueLengthLimit", length, positive))
    if queues <= 0:
        problems.append(invalid_value(f"{path}.queues", queues, positive))
    elif queues > _QUEUES_MAX:
        text = f"must not be greater than {_QUEUES_MAX}"
        problems.append(invalid_value(f"{path}.queues", queues, text))
    text = ""
    if hand <= 0:
        text = positive
    elif hand > queues:
        text = f"should not be greater than queues ({queues})"
    elif math.ceil(math.log2(queues) * hand) > _HASH_BITS_MAX:
        text = (
            f"required entropy bits of deckSize {queues} and handSize {hand} should not be "
            f"greater than {_HASH_BITS_MAX}"
        )
    if text:
        problems.append(invalid_value(f"{path}.handSize", hand, text))
