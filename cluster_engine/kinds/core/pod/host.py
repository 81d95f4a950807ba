"""What a pod shares with its host: network, names, users, DNS.

Models: validatePodHostNetworkDeps, validateHostUsers, validatePodHostName, validatePodDNSConfig,
ValidateHostAliases in pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

import re

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_found_value,
    required,
    too_long,
)
from cluster_engine.apimachinery.names import max_length_message, regex_message
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import is_legacy_ip
from cluster_engine.kinds.checks import dns_subdomain
from cluster_engine.kinds.core.pod.visiting import containers_with_path

_SERVERS_MAX, _SEARCHES_MAX, _SEARCH_LENGTH_MAX = 3, 32, 2048
_HOSTNAME_LENGTH_MAX = 64
_UNDERSCORE_LABEL = "[a-z0-9_]([-_a-z0-9]*[a-z0-9_])?"
_UNDERSCORE_NAME = rf"{_UNDERSCORE_LABEL}(\.{_UNDERSCORE_LABEL})*"
_UNDERSCORE_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-', '_' "
    "or '.', and must start and end with an alphanumeric character"
)
_WITHOUT_HOST_USERS = "when `hostUsers` is false"


def check_host_network(
    problems: list[FieldError], path: str, spec: Object, *, is_pod: bool
) -> None:
    """In the host's network the ports are the host's."""
    for position, container in enumerate(spec.get("containers") or ()):
        for place, port in enumerate(container.get("ports") or ()):
            host_port = port.get("hostPort", 0)
            if (is_pod or host_port) and host_port != port.get("containerPort", 0):
                at = f"{path}.containers[{position}].ports[{place}].hostPort"
                text = "must match `containerPort` when `hostNetwork` is true"
                problems.append(invalid_value(at, host_port, text))


def check_host_users(problems: list[FieldError], path: str, spec: Object) -> None:
    """Users of its own do not go with namespaces of the host."""
    for field, shown in (
        ("hostNetwork", "hostNetwork"),
        ("hostPID", "HostPID"),
        ("hostIPC", "HostIPC"),
    ):
        if spec.get(field):
            problems.append(forbidden_field(f"{path}.{shown}", _WITHOUT_HOST_USERS))
    for at, container in containers_with_path(spec, path):
        if container.get("volumeDevices"):
            problems.append(forbidden_field(f"{at}.volumeDevices", _WITHOUT_HOST_USERS))


def check_host_name(problems: list[FieldError], path: str, spec: Object) -> None:
    """The `hostnameOverride`."""
    name, at = spec["hostnameOverride"], f"{path}.hostnameOverride"
    if spec.get("setHostnameAsFQDN"):
        text = "may not be specified when setHostnameAsFQDN is true"
        problems.append(forbidden_field(at, text))
    if spec.get("hostNetwork"):
        problems.append(forbidden_field(at, "may not be specified when hostNetwork is true"))
    if len(name) > _HOSTNAME_LENGTH_MAX:
        problems.append(too_long(at, _HOSTNAME_LENGTH_MAX))
    dns_subdomain(problems, at, name)


def check_host_aliases(problems: list[FieldError], path: str, aliases: list[Object]) -> None:
    """Lines for /etc/hosts."""
    for position, alias in enumerate(aliases):
        problems.extend(is_legacy_ip(f"{path}[{position}].ip", alias.get("ip", "")))
        for place, name in enumerate(alias.get("hostnames") or ()):
            dns_subdomain(problems, f"{path}[{position}].hostnames[{place}]", name)


def check_dns(problems: list[FieldError], path: str, config: Object | None, policy: str) -> None:
    """The `dnsConfig`, which the policy None needs."""
    if policy == "None":
        if config is None:
            text = "must provide `dnsConfig` when `dnsPolicy` is None"
            problems.append(required(path, text))
            return
        if not config.get("nameservers"):
            text = "must provide at least one DNS nameserver when `dnsPolicy` is None"
            problems.append(required(f"{path}.nameservers", text))
            return
    if config is None:
        return
    servers, searches = config.get("nameservers") or [], config.get("searches") or []
    if len(servers) > _SERVERS_MAX:
        text = f"must not have more than {_SERVERS_MAX} nameservers"
        problems.append(invalid_value(f"{path}.nameservers", servers, text))
    for position, server in enumerate(servers):
        problems.extend(is_legacy_ip(f"{path}.nameservers[{position}]", server))
    _check_searches(problems, f"{path}.searches", searches)
    for position, option in enumerate(config.get("options") or ()):
        if not option.get("name"):
            problems.append(required(f"{path}.options[{position}]", "must not be empty"))


def _check_searches(problems: list[FieldError], path: str, searches: list[str]) -> None:
    if len(searches) > _SEARCHES_MAX:
        text = f"must not have more than {_SEARCHES_MAX} search paths"
        problems.append(invalid_value(path, searches, text))
    if len(" ".join(searches)) > _SEARCH_LENGTH_MAX:
        text = (
            f"must not have more than {_SEARCH_LENGTH_MAX} characters (including spaces) in the "
            "search list"
        )
        problems.append(invalid_value(path, searches, text))
    for position, search in enumerate(searches):
        if search == ".":
            continue
        name, at = search.removesuffix("."), f"{path}[{position}]"
        if len(name) > 253:
            problems.append(invalid_value(at, name, max_length_message(253)))
        if not re.fullmatch(_UNDERSCORE_NAME, name):
            text = regex_message(_UNDERSCORE_TEXT, _UNDERSCORE_NAME, "example.com")
            problems.append(invalid_value(at, name, text))


def check_file_references(problems: list[FieldError], path: str, spec: Object) -> None:
    """Variables that are read from files need an emptyDir with the file."""
    volumes = {volume.get("name", ""): volume for volume in spec.get("volumes") or ()}
    for at, container in containers_with_path(spec, path):
        for position, variable in enumerate(container.get("env") or ()):
            reference = (variable.get("valueFrom") or {}).get("fileKeyRef")
            if reference is None:
                continue
            name = reference.get("volumeName", "")
            place = f"{at}.env[{position}].valueFrom.fileKeyRef.volumeName"
            if name not in volumes:
                problems.append(not_found_value(place, name))
            elif volumes[name].get("emptyDir") is None:
                text = "referenced volume must be of type emptyDir"
                problems.append(invalid_value(place, name, text))
