"""Mounts of volumes and block devices into containers.

Models: ValidateVolumeMounts, ValidateVolumeDevices in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_found_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.core.paths import descending

_PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
_RECURSIVE = ("Disabled", "Enabled", "IfPossible")


def check_mounts(
    problems: list[FieldError], path: str, container: Object, volumes: dict[str, Object]
) -> None:
    """The `volumeMounts` of a container; `volumes` are the good ones of its pod by name."""
    devices = {
        device.get("name", ""): device.get("devicePath", "")
        for device in container.get("volumeDevices") or ()
    }
    used: set[str] = set()
    for position, mount in enumerate(container.get("volumeMounts") or ()):
        name, target = mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            problems.append(required(f"{path}[{position}].name"))
        if name not in volumes:
            problems.append(not_found_value(f"{path}[{position}].name", name))
        if not target:
            problems.append(required(f"{path}[{position}].mountPath"))
        if target in used:
            at = f"{path}[{position}].mountPath"
            problems.append(invalid_value(at, target, "must be unique"))
        used.add(target)
        if devices:
            _check_against_devices(problems, f"{path}[{position}]", name, target, devices)
        if len(mount) > 2:
            _check_options(problems, path, position, mount, container)


def _check_against_devices(
    problems: list[FieldError], at: str, name: str, target: str, devices: dict[str, str]
) -> None:
    if name in devices:
        text = "must not already exist in volumeDevices"
        problems.append(invalid_value(f"{at}.name", name, text))
    if target in devices.values():
        text = "must not already exist as a path in volumeDevices"
        problems.append(invalid_value(f"{at}.mountPath", target, text))


def _check_options(
    problems: list[FieldError], path: str, position: int, mount: Object, container: Object
) -> None:
    # Upstream leaves the position out of these paths.
    if mount.get("subPath"):
        descending(problems, f"{path}.subPath", mount["subPath"])
    if mount.get("subPathExpr"):
        if mount.get("subPath"):
            text = "subPathExpr and subPath are mutually exclusive"
            at = f"{path}[{position}].subPathExpr"
            problems.append(invalid_value(at, mount["subPathExpr"], text))
        descending(problems, f"{path}.subPathExpr", mount["subPathExpr"])
    propagation = mount.get("mountPropagation")
    if propagation is not None:
        at = f"{path}.mountPropagation"
        if propagation not in _PROPAGATIONS:
            problems.append(not_supported(at, propagation, _PROPAGATIONS))
        is_privileged = (container.get("securityContext") or {}).get("privileged")
        if propagation == "Bidirectional" and not is_privileged:
            text = "Bidirectional mount propagation is available only to privileged containers"
            problems.append(forbidden_field(at, text))
    if mount.get("recursiveReadOnly") is not None:
        _check_recursive(problems, f"{path}.recursiveReadOnly", mount)


def _check_recursive(problems: list[FieldError], at: str, mount: Object) -> None:
    word = mount["recursiveReadOnly"]
    if word not in _RECURSIVE:
        problems.append(not_supported(at, word, _RECURSIVE))
    elif word != "Disabled":
        if not mount.get("readOnly"):
            text = "may only be specified when readOnly is true"
            problems.append(forbidden_field(at, text))
        if mount.get("mountPropagation") not in (None, "None"):
            text = "may only be specified when mountPropagation is None or not specified"
            problems.append(forbidden_field(at, text))


def check_devices(
    problems: list[FieldError], path: str, container: Object, volumes: dict[str, Object]
) -> None:
    """The `volumeDevices` of a container."""
    mounts = {
        mount.get("name", ""): mount.get("mountPath", "")
        for mount in container.get("volumeMounts") or ()
    }
    names: set[str] = set()
    paths: set[str] = set()
    for position, device in enumerate(container["volumeDevices"]):
        at = f"{path}[{position}]"
        name, target = device.get("name", ""), device.get("devicePath", "")
        _check_device_name(problems, f"{at}.name", name, names, volumes)
        if not target:
            problems.append(required(f"{at}.devicePath"))
        if target in paths:
            problems.append(invalid_value(f"{at}.devicePath", target, "must be unique"))
        if target and ".." in target.split("/"):
            text = "can not contain backsteps ('..')"
            problems.append(invalid_value(f"{at}.devicePath", target, text))
        else:
            paths.add(target)
        if name in mounts:
            text = "must not already exist in volumeMounts"
            problems.append(invalid_value(f"{at}.name", name, text))
        if target in mounts.values():
            text = "must not already exist as a path in volumeMounts"
            problems.append(invalid_value(f"{at}.devicePath", target, text))
        if name:
            names.add(name)


def _check_device_name(
    problems: list[FieldError], at: str, name: str, names: set[str], volumes: dict[str, Object]
) -> None:
    if not name:
        problems.append(required(at))
    if name in names:
        problems.append(invalid_value(at, name, "must be unique"))
    volume = volumes.get(name)
    if volume is None:
        problems.append(not_found_value(at, name))
    elif "persistentVolumeClaim" not in volume and "ephemeral" not in volume:
        text = (
            "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
        )
        problems.append(invalid_value(at, name, text))
