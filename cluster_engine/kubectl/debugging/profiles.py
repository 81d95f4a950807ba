"""What a debugging container may do: the profiles of --profile.

Models: k8s.io/kubectl/pkg/cmd/debug/profiles.go (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import Parsed

#: How one debugs: beside the containers of a pod, in a copy of it, on a node.
EPHEMERAL, COPY, NODE = "ephemeral", "copy", "node"
PROFILES = ("legacy", "general", "baseline", "restricted", "netadmin", "sysadmin")
_PROBES = (
    ("keep-liveness", "livenessProbe"),
    ("keep-readiness", "readinessProbe"),
    ("keep-startup", "startupProbe"),
)


def check_profile(name: str) -> None:
    """Raises KubectlError for one that is not known."""
    if name not in PROFILES:
        raise KubectlError(f"unknown profile: {name}")


def apply_profile(flags: Parsed, style: str, pod: Object, container: Object) -> None:
    """Change the pod and its debugging container as the profile says."""
    profile = flags.text("profile")
    spec: Object = pod["spec"]
    if profile == "legacy":
        if style == NODE:
            _mount_host(spec, container)
            _use_host(spec)
        elif style == COPY:
            pod["metadata"].pop("labels", None)
        return
    _allow(profile, style, container)
    if style == NODE:
        if profile in ("general", "sysadmin"):
            _mount_host(spec, container)
        if profile in ("general", "netadmin", "sysadmin"):
            _use_host(spec)
    elif style == COPY:
        _reduce(flags, pod)
        spec.setdefault("shareProcessNamespace", True)


def _allow(profile: str, style: str, container: Object) -> None:
    if profile == "general" and style != NODE:
        _add_capabilities(container, "SYS_PTRACE")
    elif profile in ("general", "baseline"):
        container.pop("securityContext", None)
    elif profile == "restricted":
        container["securityContext"] = {
            "runAsNonRoot": True,
            "capabilities": {"drop": ["ALL"]},
            "allowPrivilegeEscalation": False,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
    elif profile == "netadmin":
        _add_capabilities(container, "NET_ADMIN", "NET_RAW")
    elif profile == "sysadmin":
        context = container.get("securityContext") or {}
        container["securityContext"] = {**context, "privileged": True}


def _add_capabilities(container: Object, *names: str) -> None:
    context = dict(container.get("securityContext") or {})
    capabilities = dict(context.get("capabilities") or {})
    capabilities["add"] = [*(capabilities.get("add") or ()), *names]
    container["securityContext"] = {**context, "capabilities": capabilities}


def _mount_host(spec: Object, container: Object) -> None:
    volume = {"name": "host-root", "hostPath": {"path": "/"}}
    spec["volumes"] = [*(spec.get("volumes") or ()), volume]
    mount = {"mountPath": "/host", "name": "host-root"}
    container["volumeMounts"] = [*(container.get("volumeMounts") or ()), mount]


def _use_host(spec: Object) -> None:
    spec.update(hostNetwork=True, hostPID=True, hostIPC=True)


def _reduce(flags: Parsed, pod: Object) -> None:
    """A copy is without what would make others take it for the original."""
    for part in ("labels", "annotations"):
        if not flags.is_on(f"keep-{part}"):
            pod["metadata"].pop(part, None)
    for flag, field in _PROBES:
        if not flags.is_on(flag):
            for container in pod["spec"]["containers"]:
                container.pop(field, None)
    if not flags.is_on("keep-init-containers"):
        pod["spec"].pop("initContainers", None)
