"""A pod, and the pod template of a workload.

Models: k8s.io/kubectl/pkg/describe/describe.go describePod, DescribePodTemplate (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import label_selector_text
from cluster_engine.kubectl.describe.containers import write_containers, write_resources
from cluster_engine.kubectl.describe.page import NONE, Page
from cluster_engine.kubectl.describe.source import Source
from cluster_engine.kubectl.describe.volumes import write_volumes
from cluster_engine.kubectl.describe.words import (
    controlled_by,
    since,
    timestamp,
    toleration_text,
)

_MIRROR = "kubernetes.io/config.mirror"


def describe_pod(page: Page, pod: Object, source: Source) -> None:
    spec, status = pod["spec"], pod.get("status") or {}
    _write_head(page, pod)
    _write_state(page, pod, source.now_ms)
    page.field("IP", status.get("podIP", ""))
    _write_ips(page, status.get("podIPs"))
    page.optional("Controlled By", controlled_by(pod))
    page.optional("NominatedNodeName", status.get("nominatedNodeName"))
    if spec.get("resources"):
        page.line("Resources:")
        write_resources(page, spec["resources"], 1)
    if spec.get("initContainers"):
        statuses = status.get("initContainerStatuses")
        write_containers(page, "Init Containers", spec["initContainers"], statuses, pod)
    statuses = status.get("containerStatuses")
    write_containers(page, "Containers", spec.get("containers"), statuses, pod)
    if spec.get("ephemeralContainers"):
        statuses = status.get("ephemeralContainerStatuses")
        write_containers(page, "Ephemeral Containers", spec["ephemeralContainers"], statuses, pod)
    _write_conditions(page, spec, status)
    write_volumes(page, spec.get("volumes"))
    page.field("QoS Class", status.get("qosClass", ""))
    _write_placement(page, spec)
    mirrored = (pod["metadata"].get("annotations") or {}).get(_MIRROR, "")
    source.events(page, pod, has_kind=False, more=mirrored)


def _write_head(page: Page, pod: Object) -> None:
    spec, status = pod["spec"], pod.get("status") or {}
    page.field("Name", pod["metadata"]["name"])
    page.field("Namespace", pod["metadata"].get("namespace", ""))
    page.optional("Priority", spec.get("priority"))
    page.optional("Priority Class Name", spec.get("priorityClassName"))
    page.optional("Runtime Class Name", spec.get("runtimeClassName"))
    page.optional("Service Account", spec.get("serviceAccountName"))
    node = spec.get("nodeName")
    page.field("Node", f"{node}/{status.get('hostIP', '')}" if node else NONE)
    if status.get("startTime"):
        page.field("Start Time", timestamp(status["startTime"]))
    page.labels(pod["metadata"].get("labels"))
    page.annotations(pod["metadata"].get("annotations"))


def _write_state(page: Page, pod: Object, now_ms: int) -> None:
    metadata, status = pod["metadata"], pod.get("status") or {}
    phase = status.get("phase", "")
    if metadata.get("deletionTimestamp") and phase not in ("Failed", "Succeeded"):
        page.field("Status", f"Terminating (lasts {since(metadata['deletionTimestamp'], now_ms)})")
        seconds = metadata.get("deletionGracePeriodSeconds", 0)
        page.field("Termination Grace Period", f"{seconds}s")
    else:
        page.field("Status", phase)
    page.optional("Reason", status.get("reason"))
    page.optional("Message", status.get("message"))
    profile = (pod["spec"].get("securityContext") or {}).get("seccompProfile")
    if profile:
        page.field("SeccompProfile", profile.get("type", ""))
        if profile.get("type") == "Localhost":
            page.field("LocalhostProfile", profile.get("localhostProfile", ""))


def _write_ips(page: Page, ips: list[Object] | None) -> None:
    if not ips:
        page.field("IPs", NONE)
        return
    page.line("IPs:")
    for ip in ips:
        page.field("IP", ip.get("ip", ""), 1)


def _write_conditions(page: Page, spec: Object, status: Object) -> None:
    gates = spec.get("readinessGates")
    if gates:
        page.line("Readiness Gates:")
        page.row("Type", "Status", level=1)
        for gate in gates:
            condition = find(status.get("conditions"), gate["conditionType"])
            shown = NONE if condition is None else condition.get("status", "")
            page.line(f"{gate['conditionType']} \t{shown} ", 1)
    conditions = status.get("conditions")
    if conditions:
        page.line("Conditions:")
        page.row("Type", "Status", level=1)
        for condition in conditions:
            page.line(f"{condition['type']} \t{condition.get('status', '')} ", 1)


def _write_placement(page: Page, spec: Object, indent: str = "") -> None:
    page.labels(spec.get("nodeSelector"), f"{indent}Node-Selectors")
    write_tolerations(page, spec.get("tolerations"), indent)
    if not indent:
        _write_spread(page, spec.get("topologySpreadConstraints"), indent)
    group = spec.get("schedulingGroup")
    if group is not None:
        page.line(f"{indent}SchedulingGroup:")
        page.field("PodGroupName", group.get("podGroupName", ""), 1)


def write_tolerations(page: Page, tolerations: list[Object] | None, indent: str = "") -> None:
    by_key = sorted(tolerations or (), key=lambda toleration: toleration.get("key", ""))
    page.multiline(f"{indent}Tolerations", [toleration_text(each) for each in by_key])


def _write_spread(page: Page, constraints: list[Object] | None, indent: str) -> None:
    lines = []
    for constraint in sorted(constraints or (), key=lambda each: each["topologyKey"]):
        line = (
            f"{constraint['topologyKey']}:{constraint['whenUnsatisfiable']} when max skew "
            f"{constraint['maxSkew']} is exceeded"
        )
        if constraint.get("labelSelector") is not None:
            line += f" for selector {label_selector_text(constraint['labelSelector'])}"
        lines.append(line)
    if lines:
        page.multiline("Topology Spread Constraints", lines, indent)


def write_template(page: Page, template: Object | None) -> None:
    """The pod template of a workload."""
    page.line("Pod Template:")
    if template is None:
        page.write("  <unset>")
        return
    metadata, spec = template.get("metadata") or {}, template["spec"]
    page.labels(metadata.get("labels"), "  Labels")
    if metadata.get("annotations"):
        page.annotations(metadata["annotations"], "  Annotations")
    page.optional("Service Account", spec.get("serviceAccountName"), 1)
    if spec.get("initContainers"):
        write_containers(page, "Init Containers", spec["initContainers"], indent="  ")
    write_containers(page, "Containers", spec.get("containers"), indent="  ")
    write_volumes(page, spec.get("volumes"), "  ")
    _write_spread(page, spec.get("topologySpreadConstraints"), "  ")
    page.optional("Priority Class Name", spec.get("priorityClassName"), 1)
    _write_placement(page, spec, "  ")
