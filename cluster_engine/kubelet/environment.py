"""The environment of a container: literals, references, the services of its namespace.

Models: makeEnvironmentVariables of pkg/kubelet/kubelet_pods.go, pkg/kubelet/envvars,
third_party/forked/golang/expansion (v1.37.2).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping

from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.informer import Informer, Informers
from cluster_engine.kubelet.downward import DownwardError, PodView, field_value, resource_value
from cluster_engine.store.changes import Change

_REFERENCE = re.compile(r"\$(?:\$|\(([^()]*)\))")
_BY_NAMESPACE = "kubelet.namespace"
#: What Linux lets a program be started with: MAX_ARG_STRLEN for one text, ARG_MAX for all.
_TEXT_CHARS_MAX = 128 * 1024
_ALL_CHARS_MAX = 2 * 1024 * 1024


class ConfigError(Exception):
    """A container cannot be configured; `str()` is upstream's text."""


def expand(text: str, values: Mapping[str, str]) -> str:
    """Replace $(NAME) by the value of NAME; unknown names stay, $$ is a dollar sign.

    Raises ConfigError when more comes of it than a program can be given: variables that name
    each other twice would otherwise fill the memory.
    """
    if "$" not in text:
        return text
    added = 0

    def replacement(found: re.Match[str]) -> str:
        nonlocal added
        name = found.group(1)
        if name is None:
            return "$"
        value = values.get(name, found.group(0))
        added += len(value)
        if added > _TEXT_CHARS_MAX:
            raise ConfigError(f"argument list too long: $({name}) expands beyond 128 KiB")
        return value

    return _REFERENCE.sub(replacement, text)


def expand_all(words: Iterable[str], values: Mapping[str, str]) -> list[str]:
    """A command line with its variables replaced. Raises ConfigError when it becomes too long."""
    found = []
    total = 0
    for word in words:
        found.append(expand(word, values))
        total += len(found[-1])
        if total > _ALL_CHARS_MAX:
            raise ConfigError("argument list too long: the command line exceeds 2 MiB")
    return found


