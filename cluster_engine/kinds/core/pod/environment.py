"""Environment variables and what they refer to.

Models: ValidateEnv, ValidateEnvFrom and their kin in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from cluster_engine.apimachinery.fields import (
    FieldError,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.names import is_config_map_key, is_relaxed_environment_name
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import dns_label, dns_subdomain, qualified_name, wrong
from cluster_engine.kinds.core.paths import no_backsteps

_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_ENV_FIELDS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
#: Fields of a pod that the downward API knows, for one use or the other.
_KNOWN_FIELDS = (*_ENV_FIELDS, "metadata.annotations", "metadata.labels", "spec.restartPolicy")
_RESOURCES = (
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
)
_HUGE_PAGES = ("requests.hugepages-", "limits.hugepages-")
_SIZES = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
_SUBSCRIPT = re.compile(r"(.+)\['([^']*)'\]")


def check_environment(problems: list[FieldError], path: str, variables: list[Object]) -> None:
    """The `env` of a container."""
    for position, variable in enumerate(variables):
        name = variable.get("name", "")
        if not name:
            problems.append(required(f"{path}[{position}].name"))
        else:
            for message in is_relaxed_environment_name(name):
                problems.append(invalid_value(f"{path}[{position}].name", name, message))
        if variable.get("valueFrom") is not None:
            _check_source(problems, f"{path}[{position}].valueFrom", variable)


def _check_source(problems: list[FieldError], path: str, variable: Object) -> None:
    source = variable["valueFrom"]
    used = [name for name in _SOURCES if source.get(name) is not None]
    if "fieldRef" in used:
        check_field_reference(problems, f"{path}.fieldRef", source["fieldRef"], _ENV_FIELDS)
    if "resourceFieldRef" in used:
        check_resource_reference(
            problems, f"{path}.resourceFieldRef", source["resourceFieldRef"], is_in_volume=False
        )
    for name in ("configMapKeyRef", "secretKeyRef"):
        if name in used:
            _check_key(problems, f"{path}.{name}", source[name])
    if "fileKeyRef" in used:
        _check_file_key(problems, f"{path}.fileKeyRef", source["fileKeyRef"])
    if not used:
        text = (
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, "
            "`secretKeyRef` or `fileKeyRef`"
        )
        problems.append(invalid_value(path, "", text))
    elif variable.get("value"):
        problems.append(invalid_value(path, "", "may not be specified when `value` is not empty"))
    elif len(used) > 1:
        text = "may not have more than one field specified at a time"
        problems.append(invalid_value(path, "", text))


def check_field_reference(
    problems: list[FieldError], path: str, reference: Object, fields: Collection[str]
) -> None:
    """A reference to a field of the pod itself."""
    version, field = reference.get("apiVersion", ""), reference.get("fieldPath", "")
    for name, text in (("apiVersion", version), ("fieldPath", field)):
        if not text:
            problems.append(required(f"{path}.{name}"))
            return
    found = _SUBSCRIPT.fullmatch(field)
    base = found[1] if found else field
    problem = ""
    if version != "v1":
        problem = f"unsupported pod version: {version}"
    elif found and base not in ("metadata.annotations", "metadata.labels"):
        problem = f"field label does not support subscript: {field}"
    elif base not in _KNOWN_FIELDS and base != "spec.host":
        problem = f"field label not supported: {field}"
    if problem:
        text = f"error converting fieldPath: {problem}"
        problems.append(invalid_value(f"{path}.fieldPath", field, text))
    elif found:
        subscript = found[2].lower() if base == "metadata.annotations" else found[2]
        qualified_name(problems, path, subscript)
    elif base not in fields and base != "spec.host":
        problems.append(not_supported(f"{path}.fieldPath", field, fields))


def check_resource_reference(
    problems: list[FieldError], path: str, reference: Object, *, is_in_volume: bool
) -> None:
    """A reference to an amount of a container's requests or limits."""
    resource = reference.get("resource", "")
    if is_in_volume and not reference.get("containerName"):
        problems.append(required(f"{path}.containerName"))
    elif not resource:
        problems.append(required(f"{path}.resource"))
    elif resource not in _RESOURCES and not resource.startswith(_HUGE_PAGES):
        problems.append(not_supported(f"{path}.resource", resource, _RESOURCES))
    divisor = reference.get("divisor", "0")
    if divisor not in ("0", 0, ""):
        _check_divisor(problems, path, resource, str(divisor))


def _check_divisor(problems: list[FieldError], path: str, resource: str, divisor: str) -> None:
    what = resource.partition(".")[2]
    if what == "cpu":
        if divisor not in ("1m", "1"):
            text = "only divisor's values 1m and 1 are supported with the cpu resource"
            problems.append(invalid_value(f"{path}.divisor", resource, text))
        return
    names = {"memory": "memory", "ephemeral-storage": "local ephemeral storage"}
    shown = "hugepages" if resource.startswith(_HUGE_PAGES) else names.get(what)
    if shown is not None and divisor not in _SIZES:
        sizes = ", ".join(_SIZES)
        text = f"only divisor's values {sizes} are supported with the {shown} resource"
        problems.append(invalid_value(f"{path}.divisor", resource, text))


def _check_key(problems: list[FieldError], path: str, selector: Object) -> None:
    dns_subdomain(problems, f"{path}.name", selector.get("name", ""))
    key = selector.get("key", "")
    if not key:
        problems.append(required(f"{path}.key"))
    else:
        wrong(problems, f"{path}.key", key, is_config_map_key(key))


def _check_file_key(problems: list[FieldError], path: str, selector: Object) -> None:
    key, volume, file = (selector.get(name, "") for name in ("key", "volumeName", "path"))
    if not key:
        problems.append(required(f"{path}.key"))
    else:
        wrong(problems, f"{path}.key", key, is_relaxed_environment_name(key))
    if not volume:
        problems.append(required(f"{path}.volumeName"))
    else:
        dns_label(problems, f"{path}.volumeName", volume)
    if not file:
        problems.append(required(f"{path}.path"))
    else:
        no_backsteps(problems, f"{path}.path", file)


def check_environment_sources(problems: list[FieldError], path: str, sources: list[Object]) -> None:
    """The `envFrom` of a container."""
    for position, source in enumerate(sources):
        prefix = source.get("prefix", "")
        if prefix:
            messages = is_relaxed_environment_name(prefix)
            wrong(problems, f"{path}[{position}].prefix", prefix, messages)
        used = [name for name in ("configMapRef", "secretRef") if source.get(name) is not None]
        for name in used:
            at = f"{path}[{position}].{name}.name"
            held = source[name].get("name", "")
            if not held:
                problems.append(required(at))
            else:
                dns_subdomain(problems, at, held)
        if not used:
            text = "must specify one of: `configMapRef` or `secretRef`"
            problems.append(invalid_value(path, "", text))
        elif len(used) > 1:
            text = "may not have more than one field specified at a time"
            problems.append(invalid_value(path, "", text))
