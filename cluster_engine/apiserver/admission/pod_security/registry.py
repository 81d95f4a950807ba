"""All checks of the Pod Security Standards, and judging a pod by them.

Models: k8s.io/pod-security-admission/policy/registry.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.pod_security import baseline, restricted
from cluster_engine.apiserver.admission.pod_security.levels import (
    BASELINE,
    PRIVILEGED,
    RESTRICTED,
    Standard,
)

_Function = Callable[[Object, Object, int], baseline.Objection | None]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: from which minor release it counts, and which baseline check it replaces."""

    name: str
    level: str
    function: _Function
    since: int = 0
    replaces: str = ""


#: Baseline before restricted, each by name: the order of objections.
CHECKS: tuple[Check, ...] = (
    Check("appArmorProfile", BASELINE, baseline.app_armor),
    Check("capabilities_baseline", BASELINE, baseline.capabilities),
    Check("hostNamespaces", BASELINE, baseline.host_namespaces),
    Check("hostPathVolumes", BASELINE, baseline.host_path_volumes),
    Check("hostPorts", BASELINE, baseline.host_ports),
    Check("hostProbesAndHostLifecycle", BASELINE, baseline.host_probes, 34),
    Check("privileged", BASELINE, baseline.privileged),
    Check("procMount", BASELINE, baseline.proc_mount),
    Check("seLinuxOptions", BASELINE, baseline.se_linux_options),
    Check("seccompProfile_baseline", BASELINE, baseline.seccomp),
    Check("sysctls", BASELINE, baseline.sysctls),
    Check("windowsHostProcess", BASELINE, baseline.windows_host_process),
    Check("allowPrivilegeEscalation", RESTRICTED, restricted.privilege_escalation, 8),
    Check(
        "capabilities_restricted",
        RESTRICTED,
        restricted.capabilities,
        22,
        "capabilities_baseline",
    ),
    Check("procMount_restricted", RESTRICTED, baseline.masked_proc, 35, "procMount"),
    Check("restrictedVolumes", RESTRICTED, restricted.volumes, 0, "hostPathVolumes"),
    Check("runAsNonRoot", RESTRICTED, restricted.run_as_non_root),
    Check("runAsUser", RESTRICTED, restricted.run_as_user, 23),
    Check(
        "seccompProfile_restricted", RESTRICTED, restricted.seccomp, 19, "seccompProfile_baseline"
    ),
)


def objections(standard: Standard, metadata: Object, spec: Object) -> list[baseline.Objection]:
    """What a pod does that the standard does not allow, in order."""
    if standard.level == PRIVILEGED:
        return []
    minor = standard.minor
    checks = [check for check in CHECKS if check.since <= minor]
    if standard.level == BASELINE:
        checks = [check for check in checks if check.level == BASELINE]
    replaced = {check.replaces for check in checks}
    found = [
        check.function(metadata, spec, minor) for check in checks if check.name not in replaced
    ]
    return [objection for objection in found if objection is not None]


def in_detail(found: list[baseline.Objection]) -> str:
    """The objections as a refusal lists them."""
    return ", ".join(f"{reason} ({detail})" if detail else reason for reason, detail in found)
