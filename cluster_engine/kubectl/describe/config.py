"""Configuration, namespaces and what limits them.

Models: k8s.io/kubectl/pkg/describe/describe.go (v0.37.2).
"""

from __future__ import annotations

import base64

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import from_value, parse_quantity, value
from cluster_engine.apimachinery.selectors import label_selector_text
from cluster_engine.kubectl.describe.page import NONE, UNSET, Page
from cluster_engine.kubectl.describe.source import Source
from cluster_engine.kubectl.describe.words import lower_bool, quantity, timestamp
from cluster_engine.kubectl.printers.tables import label_text

_TOKEN_TYPE = "kubernetes.io/service-account-token"
_SCOPES = {
    "Terminating": "Matches all pods that have an active deadline. These pods have a limited "
    "lifespan on a node before being actively terminated by the system.",
    "NotTerminating": "Matches all pods that do not have an active deadline. These pods usually "
    "include long running pods whose container command is not expected to terminate.",
    "BestEffort": "Matches all pods that do not have resource requirements set. These pods have a "
    "best effort quality of service.",
    "NotBestEffort": "Matches all pods that have at least one resource requirement set. These pods "
    "have a burstable or guaranteed quality of service.",
}
_LIMIT_COLUMNS = (
    "Type",
    "Resource",
    "Min",
    "Max",
    "Default Request",
    "Default Limit",
    "Max Limit/Request Ratio",
)
_LIMIT_FIELDS = ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")


def describe_secret(page: Page, secret: Object, source: Source) -> None:
    page.head(secret)
    page.line(f"\nType:\t{secret.get('type', '')}")
    page.line("\nData\n====")
    for key, encoded in sorted((secret.get("data") or {}).items()):
        raw = base64.b64decode(encoded or "")
        if key == "token" and secret.get("type") == _TOKEN_TYPE:
            page.field(key, raw.decode("utf-8", "replace"))
        else:
            page.field(key, f"{len(raw)} bytes")


def describe_config_map(page: Page, config_map: Object, source: Source) -> None:
    page.head(config_map)
    page.line("\nData\n====")
    for key, text in sorted((config_map.get("data") or {}).items()):
        page.line(f"{key}:\n----\n{text}\n")
    page.line("\nBinaryData\n====")
    for key, encoded in sorted((config_map.get("binaryData") or {}).items()):
        page.line(f"{key}: {len(base64.b64decode(encoded or ''))} bytes")
    page.line()
    source.events(page, config_map)


def describe_service_account(page: Page, account: Object, source: Source) -> None:
    page.head(account)
    names = [secret.get("name", "") for secret in account.get("imagePullSecrets") or ()]
    title = "Image pull secrets:"
    for place, name in enumerate(names or [NONE]):
        page.row(" " * len(title) if place else title, name)
    source.events(page, account)


def describe_namespace(page: Page, namespace: Object, source: Source) -> None:
    name, status = namespace["metadata"]["name"], namespace.get("status") or {}
    page.head(namespace, has_namespace=False)
    page.field("Status", status.get("phase", ""))
    if status.get("conditions"):
        page.line("Conditions:")
        page.heading("Type", "Status", "LastTransitionTime", "Reason", "Message")
    for condition in status.get("conditions") or ():
        page.row(
            condition["type"],
            condition.get("status", ""),
            timestamp(condition.get("lastTransitionTime")),
            condition.get("reason", ""),
            condition.get("message", ""),
            level=1,
        )
    quotas = source.items_or_none(f"/api/v1/namespaces/{name}/resourcequotas")
    if quotas is not None:
        page.line()
        _write_quotas(page, quotas)
    ranges = source.items_or_none(f"/api/v1/namespaces/{name}/limitranges")
    if ranges is not None:
        page.line()
        _write_ranges(page, ranges)


