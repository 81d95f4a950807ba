"""Annotations that once were, or still are, part of a pod's meaning.

Models: ValidatePodSpecificAnnotations, validateSeccompAnnotationsAndFields,
validateAppArmorAnnotationsAndFieldsMatchOnCreate in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cluster_engine.apimachinery.fields import FieldError, forbidden_field, invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.core.paths import descending
from cluster_engine.kinds.core.pod.visiting import containers_with_path

MIRROR = "kubernetes.io/config.mirror"
_DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
_SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
_SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
_LOCALHOST = "localhost/"
_COST = re.compile(r"-?(0|[1-9][0-9]*)")
#: The annotation's words for the types of the fields.
_SECCOMP_WORDS = {
    "Unconfined": ("unconfined",),
    "RuntimeDefault": ("runtime/default", "docker/default"),
}
_APP_ARMOR_WORDS = {"Unconfined": ("unconfined",), "RuntimeDefault": ("runtime/default",)}


def check_annotations(
    problems: list[FieldError], path: str, annotations: Mapping[str, str], spec: Object
) -> None:
    """Those that mean something must make sense."""
    if MIRROR in annotations and not spec.get("nodeName"):
        text = "must set spec.nodeName if mirror pod annotation is set"
        problems.append(invalid_value(f"{path}[{MIRROR}]", annotations[MIRROR], text))
    cost = annotations.get(_DELETION_COST)
    if cost is not None and not _is_int32(cost):
        text = "must be a 32bit integer"
        problems.append(invalid_value(f"{path}[{_DELETION_COST}]", cost, text))
    for name, value in annotations.items():
        if name == _SECCOMP_POD or name.startswith(_SECCOMP_CONTAINER):
            _check_seccomp(problems, f"{path}.{name}", value)
    for name, value in annotations.items():
        if name.startswith(APP_ARMOR):
            _check_app_armor(problems, f"{path}[{name}]", name, value, spec)


def _is_int32(text: str) -> bool:
    return bool(_COST.fullmatch(text)) and -(2**31) <= int(text) < 2**31


def _check_seccomp(problems: list[FieldError], path: str, profile: str) -> None:
    if profile in ("runtime/default", "docker/default", "unconfined"):
        return
    if profile.startswith(_LOCALHOST):
        descending(problems, path, profile.removeprefix(_LOCALHOST))
    else:
        problems.append(invalid_value(path, profile, "must be a valid seccomp profile"))


def _check_app_armor(
    problems: list[FieldError], path: str, name: str, profile: str, spec: Object
) -> None:
    container = name.removeprefix(APP_ARMOR)
    names = {one.get("name", "") for _, one in containers_with_path(spec, "")}
    if container not in names:
        problems.append(invalid_value(path, container, "container not found"))
    known = ("", "runtime/default", "unconfined")
    if profile not in known and not profile.startswith(_LOCALHOST):
        text = f'invalid AppArmor profile name: "{profile}"'
        problems.append(invalid_value(path, profile, text))


def check_agreement(
    problems: list[FieldError], path: str, annotations: Mapping[str, str], spec: Object
) -> None:
    """A new pod's annotations must say the same as its fields."""
    if not any(
        name.startswith((_SECCOMP_POD, _SECCOMP_CONTAINER, APP_ARMOR)) for name in annotations
    ):
        return
    context = spec.get("securityContext") or {}
    profile = context.get("seccompProfile")
    if profile is not None and _SECCOMP_POD in annotations:
        at = f"{path}.securityContext.seccompProfile"
        _compare(problems, at, "seccomp", annotations[_SECCOMP_POD], profile, _SECCOMP_WORDS)
    for at, container in containers_with_path(spec, path):
        own = (container.get("securityContext") or {}).get("seccompProfile")
        name = f"{_SECCOMP_CONTAINER}{container.get('name', '')}"
        if own is not None and name in annotations:
            place = f"{at}.securityContext.seccompProfile"
            _compare(problems, place, "seccomp", annotations[name], own, _SECCOMP_WORDS)
    if (spec.get("os") or {}).get("name") == "windows":
        return
    for at, container in containers_with_path(spec, path):
        own = (container.get("securityContext") or {}).get("appArmorProfile")
        profile = own if own is not None else context.get("appArmorProfile")
        name = f"{APP_ARMOR}{container.get('name', '')}"
        if profile is not None and name in annotations:
            place = f"{at}.securityContext.appArmorProfile"
            _compare(problems, place, "apparmor", annotations[name], profile, _APP_ARMOR_WORDS)


def _compare(
    problems: list[FieldError],
    path: str,
    what: str,
    annotation: str,
    profile: Object,
    words: Mapping[str, tuple[str, ...]],
) -> None:
    type_ = profile.get("type", "")
    if type_ in words:
        if annotation not in words[type_]:
            text = f"{what} type in annotation and field must match"
            problems.append(forbidden_field(f"{path}.type", text))
    elif type_ == "Localhost":
        if not annotation.startswith(_LOCALHOST):
            text = f"{what} type in annotation and field must match"
            problems.append(forbidden_field(f"{path}.type", text))
        elif annotation.removeprefix(_LOCALHOST) != profile.get("localhostProfile"):
            text = f"{what} profile in annotation and field must match"
            problems.append(forbidden_field(f"{path}.localhostProfile", text))


def check_annotation_changes(
    problems: list[FieldError], path: str, new: Mapping[str, str], old: Mapping[str, str]
) -> None:
    """Some may neither come, change nor go."""
    for name, value in old.items():
        if new.get(name) == value:
            continue
        if name.startswith(APP_ARMOR):
            text = "may not remove or update AppArmor annotations"
            problems.append(forbidden_field(f"{path}[{name}]", text))
        if name == MIRROR:
            text = "may not remove or update mirror pod annotation"
            problems.append(forbidden_field(f"{path}[{name}]", text))
    for name in new:
        if name in old:
            continue
        if name.startswith(APP_ARMOR):
            text = "may not add AppArmor annotations"
            problems.append(forbidden_field(f"{path}[{name}]", text))
        if name == MIRROR:
            text = "may not add mirror pod annotation"
            problems.append(forbidden_field(f"{path}[{name}]", text))


def app_armor_of(annotation: str) -> Object | None:
    """The field that says the same as an AppArmor annotation; None for one that says nothing."""
    for type_, words in _APP_ARMOR_WORDS.items():
        if annotation in words:
            return {"type": type_}
    profile = annotation.removeprefix(_LOCALHOST)
    if profile and profile != annotation:
        return {"type": "Localhost", "localhostProfile": profile}
    return None
