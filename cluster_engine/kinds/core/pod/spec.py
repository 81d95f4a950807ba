"""The spec of a pod or template as a whole.

Models: ValidatePodSpec in k8s.io/kubernetes/pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cluster_engine.apimachinery.fields import FieldError, invalid_value, not_supported, required
from cluster_engine.apimachinery.names import is_dns1123_subdomain
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import INT32_MAX, dns_label, in_range, labels, wrong
from cluster_engine.kinds.core.pod.affinity import check_affinity
from cluster_engine.kinds.core.pod.containers import (
    Surroundings,
    check_containers,
    check_ephemeral_containers,
    check_init_containers,
)
from cluster_engine.kinds.core.pod.host import (
    check_dns,
    check_file_references,
    check_host_aliases,
    check_host_name,
    check_host_network,
    check_host_users,
)
from cluster_engine.kinds.core.pod.resources import check_pod_resources, check_requirements
from cluster_engine.kinds.core.pod.scheduling import (
    check_readiness_gates,
    check_resource_claims,
    check_scheduling_gates,
    check_spreading,
    check_tolerations,
)
from cluster_engine.kinds.core.pod.security import check_pod_security
from cluster_engine.kinds.core.pod.volumes import check_volumes
from cluster_engine.kinds.core.pod.windows import check_host_process, check_os

RESTART_POLICIES = ("Always", "OnFailure", "Never")
DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
_PREEMPTION = ("PreemptLowerPriority", "Never")

Check = Callable[[list[FieldError], str, Any], None]


def check_pod_spec(
    problems: list[FieldError],
    path: str,
    spec: Object,
    *,
    is_pod: bool = False,
    pod_name: str = "",
) -> None:
    """Everything in the spec, in upstream's order."""
    grace_seconds = spec.get("terminationGracePeriodSeconds")
    if grace_seconds is None:
        problems.append(required(f"{path}.terminationGracePeriodSeconds"))
    volumes: dict[str, Object] = {}
    if spec.get("volumes"):
        volumes = check_volumes(problems, f"{path}.volumes", spec["volumes"], pod_name)
    claims = [claim["name"] for claim in spec.get("resourceClaims") or () if claim.get("name")]
    if spec.get("resourceClaims"):
        check_resource_claims(problems, f"{path}.resourceClaims", spec["resourceClaims"])
    around = Surroundings(
        volumes,
        claims,
        spec.get("restartPolicy", ""),
        grace_seconds,
        spec.get("hostUsers") is not False,
    )
    _check_all_containers(problems, path, spec, around)
    if spec.get("resources") is not None:
        check_pod_resources(problems, path, spec, claims)
    if spec.get("hostNetwork"):
        check_host_network(problems, path, spec, is_pod=is_pod)
    _check_words(problems, path, spec)
    for field, check in _FIRST_CHECKS:
        if spec.get(field):
            check(problems, f"{path}.{field}", spec[field])
    check_dns(problems, f"{path}.dnsConfig", spec.get("dnsConfig"), spec.get("dnsPolicy", ""))
    for field, check in _NEXT_CHECKS:
        if spec.get(field):
            check(problems, f"{path}.{field}", spec[field])
    check_host_process(problems, path, spec)
    if spec.get("hostUsers") is False:
        check_host_users(problems, path, spec)
    if spec.get("hostnameOverride") is not None:
        check_host_name(problems, path, spec)
    _check_names(problems, path, spec)
    check_file_references(problems, path, spec)


def _check_all_containers(
    problems: list[FieldError], path: str, spec: Object, around: Surroundings
) -> None:
    containers = spec.get("containers") or []
    check_containers(problems, f"{path}.containers", containers, around)
    if spec.get("initContainers"):
        names = {container.get("name", "") for container in containers}
        init = spec["initContainers"]
        check_init_containers(problems, f"{path}.initContainers", init, names, around)
    if spec.get("ephemeralContainers"):
        check_ephemeral_containers(problems, f"{path}.ephemeralContainers", spec, around)


def _check_words(problems: list[FieldError], path: str, spec: Object) -> None:
    for field, words in (("restartPolicy", RESTART_POLICIES), ("dnsPolicy", DNS_POLICIES)):
        word = spec.get(field, "")
        if word not in words:
            at = f"{path}.{field}"
            problems.append(not_supported(at, word, words) if word else required(at))
    if spec.get("nodeSelector"):
        labels(problems, f"{path}.nodeSelector", spec["nodeSelector"])
    context = spec.get("securityContext")
    if context:
        check_pod_security(problems, f"{path}.securityContext", context, spec)
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        text = "ShareProcessNamespace and HostPID cannot both be enabled"
        problems.append(invalid_value(f"{path}.shareProcessNamespace", True, text))


def _check_names(problems: list[FieldError], path: str, spec: Object) -> None:
    account = spec.get("serviceAccountName", "")
    _check_subdomain(problems, f"{path}.serviceAccountName", account)
    deprecated = spec.get("serviceAccount", "")
    if deprecated != account:
        text = f'must be the same as serviceAccountName: "{account}"'
        problems.append(invalid_value(f"{path}.deprecatedServiceAccount", deprecated, text))
    _check_subdomain(problems, f"{path}.nodeName", spec.get("nodeName", ""))
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None:
        in_range(problems, f"{path}.activeDeadlineSeconds", deadline, 1, INT32_MAX)
    for field in ("hostname", "subdomain"):
        if spec.get(field):
            dns_label(problems, f"{path}.{field}", spec[field])
    if spec.get("tolerations"):
        check_tolerations(problems, f"{path}.tolerations", spec["tolerations"])
    if spec.get("hostAliases"):
        check_host_aliases(problems, f"{path}.hostAliases", spec["hostAliases"])
    _check_subdomain(problems, f"{path}.priorityClassName", spec.get("priorityClassName", ""))
    runtime = spec.get("runtimeClassName")
    if runtime is not None:
        messages = is_dns1123_subdomain(runtime)
        wrong(problems, f"{path}.runtimeClassName", runtime, messages)
    policy = spec.get("preemptionPolicy")
    if policy is not None and policy not in _PREEMPTION:
        at = f"{path}.preemptionPolicy"
        problems.append(not_supported(at, policy, _PREEMPTION) if policy else required(at))
    if spec.get("overhead"):
        check_requirements(problems, f"{path}.overhead", {"limits": spec["overhead"]})
    if spec.get("os") is not None:
        check_os(problems, path, spec)


def _check_subdomain(problems: list[FieldError], path: str, name: str) -> None:
    if name:
        wrong(problems, path, name, is_dns1123_subdomain(name))


_FIRST_CHECKS: tuple[tuple[str, Check], ...] = (("affinity", check_affinity),)
_NEXT_CHECKS: tuple[tuple[str, Check], ...] = (
    ("readinessGates", check_readiness_gates),
    ("schedulingGates", check_scheduling_gates),
    ("topologySpreadConstraints", check_spreading),
)
