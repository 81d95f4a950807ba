"""Defaults and row cells that webhooks and admission policies share.

Models: k8s.io/kubernetes/pkg/apis/admissionregistration/v1/defaults.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import SelectorError, from_label_selector
from cluster_engine.kinds.columns import age

GROUP = "admissionregistration.k8s.io"
CATEGORIES = ("api-extensions",)


def default_webhook(webhook: Object) -> None:
    """Failing closed, everything selected, ten seconds."""
    _set(webhook, "failurePolicy", "Fail")
    default_match(webhook)
    _set(webhook, "timeoutSeconds", 10)
    service = (webhook.get("clientConfig") or {}).get("service")
    if service is not None:
        _set(service, "port", 443)
    for rule in webhook.get("rules") or ():
        _set(rule, "scope", "*")


def default_match(resources: Object) -> None:
    """Equivalent requests of all objects in all namespaces."""
    _set(resources, "matchPolicy", "Equivalent")
    for name in ("namespaceSelector", "objectSelector"):
        if resources.get(name) is None:
            resources[name] = {}


def default_match_resources(resources: Object | None) -> None:
    """The same for a policy, whose rules are named."""
    if resources is None:
        return
    default_match(resources)
    for name in ("resourceRules", "excludeResourceRules"):
        for rule in resources.get(name) or ():
            _set(rule, "scope", "*")


def default_policy(obj: Object) -> None:
    """A policy fails closed."""
    spec = obj.get("spec")
    if spec is not None:
        _set(spec, "failurePolicy", "Fail")
        default_match_resources(spec.get("matchConstraints"))


def default_policy_binding(obj: Object) -> None:
    """The resources that a binding narrows down to."""
    default_match_resources((obj.get("spec") or {}).get("matchResources"))


def _set(value: Object, field: str, default: Any) -> None:
    if value.get(field) is None:
        value[field] = default


def webhook_cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row of a webhook configuration."""
    return [obj["metadata"]["name"], len(obj.get("webhooks") or ()), age(obj, now_ms)]


def policy_cells(obj: Object, now_ms: int, rules: str) -> list[Any]:
    """One table row of a policy; `rules` is the field that is counted."""
    spec = obj.get("spec") or {}
    kind = spec.get("paramKind")
    shown = "<unset>"
    if kind is not None:
        shown = f"{kind.get('apiVersion', '')}/{kind.get('kind', '')}"
    return [obj["metadata"]["name"], len(spec.get(rules) or ()), shown, age(obj, now_ms)]


def binding_cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row of a policy binding."""
    spec = obj.get("spec") or {}
    return [
        obj["metadata"]["name"],
        spec.get("policyName", ""),
        _parameters(spec.get("paramRef")),
        age(obj, now_ms),
    ]


def _parameters(reference: Object | None) -> str:
    if reference is None:
        return "<unset>"
    if reference.get("name"):
        return f"{reference.get('namespace') or '*'}/{reference['name']}"
    if reference.get("selector") is None:
        return "<unset>"
    try:
        return str(from_label_selector(reference["selector"]))
    except SelectorError:
        return "<error>"