def _write_quotas(page: Page, quotas: list[Object]) -> None:
    if not quotas:
        page.line("No resource quota.")
        return
    page.line("Resource Quotas")
    for quota in sorted(quotas, key=lambda quota: quota["metadata"]["name"]):
        page.field("Name", quota["metadata"]["name"], 1)
        _write_scopes(page, quota, 1, "* ")
        page.heading("Resource", "Used", "Hard", dashes=(8, 3, 3))
        status = quota.get("status") or {}
        used = status.get("used") or {}
        for resource, hard in sorted((status.get("hard") or {}).items()):
            page.row(resource, quantity(used.get(resource)), quantity(hard), level=1)


def _write_scopes(page: Page, quota: Object, level: int, bullet: str) -> None:
    scopes = sorted(quota["spec"].get("scopes") or ())
    if scopes:
        page.field("Scopes", ", ".join(scopes), level)
    for scope in scopes:
        if scope in _SCOPES:
            page.line(f"{bullet}{_SCOPES[scope]}", level)


def describe_quota(page: Page, quota: Object, source: Source) -> None:
    page.field("Name", quota["metadata"]["name"])
    page.field("Namespace", quota["metadata"].get("namespace", ""))
    _write_scopes(page, quota, 0, " * ")
    page.heading("Resource", "Used", "Hard", level=0, dashes=(8, 4, 4))
    status = quota.get("status") or {}
    for resource, hard in sorted((status.get("hard") or {}).items()):
        limit = parse_quantity(hard)
        used = parse_quantity((status.get("used") or {}).get(resource, 0))
        if limit.format != used.format:
            used = from_value(value(used), limit.format)
        page.row(resource, used, limit)


def _write_ranges(page: Page, ranges: list[Object]) -> None:
    if not ranges:
        page.line("No LimitRange resource.")
        return
    page.line("Resource Limits")
    page.row(*(f" {name}" if not place else name for place, name in enumerate(_LIMIT_COLUMNS)))
    dashes = ["-" * len(name) for name in _LIMIT_COLUMNS]
    page.row(f" {dashes[0]}", *dashes[1:])
    for limit_range in ranges:
        _write_limits(page, limit_range, " ")


def _write_limits(page: Page, limit_range: Object, indent: str) -> None:
    for item in limit_range["spec"].get("limits") or ():
        resources = sorted({name for field in _LIMIT_FIELDS for name in item.get(field) or {}})
        for resource in resources:
            amounts = [
                quantity(item[field][resource]) if resource in (item.get(field) or {}) else "-"
                for field in _LIMIT_FIELDS
            ]
            page.row(f"{indent}{item.get('type', '')}", resource, *amounts)


def describe_limit_range(page: Page, limit_range: Object, source: Source) -> None:
    page.field("Name", limit_range["metadata"]["name"])
    page.field("Namespace", limit_range["metadata"].get("namespace", ""))
    page.heading(*_LIMIT_COLUMNS, level=0)
    _write_limits(page, limit_range, "")


def describe_disruption_budget(page: Page, budget: Object, source: Source) -> None:
    spec, status = budget.get("spec") or {}, budget.get("status") or {}
    page.field("Name", budget["metadata"]["name"])
    page.field("Namespace", budget["metadata"].get("namespace", ""))
    if spec.get("minAvailable") is not None:
        page.field("Min available", spec["minAvailable"])
    elif spec.get("maxUnavailable") is not None:
        page.field("Max unavailable", spec["maxUnavailable"])
    selector = spec.get("selector")
    page.field("Selector", UNSET if selector is None else label_selector_text(selector))
    page.line("Status:")
    for title, field in (
        ("Allowed disruptions", "disruptionsAllowed"),
        ("Current", "currentHealthy"),
        ("Desired", "desiredHealthy"),
        ("Total", "expectedPods"),
    ):
        page.field(title, status.get(field, 0), 2)
    source.events(page, budget)


def describe_priority_class(page: Page, priority: Object, source: Source) -> None:
    page.field("Name", priority["metadata"]["name"])
    page.field("Value", priority.get("value", 0))
    page.field("GlobalDefault", lower_bool(priority.get("globalDefault")))
    page.field("PreemptionPolicy", priority.get("preemptionPolicy", ""))
    page.field("Description", priority.get("description", ""))
    page.field("Annotations", label_text(priority["metadata"].get("annotations")))
    source.events(page, priority)
