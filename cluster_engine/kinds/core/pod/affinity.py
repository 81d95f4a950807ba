"""Affinity to nodes and to other pods.

Models: validateNodeAffinity, validatePodAffinity and their kin in pkg/apis/core/validation
(v1.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    required,
)
from cluster_engine.apimachinery.names import is_dns1123_label, is_dns1123_subdomain, is_label_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import label_name, label_selector, wrong

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_NOT_AN_OPERATOR = "not a valid selector operator"
_WEIGHT = "must be in the range 1-100"


def check_affinity(problems: list[FieldError], path: str, affinity: Object) -> None:
    """The `affinity` of a pod."""
    of_nodes = affinity.get("nodeAffinity")
    if of_nodes is not None:
        at = f"{path}.nodeAffinity"
        if of_nodes.get(_REQUIRED) is not None:
            check_node_selector(problems, f"{at}.{_REQUIRED}", of_nodes[_REQUIRED])
        for position, term in enumerate(of_nodes.get(_PREFERRED) or ()):
            place = f"{at}.{_PREFERRED}[{position}]"
            _check_weight(problems, place, term)
            preference = term.get("preference") or {}
            _check_node_term(problems, f"{place}.preference", preference, with_values=False)
    for name in ("podAffinity", "podAntiAffinity"):
        of_pods = affinity.get(name)
        if of_pods is None:
            continue
        for position, term in enumerate(of_pods.get(_REQUIRED) or ()):
            _check_pod_term(problems, f"{path}.{name}.{_REQUIRED}[{position}]", term)
        for position, weighted in enumerate(of_pods.get(_PREFERRED) or ()):
            place = f"{path}.{name}.{_PREFERRED}[{position}]"
            _check_weight(problems, place, weighted)
            term = weighted.get("podAffinityTerm") or {}
            _check_pod_term(problems, f"{place}.podAffinityTerm", term)


def _check_weight(problems: list[FieldError], path: str, term: Object) -> None:
    weight = term.get("weight", 0)
    if not 0 < weight <= 100:
        problems.append(invalid_value(f"{path}.weight", weight, _WEIGHT))


def check_node_selector(
    problems: list[FieldError], path: str, selector: Object, *, with_values: bool = True
) -> None:
    """Terms of which a node must match one."""
    terms = selector.get("nodeSelectorTerms") or ()
    at = f"{path}.nodeSelectorTerms"
    if not terms:
        problems.append(required(at, "must have at least one node selector term"))
    for position, term in enumerate(terms):
        _check_node_term(problems, f"{at}[{position}]", term, with_values=with_values)


def _check_node_term(
    problems: list[FieldError], path: str, term: Object, *, with_values: bool
) -> None:
    for position, one in enumerate(term.get("matchExpressions") or ()):
        at = f"{path}.matchExpressions[{position}]"
        values = one.get("values") or []
        _check_operator(problems, at, one.get("operator", ""), values)
        label_name(problems, f"{at}.key", one.get("key", ""))
        if with_values:
            for place, value in enumerate(values):
                wrong(problems, f"{at}.values[{place}]", value, is_label_value(value))
    for position, one in enumerate(term.get("matchFields") or ()):
        _check_field(problems, f"{path}.matchFields[{position}]", one)


def _check_operator(
    problems: list[FieldError], path: str, operator: str, values: Sequence[str]
) -> None:
    at = f"{path}.values"
    if operator in ("In", "NotIn"):
        if not values:
            text = "must be specified when `operator` is 'In' or 'NotIn'"
            problems.append(required(at, text))
    elif operator in ("Exists", "DoesNotExist"):
        if values:
            text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            problems.append(forbidden_field(at, text))
    elif operator in ("Gt", "Lt"):
        if len(values) != 1:
            text = "must be specified single value when `operator` is 'Lt' or 'Gt'"
            problems.append(required(at, text))
    else:
        problems.append(invalid_value(f"{path}.operator", operator, _NOT_AN_OPERATOR))


def _check_field(problems: list[FieldError], path: str, one: Object) -> None:
    operator, values, key = one.get("operator", ""), one.get("values") or [], one.get("key", "")
    if operator not in ("In", "NotIn"):
        problems.append(invalid_value(f"{path}.operator", operator, _NOT_AN_OPERATOR))
    elif len(values) != 1:
        text = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        problems.append(required(f"{path}.values", text))
    if key != "metadata.name":
        text = "not a valid field selector key"
        problems.append(invalid_value(f"{path}.key", key, text))
    else:
        for place, value in enumerate(values):
            wrong(problems, f"{path}.values[{place}]", value, is_dns1123_subdomain(value))


def _check_pod_term(problems: list[FieldError], path: str, term: Object) -> None:
    for name in ("labelSelector", "namespaceSelector"):
        label_selector(problems, f"{path}.{name}", term.get(name))
    for namespace in term.get("namespaces") or ():
        wrong(problems, f"{path}.namespace", namespace, is_dns1123_label(namespace))
    check_label_keys(problems, path, term)
    key = term.get("topologyKey", "")
    if not key:
        problems.append(required(f"{path}.topologyKey", "can not be empty"))
    label_name(problems, f"{path}.topologyKey", key)


def check_label_keys(problems: list[FieldError], path: str, term: Object) -> None:
    """Label keys whose values are taken from the pod itself."""
    selector = term.get("labelSelector")
    same, other = term.get("matchLabelKeys") or [], term.get("mismatchLabelKeys") or []
    for name, keys in (("matchLabelKeys", same), ("mismatchLabelKeys", other)):
        if keys and selector is None:
            text = "must not be specified when labelSelector is not set"
            problems.append(forbidden_field(f"{path}.{name}", text))
        elif keys:
            for position, key in enumerate(keys):
                label_name(problems, f"{path}.{name}[{position}]", key)
    if selector is not None and same:
        selected = set(selector.get("matchLabels") or ())
        for one in selector.get("matchExpressions") or ():
            key = one.get("key", "")
            if key in same and key in selected:
                text = "exists in both matchLabelKeys and labelSelector"
                problems.append(invalid_value(f"{path}[{same.index(key)}]", key, text))
            selected.add(key)
    for position, key in enumerate(same):
        if key in other:
            text = "exists in both matchLabelKeys and mismatchLabelKeys"
            problems.append(invalid_value(f"{path}.matchLabelKeys[{position}]", key, text))
