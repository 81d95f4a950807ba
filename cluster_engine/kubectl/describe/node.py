"""A node: what it is, how it is, what it has and what its pods take of that.

Models: k8s.io/kubectl/pkg/describe/describe.go describeNode, describeNodeResource (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import ZERO, Quantity, milli_value, value
from cluster_engine.apiserver.quota.amounts import added, pod_limits, pod_requests
from cluster_engine.kubectl.describe.page import NONE, UNSET, Page
from cluster_engine.kubectl.describe.source import Source
from cluster_engine.kubectl.describe.words import (
    lower_bool,
    quantity,
    since,
    taint_text,
    timestamp,
)
from cluster_engine.kubectl.errors import KubectlError, StatusError

_ROLE_PREFIX = "node-role.kubernetes.io/"
_ROLE = "kubernetes.io/role"
_POOLS_MAX = 10
_INFO = (
    ("Machine ID", "machineID"),
    ("System UUID", "systemUUID"),
    ("Boot ID", "bootID"),
    ("Kernel Version", "kernelVersion"),
    ("OS Image", "osImage"),
    ("Operating System", "operatingSystem"),
    ("Architecture", "architecture"),
    ("Container Runtime Version", "containerRuntimeVersion"),
    ("Kubelet Version", "kubeletVersion"),
)


def describe_node(page: Page, node: Object, source: Source) -> None:
    metadata, spec, status = node["metadata"], node.get("spec") or {}, node.get("status") or {}
    page.field("Name", metadata["name"])
    page.field("Roles", ",".join(_roles(metadata.get("labels") or {})) or NONE)
    page.labels(metadata.get("labels"))
    page.annotations(metadata.get("annotations"))
    page.created(node)
    taints = sorted(spec.get("taints") or (), key=lambda taint: f"{taint['effect']},{taint['key']}")
    page.multiline("Taints", [taint_text(taint) for taint in taints])
    page.field("Unschedulable", lower_bool(spec.get("unschedulable")))
    _write_lease(page, source, metadata["name"])
    _write_conditions(page, status.get("conditions"))
    page.line("Addresses:")
    for address in status.get("addresses") or ():
        page.field(address["type"], address["address"], 1)
    for title, field in (("Capacity", "capacity"), ("Allocatable", "allocatable")):
        if status.get(field):
            page.line(f"{title}:")
        for resource, amount in sorted((status.get(field) or {}).items()):
            page.field(resource, quantity(amount), 1)
    _write_slices(page, source, metadata["name"])
    page.line("System Info:")
    info = status.get("nodeInfo") or {}
    for title, field in _INFO:
        page.field(title, info.get(field, ""), 1)
    page.optional("PodCIDR", spec.get("podCIDR"))
    page.optional("PodCIDRs", ",".join(spec.get("podCIDRs") or ()))
    page.optional("ProviderID", spec.get("providerID"))
    _write_pods(page, node, source)
    source.events(page, node, more=metadata["name"])


def _roles(labels: dict[str, str]) -> list[str]:
    roles = {key.removeprefix(_ROLE_PREFIX) for key in labels if key.startswith(_ROLE_PREFIX)}
    roles.add(labels.get(_ROLE, ""))
    return sorted(roles - {""})


def _write_lease(page: Page, source: Source, name: str) -> None:
    try:
        lease = source.get(f"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{name}")
    except KubectlError as error:
        page.field("Lease", f"Failed to get lease: {error.message}")
        return
    spec = lease.get("spec") or {}
    page.line("Lease:")
    page.field("HolderIdentity", spec.get("holderIdentity", UNSET), 1)
    for title, field in (("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")):
        page.field(title, timestamp(spec[field]) if spec.get(field) else UNSET, 1)


def _write_conditions(page: Page, conditions: list[Object] | None) -> None:
    if not conditions:
        return
    page.line("Conditions:")
    page.heading(
        "Type",
        "Status",
        "LastHeartbeatTime",
        "LastTransitionTime",
        "Reason",
        "Message",
    )
    for condition in conditions:
        page.row(
            f"{condition['type']} ",
            f"{condition.get('status', '')} ",
            f"{timestamp(condition.get('lastHeartbeatTime'))} ",
            f"{timestamp(condition.get('lastTransitionTime'))} ",
            f"{condition.get('reason', '')} ",
            condition.get("message", ""),
            level=1,
        )


def _write_slices(page: Page, source: Source, name: str) -> None:
    found = source.items_or_none(
        "/apis/resource.k8s.io/v1/resourceslices", fieldSelector=f"spec.nodeName={name}"
    )
    pools: dict[tuple[str, str], list[int]] = {}
    for item in found or ():
        spec = item["spec"]
        counts = pools.setdefault((spec["driver"], spec["pool"]["name"]), [0, 0])
        counts[0] += 1
        counts[1] += len(spec.get("devices") or ())
    if not pools:
        return
    page.line("Node-Local ResourceSlices:")
    page.heading("Driver", "Pool", "Slices", "Devices")
    for (driver, pool), counts in sorted(pools.items())[:_POOLS_MAX]:
        page.row(driver, pool, *counts, level=1)
    if len(pools) > _POOLS_MAX:
        page.line(f"...and {len(pools) - _POOLS_MAX} more pools", 1)


def _write_pods(page: Page, node: Object, source: Source) -> None:
    name = node["metadata"]["name"]
    selector = f"spec.nodeName={name},status.phase!=Failed,status.phase!=Succeeded"
    try:
        pods = source.items("/api/v1/pods", fieldSelector=selector)
    except StatusError as error:
        if error.reason != "Forbidden":
            raise
        page.field("Pods", "not authorized")
        return
    status = node.get("status") or {}
    allocatable = status.get("allocatable") or status.get("capacity") or {}
    page.field("Non-terminated Pods", f"({len(pods)} in total)")
    names = ("CPU Requests", "CPU Limits", "Memory Requests", "Memory Limits", "Age")
    page.heading("Namespace", "Name", "", *names)
    requests: dict[str, Quantity] = {}
    limits: dict[str, Quantity] = {}
    for pod in pods:
        pod_requested, pod_limited = pod_requests(pod), pod_limits(pod)
        requests, limits = added(requests, pod_requested), added(limits, pod_limited)
        amounts = [
            _part(found.get(resource, ZERO), allocatable, resource)
            for resource in ("cpu", "memory")
            for found in (pod_requested, pod_limited)
        ]
        metadata = pod["metadata"]
        age = since(metadata.get("creationTimestamp"), source.now_ms)
        page.row(metadata["namespace"], metadata["name"], "", *amounts, age, level=1)
    _write_allocated(page, requests, limits, allocatable)


def _write_allocated(
    page: Page,
    requests: dict[str, Quantity],
    limits: dict[str, Quantity],
    allocatable: dict[str, Any],
) -> None:
    page.line("Allocated resources:")
    page.line("(Total limits may be over 100 percent, i.e., overcommitted.)", 1)
    page.heading("Resource", "Requests", "Limits")
    huge = sorted(name for name in allocatable if name.startswith("hugepages-"))
    known = ("cpu", "memory", "ephemeral-storage", *huge)
    for resource in known:
        page.row(
            resource,
            _part(requests.get(resource, ZERO), allocatable, resource),
            _part(limits.get(resource, ZERO), allocatable, resource),
            level=1,
        )
    for resource in sorted(set(allocatable) - {*known, "pods"}):
        page.row(resource, requests.get(resource, ZERO), limits.get(resource, ZERO), level=1)


def _part(amount: Quantity, allocatable: dict[str, Any], resource: str) -> str:
    """ "500m (12%)"."""
    count = milli_value if resource == "cpu" else value
    whole = count(allocatable.get(resource, 0))
    percent = int(count(amount) / whole * 100) if whole else 0
    return f"{amount} ({percent}%)"
