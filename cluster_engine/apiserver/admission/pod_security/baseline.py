"""The checks of the baseline level: known ways out of a container.

Each check gives what it objects to as reason and detail, or None.

Models: k8s.io/pod-security-admission/policy (v0.37.2), one function per check_*.go.
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.pod_security.containers import (
    bad_containers,
    containers,
    named,
    plural,
    quoted,
    security,
    setters,
    values,
)

#: A reason and its detail.
Objection = tuple[str, str]

_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
_SECCOMP = "container.seccomp.security.alpha.kubernetes.io/"
_GOOD_PROFILES = ("RuntimeDefault", "Localhost")
CAPABILITIES = (
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
)
_SELINUX_TYPES = ("", "container_t", "container_init_t", "container_kvm_t")
#: Sysctls that a pod may set, by the minor release that began to allow them.
_SYSCTLS = (
    (0, "kernel.shm_rmid_forced"),
    (0, "net.ipv4.ip_local_port_range"),
    (0, "net.ipv4.tcp_syncookies"),
    (0, "net.ipv4.ping_group_range"),
    (0, "net.ipv4.ip_unprivileged_port_start"),
    (27, "net.ipv4.ip_local_reserved_ports"),
    (29, "net.ipv4.tcp_keepalive_time"),
    (29, "net.ipv4.tcp_fin_timeout"),
    (29, "net.ipv4.tcp_keepalive_intvl"),
    (29, "net.ipv4.tcp_keepalive_probes"),
    (32, "net.ipv4.tcp_rmem"),
    (32, "net.ipv4.tcp_wmem"),
    (37, "net.ipv4.tcp_slow_start_after_idle"),
    (37, "net.ipv4.tcp_notsent_lowat"),
)


def app_armor(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """AppArmor stays on, by field or by annotation."""
    del minor
    found = setters(spec, _has_bad_app_armor)
    bad = sorted({p.get("type", "") for p in values(spec, "appArmorProfile")} - {*_GOOD_PROFILES})
    annotations = sorted(
        f'{key}="{value}"'
        for key, value in (metadata.get("annotations") or {}).items()
        if key.startswith(_APPARMOR) and not _is_good_annotation(value)
    )
    if annotations:
        bad += annotations
        found = " and ".join(
            part for part in (found, plural("annotation", len(annotations))) if part
        )
    if not found:
        return None
    detail = f"{found} must not set AppArmor profile type to {quoted(bad)}"
    return plural("forbidden AppArmor profile", len(bad)), detail


def _has_bad_app_armor(context: Object) -> bool:
    profile = context.get("appArmorProfile")
    return profile is not None and profile.get("type", "") not in _GOOD_PROFILES


def _is_good_annotation(value: str) -> bool:
    return value in ("", "runtime/default") or value.startswith("localhost/")


def capabilities(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """No capabilities but those that containers have anyway."""
    del metadata, minor
    names = bad_containers(spec, lambda context: bool(added(context, CAPABILITIES)))
    if not names:
        return None
    bad = sorted({name for item in containers(spec) for name in added(item, CAPABILITIES)})
    detail = (
        f"{named('container', names)} must not include {quoted(bad)} "
        "in securityContext.capabilities.add"
    )
    return "non-default capabilities", detail


def added(holder: Object, allowed: tuple[str, ...]) -> list[str]:
    """Capabilities that a container, or its security context, adds beyond the allowed ones."""
    context = security(holder) if "securityContext" in holder else holder
    asked = (context.get("capabilities") or {}).get("add") or ()
    return [name for name in asked if name not in allowed]


def host_namespaces(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """Nothing shared with the node."""
    del metadata, minor
    fields = [name for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name)]
    found = ", ".join(f"{name}=true" for name in fields)
    return ("host namespaces", found) if found else None


def host_path_volumes(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """No directories of the node."""
    del metadata, minor
    names = [item["name"] for item in spec.get("volumes") or () if "hostPath" in item]
    return ("hostPath volumes", named("volume", names)) if names else None


def host_ports(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """No ports of the node."""
    del metadata, minor
    names: list[str] = []
    numbers: set[str] = set()
    for item in containers(spec):
        ports = [port["hostPort"] for port in item.get("ports") or () if port.get("hostPort")]
        if ports:
            names.append(item["name"])
            numbers.update(map(str, ports))
    if not names:
        return None
    verb = "uses" if len(names) == 1 else "use"
    ports_noun = plural("hostPort", len(numbers))
    detail = f"{named('container', names)} {verb} {ports_noun} {', '.join(sorted(numbers))}"
    return "hostPort", detail


def host_probes(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """Probes and lifecycle handlers go to the pod itself."""
    del metadata, minor
    found = {item["name"]: hosts for item in containers(spec) if (hosts := _handler_hosts(item))}
    if not found:
        return None
    hosts = sorted({host for asked in found.values() for host in asked})
    verb = "uses" if len(found) == 1 else "use"
    noun = plural("probe or lifecycle host", len(hosts))
    detail = f"{named('container', sorted(found))} {verb} {noun} {quoted(hosts)}"
    return "probe or lifecycle host", detail


def _handler_hosts(container: Object) -> list[str]:
    lifecycle = container.get("lifecycle") or {}
    handlers = [container.get(name) for name in ("livenessProbe", "readinessProbe", "startupProbe")]
    handlers += [lifecycle.get(name) for name in ("postStart", "preStop")]
    return [
        host
        for handler in handlers
        for way in ("httpGet", "tcpSocket")
        if (host := ((handler or {}).get(way) or {}).get("host"))
    ]


def privileged(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """No privileged containers."""
    del metadata, minor
    names = bad_containers(spec, lambda context: bool(context.get("privileged")))
    if not names:
        return None
    return "privileged", f"{named('container', names)} must not set securityContext.privileged=true"


def proc_mount(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """/proc stays masked, unless the pod has a user namespace (since 1.35)."""
    if minor >= 35 and spec.get("hostUsers") is False:
        return None
    return masked_proc(metadata, spec, minor)


def masked_proc(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """/proc stays masked."""
    del metadata, minor
    names = bad_containers(spec, lambda context: context.get("procMount", "Default") != "Default")
    if not names:
        return None
    kinds = sorted(
        {security(item).get("procMount", "Default") for item in containers(spec)} - {"Default"}
    )
    detail = (
        f"{named('container', names)} must not set securityContext.procMount to {quoted(kinds)}"
    )
    return "procMount", detail


def se_linux_options(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """SELinux types of containers only, no users and roles."""
    del metadata
    allowed = (*_SELINUX_TYPES, "container_engine_t") if minor >= 31 else _SELINUX_TYPES

    def is_bad(context: Object) -> bool:
        options = context.get("seLinuxOptions")
        return options is not None and bool(
            options.get("type", "") not in allowed or options.get("user") or options.get("role")
        )

    found = setters(spec, is_bad)
    if not found:
        return None
    options = values(spec, "seLinuxOptions")
    types = sorted({option.get("type", "") for option in options} - set(allowed))
    parts = [named("type", types)] if types else []
    for field in ("user", "role"):
        if any(option.get(field) for option in options):
            parts.append(f"{field} may not be set")
    detail = f"{found} set forbidden securityContext.seLinuxOptions: {'; '.join(parts)}"
    return "seLinuxOptions", detail


def seccomp(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """Seccomp is not switched off: by annotation before 1.19, by field since."""
    return bad_seccomp(spec) if minor >= 19 else _seccomp_annotations(metadata, spec)


def bad_seccomp(spec: Object) -> Objection | None:
    """Profiles that are set to what is not allowed."""
    found = setters(spec, lambda context: seccomp_type(context) not in ("", *_GOOD_PROFILES))
    if not found:
        return None
    bad = {profile.get("type", "") for profile in values(spec, "seccompProfile")}
    types = quoted(sorted(bad - {*_GOOD_PROFILES}))
    return "seccompProfile", f"{found} must not set securityContext.seccompProfile.type to {types}"


def seccomp_type(context: Object) -> str:
    """The profile's type; empty without a profile."""
    return str((context.get("seccompProfile") or {}).get("type", ""))


