"""Security contexts of pods and containers.

Models: ValidateSecurityContext, validatePodSpecSecurityContext and their kin in
pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

import re

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    invalid_value,
    not_supported,
    required,
    too_long,
)
from cluster_engine.apimachinery.names import is_user_id
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import one_of, wrong
from cluster_engine.kinds.core.paths import descending
from cluster_engine.kinds.core.pod.windows import check_windows_options
from cluster_engine.kinds.internal import internal

_SECCOMP_TYPES = ("Localhost", "RuntimeDefault", "Unconfined")
_PROC_MOUNTS = ("Default", "Unmasked")
_PROFILE_LENGTH_MAX = 4095
_SYSCTL_LENGTH_MAX = 253
_SYSCTL_SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_SYSCTL_PATTERN = rf"({_SYSCTL_SEGMENT}[\./])*{_SYSCTL_SEGMENT}"
_IPC_SYSCTLS = ("kernel.shm", "kernel.msg", "fs.mqueue.")


def check_container_security(
    problems: list[FieldError], path: str, context: Object, *, has_host_users: bool
) -> None:
    """The security context of a container."""
    for name in ("runAsUser", "runAsGroup"):
        if context.get(name) is not None:
            wrong(problems, f"{path}.{name}", context[name], is_user_id(context[name]))
    proc_mount = context.get("procMount")
    if proc_mount is not None:
        at = f"{path}.procMount"
        one_of(problems, at, proc_mount, _PROC_MOUNTS)
        if has_host_users and proc_mount == "Unmasked":
            text = "`hostUsers` must be false to use `Unmasked`"
            problems.append(invalid_value(at, proc_mount, text))
    _check_seccomp(problems, f"{path}.seccompProfile", context.get("seccompProfile"))
    if context.get("allowPrivilegeEscalation") is False:
        _check_escalation(problems, path, context)
    check_windows_options(problems, f"{path}.windowsOptions", context.get("windowsOptions"))
    _check_app_armor(problems, f"{path}.appArmorProfile", context.get("appArmorProfile"))


def _check_escalation(problems: list[FieldError], path: str, context: Object) -> None:
    shown = internal("core", "SecurityContext", context)
    prefix = "cannot set `allowPrivilegeEscalation` to false and"
    if context.get("privileged"):
        problems.append(invalid_value(path, shown, f"{prefix} `privileged` to true"))
    for capability in (context.get("capabilities") or {}).get("add") or ():
        if capability == "CAP_SYS_ADMIN":
            text = f"{prefix} `capabilities.Add` CAP_SYS_ADMIN"
            problems.append(invalid_value(path, shown, text))


def check_pod_security(
    problems: list[FieldError], path: str, context: Object, spec: Object
) -> None:
    """The security context of a pod."""
    for name in ("fsGroup", "runAsUser", "runAsGroup"):
        if context.get(name) is not None:
            wrong(problems, f"{path}.{name}", context[name], is_user_id(context[name]))
    for position, group in enumerate(context.get("supplementalGroups") or ()):
        wrong(problems, f"{path}.supplementalGroups[{position}]", group, is_user_id(group))
    if context.get("sysctls"):
        _check_sysctls(problems, f"{path}.sysctls", context["sysctls"], spec)
    for name, words in (("fsGroupChangePolicy", ("Always", "OnRootMismatch")),):
        if context.get(name) is not None:
            one_of(problems, f"{path}.{name}", context[name], words)
    _check_seccomp(problems, f"{path}.seccompProfile", context.get("seccompProfile"))
    check_windows_options(problems, f"{path}.windowsOptions", context.get("windowsOptions"))
    _check_app_armor(problems, f"{path}.appArmorProfile", context.get("appArmorProfile"))
    for name, words in (
        ("supplementalGroupsPolicy", ("Merge", "Strict")),
        ("seLinuxChangePolicy", ("MountOption", "Recursive")),
    ):
        if context.get(name) is not None:
            one_of(problems, f"{path}.{name}", context[name], words)


def _check_sysctls(
    problems: list[FieldError], path: str, sysctls: list[Object], spec: Object
) -> None:
    names: set[str] = set()
    for position, sysctl in enumerate(sysctls):
        name, at = sysctl.get("name", ""), f"{path}[{position}].name"
        if not name:
            problems.append(required(at))
        elif len(name) > _SYSCTL_LENGTH_MAX or not re.fullmatch(_SYSCTL_PATTERN, name):
            text = (
                f"must have at most {_SYSCTL_LENGTH_MAX} characters and match regex "
                f"^{_SYSCTL_PATTERN}$"
            )
            problems.append(invalid_value(at, name, text))
        elif name in names:
            problems.append(duplicate(at, name))
        dotted = _dotted(name)
        if spec.get("hostNetwork") and dotted.startswith("net."):
            text = "may not be specified when 'hostNetwork' is true"
            problems.append(invalid_value(at, name, text))
        elif spec.get("hostIPC") and (dotted.startswith(_IPC_SYSCTLS) or dotted == "kernel.sem"):
            text = "may not be specified when 'hostIPC' is true"
            problems.append(invalid_value(at, name, text))
        names.add(name)


def _dotted(name: str) -> str:
    """With dots between segments, whichever of dots and slashes it was written with."""
    first = re.search(r"[./]", name)
    if first is None or first[0] == ".":
        return name
    return name.translate(str.maketrans("./", "/."))


def _check_seccomp(problems: list[FieldError], path: str, profile: Object | None) -> None:
    if profile is None:
        return
    type_, local = profile.get("type", ""), profile.get("localhostProfile")
    if not type_:
        text = "type is required when seccompProfile is set"
        problems.append(required(f"{path}.type", text))
    elif type_ not in _SECCOMP_TYPES:
        problems.append(not_supported(f"{path}.type", type_, _SECCOMP_TYPES))
    at = f"{path}.localhostProfile"
    if type_ == "Localhost":
        if local is None:
            problems.append(required(at, "must be set when seccomp type is Localhost"))
        else:
            descending(problems, at, local)
    elif local is not None:
        shown = internal("core", "SeccompProfile", profile)
        text = "can only be set when seccomp type is Localhost"
        problems.append(invalid_value(at, shown, text))


def _check_app_armor(problems: list[FieldError], path: str, profile: Object | None) -> None:
    if profile is None:
        return
    type_, local = profile.get("type", ""), profile.get("localhostProfile")
    at = f"{path}.localhostProfile"
    if type_ == "Localhost":
        text = "must be set when AppArmor type is Localhost"
        if local is None:
            problems.append(required(at, text))
            return
        if local.strip() != local:
            problems.append(invalid_value(at, local, "must not be padded with whitespace"))
        elif not local:
            problems.append(required(at, text))
        if len(local) > _PROFILE_LENGTH_MAX:
            problems.append(too_long(at, _PROFILE_LENGTH_MAX))
    elif type_ in _SECCOMP_TYPES:
        if local is not None:
            text = "can only be set when AppArmor type is Localhost"
            problems.append(invalid_value(at, local, text))
    elif not type_:
        text = "type is required when appArmorProfile is set"
        problems.append(required(f"{path}.type", text))
    else:
        problems.append(not_supported(f"{path}.type", type_, _SECCOMP_TYPES))
