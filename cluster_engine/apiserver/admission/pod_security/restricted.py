"""The checks of the restricted level: containers as hardened as they can be.

Models: k8s.io/pod-security-admission/policy (v0.37.2), one function per check_*.go.
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.pod_security.baseline import (
    Objection,
    added,
    bad_seccomp,
    seccomp_type,
)
from cluster_engine.apiserver.admission.pod_security.containers import (
    bad_containers,
    containers,
    named,
    plural,
    quoted,
    security,
    setters,
)

_GOOD_VOLUMES = (
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
)


def _is_windows(spec: Object, minor: int) -> bool:
    """Windows has no such thing; a check that says so since 1.25 lets it pass."""
    return minor >= 25 and (spec.get("os") or {}).get("name") == "windows"


def _has_user_namespace(spec: Object, minor: int) -> bool:
    return minor >= 35 and spec.get("hostUsers") is False


def privilege_escalation(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """No more rights by set-user-ID files."""
    del metadata
    if _is_windows(spec, minor):
        return None
    names = bad_containers(
        spec, lambda context: context.get("allowPrivilegeEscalation") is not False
    )
    if not names:
        return None
    detail = f"{named('container', names)} must set securityContext.allowPrivilegeEscalation=false"
    return "allowPrivilegeEscalation != false", detail


def capabilities(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """All capabilities are dropped; at most the one for low ports comes back."""
    del metadata
    if _is_windows(spec, minor):
        return None
    details: list[str] = []
    keeping = bad_containers(
        spec, lambda context: "ALL" not in ((context.get("capabilities") or {}).get("drop") or ())
    )
    if keeping:
        names = named("container", keeping)
        details.append(f'{names} must set securityContext.capabilities.drop=["ALL"]')
    allowed = ("NET_BIND_SERVICE",)
    adding = bad_containers(spec, lambda context: bool(added(context, allowed)))
    if adding:
        bad = quoted(sorted({name for item in containers(spec) for name in added(item, allowed)}))
        names = named("container", adding)
        details.append(f"{names} must not include {bad} in securityContext.capabilities.add")
    return ("unrestricted capabilities", "; ".join(details)) if details else None


def volumes(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """Only volumes that come from the cluster."""
    del metadata, minor
    names: list[str] = []
    types: set[str] = set()
    for item in spec.get("volumes") or ():
        sources = [field for field in item if field != "name"]
        if not any(field in _GOOD_VOLUMES for field in sources):
            names.append(item["name"])
            types.add(sources[0] if sources else "unknown")
    if not names:
        return None
    verb = "uses" if len(names) == 1 else "use"
    noun = plural("restricted volume type", len(types))
    return "restricted volume types", f"{named('volume', names)} {verb} {noun} " + quoted(
        sorted(types)
    )


def run_as_non_root(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """Containers say that they do not run as root."""
    del metadata
    if _has_user_namespace(spec, minor):
        return None
    reason = "runAsNonRoot != true"
    found = setters(spec, lambda context: context.get("runAsNonRoot") is False)
    if found:
        return reason, f"{found} must not set securityContext.runAsNonRoot=false"
    if security(spec).get("runAsNonRoot"):
        return None
    names = bad_containers(spec, lambda context: context.get("runAsNonRoot") is None)
    if not names:
        return None
    detail = f"pod or {named('container', names)} must set securityContext.runAsNonRoot=true"
    return reason, detail


def run_as_user(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """Containers do not ask for user 0."""
    del metadata
    if _has_user_namespace(spec, minor):
        return None
    found = setters(spec, lambda context: context.get("runAsUser") == 0)
    return ("runAsUser=0", f"{found} must not set runAsUser=0") if found else None


def seccomp(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """Every container has a seccomp profile."""
    del metadata
    if _is_windows(spec, minor):
        return None
    bad = bad_seccomp(spec)
    if bad is not None or seccomp_type(security(spec)):
        return bad
    names = bad_containers(spec, lambda context: "seccompProfile" not in context)
    if not names:
        return None
    detail = (
        f"pod or {named('container', names)} must set securityContext.seccompProfile.type to "
        '"RuntimeDefault" or "Localhost"'
    )
    return "seccompProfile", detail
