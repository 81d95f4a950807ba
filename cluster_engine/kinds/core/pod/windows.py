"""What Windows pods may say, and what only they may say.

Models: validateWindows, validateLinux, validateWindowsSecurityContextOptions and
validateWindowsHostProcessPod in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

import re

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import dns_subdomain
from cluster_engine.kinds.core.pod.visiting import containers_with_path

_SPEC_LENGTH_MAX_KIB = 64
_DOMAIN_LENGTH_MAX = 256
_USER_LENGTH_MAX = 104
_NET_BIOS = re.compile(r'[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}')
_DNS_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_DNS = re.compile(rf"{_DNS_LABEL}(?:\.{_DNS_LABEL})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FOREIGN = re.compile(r'["/\\:;|=,+*?<>@\[\]]')
_ONLY_ON_LINUX = "cannot be set for a windows pod"
_POD_FIELDS = (
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "sysctls",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
)
_CONTAINER_FIELDS = (
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
)


def check_os(problems: list[FieldError], path: str, spec: Object) -> None:
    """The operating system, and whether the rest fits it."""
    name = spec["os"].get("name", "")
    if not name:
        problems.append(required(f"{path}.os.name"))
    elif name == "linux":
        _check_linux(problems, path, spec)
    elif name == "windows":
        _check_windows(problems, path, spec)
    else:
        problems.append(not_supported(f"{path}.os", name, ("linux", "windows")))


def _check_linux(problems: list[FieldError], path: str, spec: Object) -> None:
    text = "windows options cannot be set for a linux pod"
    contexts = [(f"{path}.securityContext", spec.get("securityContext"))]
    contexts += [
        (f"{at}.securityContext", container.get("securityContext"))
        for at, container in containers_with_path(spec, path)
    ]
    for at, context in contexts:
        if (context or {}).get("windowsOptions") is not None:
            problems.append(forbidden_field(f"{at}.windowsOptions", text))


def _check_windows(problems: list[FieldError], path: str, spec: Object) -> None:
    def forbid(at: str, held: Object | None, fields: tuple[str, ...]) -> None:
        problems.extend(
            forbidden_field(f"{at}.{name}", _ONLY_ON_LINUX)
            for name in fields
            if (held or {}).get(name) is not None
        )

    forbid(f"{path}.securityContext", spec.get("securityContext"), _POD_FIELDS)
    forbid(path, spec, ("hostUsers",))
    forbid(path, {k: v for k, v in spec.items() if v}, ("hostPID", "hostIPC"))
    forbid(path, spec, ("shareProcessNamespace",))
    for at, container in containers_with_path(spec, path):
        forbid(f"{at}.securityContext", container.get("securityContext"), _CONTAINER_FIELDS)


def check_windows_options(problems: list[FieldError], path: str, options: Object | None) -> None:
    """The Windows part of a security context."""
    if options is None:
        return
    name = options.get("gmsaCredentialSpecName")
    if name is not None:
        dns_subdomain(problems, f"{path}.gmsaCredentialSpecName", name)
    spec = options.get("gmsaCredentialSpec")
    if spec is not None:
        at = f"{path}.gmsaCredentialSpec"
        if not spec:
            text = "gmsaCredentialSpec cannot be an empty string"
            problems.append(invalid_value(at, spec, text))
        elif len(spec) > _SPEC_LENGTH_MAX_KIB * 1024:
            text = f"gmsaCredentialSpec size must be under {_SPEC_LENGTH_MAX_KIB} KiB"
            problems.append(invalid_value(at, spec, text))
    user = options.get("runAsUserName")
    if user is not None:
        for text in _user_problems(user):
            problems.append(invalid_value(f"{path}.runAsUserName", user, text))


def _user_problems(name: str) -> list[str]:
    if not name:
        return ["runAsUserName cannot be an empty string"]
    if _CONTROL.search(name):
        return ["runAsUserName cannot contain control characters"]
    parts = name.split("\\")
    if len(parts) > 2:
        return ["runAsUserName cannot contain more than one backslash"]
    found, user = [], parts[-1]
    if len(parts) == 2:
        domain = parts[0]
        if len(domain) >= _DOMAIN_LENGTH_MAX:
            found.append(
                f"runAsUserName's Domain length must be under {_DOMAIN_LENGTH_MAX} characters"
            )
        if not _NET_BIOS.fullmatch(domain) and not _DNS.fullmatch(domain):
            found.append("runAsUserName's Domain doesn't match the NetBios nor the DNS format")
    if not user:
        found.append("runAsUserName's User cannot be empty")
    elif len(user) > _USER_LENGTH_MAX:
        found.append(
            f"runAsUserName's User length must not be longer than {_USER_LENGTH_MAX} characters"
        )
    if re.fullmatch("[. ]+", user):
        found.append("runAsUserName's User cannot contain only periods or spaces")
    if _FOREIGN.search(user):
        signs = '"/\\:;|=,+*?<>@[]'
        found.append(f"runAsUserName's User cannot contain the following characters: {signs}")
    return found


def check_host_process(problems: list[FieldError], path: str, spec: Object) -> None:
    """All containers of a pod run as host processes, or none."""
    of_pod = _is_host_process(spec.get("securityContext"))
    total = host = 0
    for at, container in containers_with_path(spec, path):
        total += 1
        of_container = _is_host_process(container.get("securityContext"))
        if of_pod is not None and of_container is not None and of_pod != of_container:
            shown = "true" if of_pod else "false"
            text = f"pod hostProcess value must be identical if both are specified, was {shown}"
            place = f"{at}.securityContext.windowsOptions.hostProcess"
            problems.append(invalid_value(place, of_container, text))
        host += bool(of_pod if of_container is None else of_container)
    if not host:
        return
    if host != total:
        text = (
            "If pod contains any hostProcess containers then all containers must be "
            "HostProcess containers"
        )
        problems.append(invalid_value(path, "", text))
    if not spec.get("hostNetwork"):
        text = "hostNetwork must be true if pod contains any hostProcess containers"
        problems.append(invalid_value(f"{path}.hostNetwork", False, text))


def _is_host_process(context: Object | None) -> bool | None:
    options = (context or {}).get("windowsOptions") or {}
    found: bool | None = options.get("hostProcess")
    return found