def _seccomp_annotations(metadata: Object, spec: Object) -> Objection | None:
    annotations = metadata.get("annotations") or {}
    keys = [_SECCOMP_POD, *(f"{_SECCOMP}{item['name']}" for item in containers(spec))]
    bad = sorted(
        f'{key}="{annotations[key]}"'
        for key in keys
        if key in annotations
        and annotations[key] not in ("runtime/default", "docker/default")
        and not annotations[key].startswith("localhost/")
    )
    if not bad:
        return None
    return "seccompProfile", f"forbidden {plural('annotation', len(bad))} {', '.join(bad)}"


def sysctls(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """Only sysctls that stay inside of the pod."""
    del metadata
    allowed = {name for since, name in _SYSCTLS if since <= minor}
    asked = security(spec).get("sysctls") or ()
    bad = [item["name"] for item in asked if item["name"] not in allowed]
    return ("forbidden sysctls", ", ".join(bad)) if bad else None


def windows_host_process(metadata: Object, spec: Object, minor: int) -> Objection | None:
    """No processes of a Windows node."""
    del metadata, minor
    found = setters(spec, lambda c: bool((c.get("windowsOptions") or {}).get("hostProcess")))
    if not found:
        return None
    return "hostProcess", f"{found} must not set securityContext.windowsOptions.hostProcess=true"