class Environments:
    """Builds environments from the objects that informers know."""

    def __init__(self, informers: Informers) -> None:
        self._config_maps = informers.of("configmaps")
        self._secrets = informers.of("secrets")
        self._services = informers.of("services")
        self._services.add_index(_BY_NAMESPACE, lambda obj: (obj["metadata"]["namespace"],))
        self._services.add_handler(self._forget)
        self._known: dict[tuple[str, bool], dict[str, str]] = {}

    def build(self, view: PodView, container: Object) -> dict[str, str]:
        """The variables of a container. Raises ConfigError."""
        spec = view.pod["spec"]
        namespace = view.pod["metadata"]["namespace"]
        services = self._service_variables(namespace, spec.get("enableServiceLinks", True))
        found: dict[str, str] = {}
        total = 0
        for source in container.get("envFrom") or ():
            self._add_all(found, source, namespace)
        for variable in container.get("env") or ():
            value = self._value(variable, found, services, view, container)
            if value is not None:
                found[variable["name"]] = value
                total += len(value)
            if total > _ALL_CHARS_MAX:
                raise ConfigError("argument list too long: the variables exceed 2 MiB")
        for name, value in services.items():
            found.setdefault(name, value)
        return found

    def _value(
        self,
        variable: Object,
        found: Mapping[str, str],
        services: Mapping[str, str],
        view: PodView,
        container: Object,
    ) -> str | None:
        literal = variable.get("value")
        if literal:
            return expand(literal, {**services, **found})
        source = variable.get("valueFrom")
        if not source:
            return ""
        try:
            if source.get("fieldRef"):
                return field_value(view, source["fieldRef"]["fieldPath"])
            if source.get("resourceFieldRef"):
                return resource_value(view, source["resourceFieldRef"], container)
        except DownwardError as error:
            raise ConfigError(str(error)) from None
        namespace = view.pod["metadata"]["namespace"]
        if source.get("configMapKeyRef"):
            return self._config_map_key(source["configMapKeyRef"], namespace)
        if source.get("secretKeyRef"):
            return self._secret_key(source["secretKeyRef"], namespace)
        return ""

    def _config_map_key(self, reference: Object, namespace: str) -> str | None:
        obj = _get(self._config_maps, "configmap", namespace, reference)
        if obj is None:
            return None
        value: str | None = (obj.get("data") or {}).get(reference["key"])
        if value is None and not reference.get("optional"):
            where = f"{namespace}/{reference['name']}"
            raise ConfigError(f"couldn't find key {reference['key']} in ConfigMap {where}")
        return value

    def _secret_key(self, reference: Object, namespace: str) -> str | None:
        obj = _get(self._secrets, "secret", namespace, reference)
        if obj is None:
            return None
        data: str | None = (obj.get("data") or {}).get(reference["key"])
        if data is not None:
            return decoded(data).decode("utf-8", "replace")
        if not reference.get("optional"):
            where = f"{namespace}/{reference['name']}"
            raise ConfigError(f"couldn't find key {reference['key']} in Secret {where}")
        return None

    def _add_all(self, found: dict[str, str], source: Object, namespace: str) -> None:
        prefix = source.get("prefix") or ""
        if source.get("configMapRef"):
            obj = _get(self._config_maps, "configmap", namespace, source["configMapRef"])
            for key, value in sorted(((obj or {}).get("data") or {}).items()):
                found[prefix + key] = value
        elif source.get("secretRef"):
            obj = _get(self._secrets, "secret", namespace, source["secretRef"])
            for key, value in sorted(((obj or {}).get("data") or {}).items()):
                found[prefix + key] = decoded(value).decode("utf-8", "replace")

    def _service_variables(self, namespace: str, has_links: bool) -> dict[str, str]:
        key = (namespace, has_links)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._compute_services(namespace, has_links)
        return known

    def _compute_services(self, namespace: str, has_links: bool) -> dict[str, str]:
        chosen: dict[str, Object] = {}
        master = self._services.get("default", "kubernetes")
        if master is not None:
            chosen["kubernetes"] = master
        if has_links:
            for service in self._services.by_index(_BY_NAMESPACE, namespace):
                chosen[service["metadata"]["name"]] = service
        variables: dict[str, str] = {}
        for name in sorted(chosen):
            variables.update(service_variables(chosen[name]))
        return variables

    def _forget(self, _change: Change) -> None:
        self._known.clear()


def service_variables(service: Object) -> dict[str, str]:
    """What containers are told of a service; nothing of one without an address."""
    spec = service["spec"]
    ip, ports = spec.get("clusterIP"), spec.get("ports") or ()
    if not ip or ip == "None" or not ports:
        return {}
    prefix = _variable_name(service["metadata"]["name"])
    found = {f"{prefix}_SERVICE_HOST": ip, f"{prefix}_SERVICE_PORT": str(ports[0]["port"])}
    for port in ports:
        if port.get("name"):
            found[f"{prefix}_SERVICE_PORT_{_variable_name(port['name'])}"] = str(port["port"])
    for position, port in enumerate(ports):
        protocol = port.get("protocol") or "TCP"
        number = port["port"]
        address = f"{protocol.lower()}://{ip}:{number}"
        if position == 0:
            found[f"{prefix}_PORT"] = address
        link = f"{prefix}_PORT_{number}_{protocol.upper()}"
        found[link] = address
        found[f"{link}_PROTO"] = protocol.lower()
        found[f"{link}_PORT"] = str(number)
        found[f"{link}_ADDR"] = ip
    return found


def decoded(data: str) -> bytes:
    """The bytes of a Secret's value."""
    try:
        return base64.b64decode(data)
    except ValueError:
        return b""


def _get(informer: Informer, word: str, namespace: str, reference: Object) -> Object | None:
    obj = informer.get(namespace, reference["name"])
    if obj is None and not reference.get("optional"):
        raise ConfigError(f'{word} "{reference["name"]}" not found')
    return obj


def _variable_name(name: str) -> str:
    return name.replace("-", "_").upper()
