"""Containers in descriptions: image, ports, state, probes, environment, mounts.

Models: k8s.io/kubectl/pkg/describe/describe.go describeContainers (v0.37.2).
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import Written, milli_value, value
from cluster_engine.kubectl.describe.page import NONE, Page
from cluster_engine.kubectl.describe.words import (
    bracketed,
    capitalized_bool,
    lower_bool,
    or_none,
    quantity,
    timestamp,
)

_PATH_SAFE = "/$&+,:;=@~"


def write_containers(
    page: Page,
    label: str,
    containers: list[Object] | None,
    statuses: list[Object] | None = None,
    pod: Object | None = None,
    indent: str = "",
) -> None:
    """Containers of a pod with their statuses, or (without a pod) of a template."""
    page.line(f"{indent}{label}:{'' if containers else f' {NONE}'}")
    by_name = {status["name"]: status for status in statuses or ()}
    for container in containers or ():
        status = by_name.get(container["name"])
        page.line(f"{' ' if indent else ''}{container['name']}:", 1)
        _write_basics(page, container, status)
        _write_words(page, "Command", container.get("command"))
        _write_words(page, "Args", container.get("args"))
        if status is not None:
            _write_state(page, status)
        write_resources(page, container.get("resources"), 2)
        for name, field in _PROBES:
            if container.get(field):
                page.field(name, _probe(container[field]), 2)
        _write_env_sources(page, container.get("envFrom"))
        _write_env(page, container, pod)
        _write_mounts(page, container)


_PROBES = (
    ("Liveness", "livenessProbe"),
    ("Readiness", "readinessProbe"),
    ("Startup", "startupProbe"),
)


def write_resources(page: Page, resources: Object | None, level: int) -> None:
    """Limits and requests."""
    for name, field in (("Limits", "limits"), ("Requests", "requests")):
        amounts = (resources or {}).get(field)
        if amounts:
            page.line(f"{name}:", level)
        for resource, amount in sorted((amounts or {}).items()):
            page.field(resource, quantity(amount), level + 1)


def _write_basics(page: Page, container: Object, status: Object | None) -> None:
    if status is not None:
        page.field("Container ID", status.get("containerID", ""), 2)
    page.field("Image", container.get("image", ""), 2)
    if status is not None:
        page.field("Image ID", status.get("imageID", ""), 2)
    for name, field in (("Port", "containerPort"), ("Host Port", "hostPort")):
        text = ", ".join(_port(port, field) for port in container.get("ports") or ())
        page.field(f"{name}s" if "," in text else name, or_none(text), 2)
    profile = (container.get("securityContext") or {}).get("seccompProfile")
    if profile:
        page.field("SeccompProfile", profile.get("type", ""), 2)
        if profile.get("type") == "Localhost":
            page.field("LocalhostProfile", profile.get("localhostProfile", ""), 3)


def _port(port: Object, field: str) -> str:
    text = f"{port.get(field, 0)}/{port.get('protocol', '')}"
    return f"{text} ({port['name']})" if port.get("name") else text


def _write_words(page: Page, title: str, words: list[str] | None) -> None:
    if words:
        page.line(f"{title}:", 2)
    for word in words or ():
        for line in word.split("\n"):
            page.line(line, 3)


def _write_state(page: Page, status: Object) -> None:
    _write_phase(page, "State", status.get("state") or {})
    last = status.get("lastState") or {}
    if last.get("terminated"):
        _write_phase(page, "Last State", last)
    page.field("Ready", capitalized_bool(status.get("ready")), 2)
    page.field("Restart Count", status.get("restartCount", 0), 2)


def _write_phase(page: Page, title: str, state: Object) -> None:
    if state.get("running") is not None:
        page.field(title, "Running", 2)
        page.field("Started", timestamp(state["running"].get("startedAt")), 3)
    elif state.get("terminated") is not None:
        ended = state["terminated"]
        page.field(title, "Terminated", 2)
        page.optional("Reason", ended.get("reason"), 3)
        page.optional("Message", ended.get("message"), 3)
        page.field("Exit Code", ended.get("exitCode", 0), 3)
        page.optional("Signal", ended.get("signal") or None, 3)
        page.field("Started", timestamp(ended.get("startedAt")), 3)
        page.field("Finished", timestamp(ended.get("finishedAt")), 3)
    else:
        page.field(title, "Waiting", 2)
        page.optional("Reason", (state.get("waiting") or {}).get("reason"), 3)


def _probe(probe: Object) -> str:
    attributes = (
        f"delay={probe.get('initialDelaySeconds', 0)}s timeout={probe.get('timeoutSeconds', 0)}s "
        f"period={probe.get('periodSeconds', 0)}s "
        f"successThreshold={probe.get('successThreshold', 0)} "
        f"failureThreshold={probe.get('failureThreshold', 0)}"
    )
    if probe.get("exec") is not None:
        return f"exec {bracketed(probe['exec'].get('command'))} {attributes}"
    if probe.get("httpGet") is not None:
        return f"http-get {_url(probe['httpGet'])} {attributes}"
    if probe.get("tcpSocket") is not None:
        socket = probe["tcpSocket"]
        return f"tcp-socket {socket.get('host', '')}:{socket.get('port', '')} {attributes}"
    if probe.get("grpc") is not None:
        grpc = probe["grpc"]
        return f"grpc <pod>:{grpc.get('port', 0)} {grpc.get('service') or ''} {attributes}"
    return f"unknown {attributes}"


def _url(get: Object) -> str:
    host = get.get("host", "")
    if ":" in host:
        host = f"[{host}]"
    path = quote(get.get("path", ""), safe=_PATH_SAFE)
    if path and not path.startswith("/"):
        path = f"/{path}"
    return f"{get.get('scheme', '').lower()}://{host}:{get.get('port', '')}{path}"


def _write_env_sources(page: Page, sources: list[Object] | None) -> None:
    if not sources:
        return
    page.line("Environment Variables from:", 2)
    for source in sources:
        kind, reference = "", {}
        if source.get("configMapRef") is not None:
            kind, reference = "ConfigMap", source["configMapRef"]
        elif source.get("secretRef") is not None:
            kind, reference = "Secret", source["secretRef"]
        prefix = source.get("prefix")
        what = f"{kind} with prefix '{prefix}'" if prefix else kind
        optional = lower_bool(reference.get("optional"))
        page.row(reference.get("name", ""), what, f"Optional: {optional}", level=3)


def _write_env(page: Page, container: Object, pod: Object | None) -> None:
    variables = container.get("env") or ()
    page.line("Environment:" if variables else f"Environment:\t{NONE}", 2)
    for variable in variables:
        name, source = variable["name"], variable.get("valueFrom")
        if source is None:
            first, *more = variable.get("value", "").split("\n")
            page.field(name, first, 3)
            for line in more:
                page.line(f"\t{line}", 3)
        elif source.get("fieldRef") is not None:
            field = source["fieldRef"]
            where = f"{field.get('apiVersion', '')}:{field.get('fieldPath', '')}"
            page.field(name, f"{_pod_field(pod, field.get('fieldPath', ''))} ({where})", 3)
        elif source.get("resourceFieldRef") is not None:
            field = source["resourceFieldRef"]
            page.field(name, f"{_resource_field(container, field)} ({field['resource']})", 3)
        elif source.get("secretKeyRef") is not None:
            _write_key(page, name, "in secret", source["secretKeyRef"])
        elif source.get("configMapKeyRef") is not None:
            _write_key(page, name, "of config map", source["configMapKeyRef"])


def _write_key(page: Page, name: str, where: str, reference: Object) -> None:
    text = f"<set to the key '{reference.get('key', '')}' {where} '{reference.get('name', '')}'>"
    page.row(f"{name}:", text, f"Optional: {lower_bool(reference.get('optional'))}", level=3)


def _pod_field(pod: Object | None, path: str) -> str:
    """The value of a field of the pod; empty where kubectl does not look it up."""
    if pod is None:
        return ""
    metadata = pod["metadata"]
    if path in ("metadata.name", "metadata.namespace", "metadata.uid"):
        text: str = metadata.get(path.removeprefix("metadata."), "")
        return text
    for field in ("annotations", "labels"):
        values: dict[str, str] = metadata.get(field) or {}
        if path == f"metadata.{field}":
            return "".join(
                f"{k}={json.dumps(v, ensure_ascii=False)}\n" for k, v in sorted(values.items())
            )
        if path.startswith(f"metadata.{field}['") and path.endswith("']"):
            return values.get(path[len(f"metadata.{field}['") : -2], "")
    return ""


def _resource_field(container: Object, field: Object) -> str:
    where, _, resource = field["resource"].partition(".")
    amounts: dict[str, Any] = (container.get("resources") or {}).get(where) or {}
    is_known = resource in ("cpu", "memory", "ephemeral-storage")
    if where not in ("limits", "requests") or not (is_known or resource.startswith("hugepages-")):
        return ""
    text = str(_divided(amounts.get(resource, 0), field.get("divisor") or 0, resource == "cpu"))
    if text == "0" and field["resource"] in ("limits.cpu", "limits.memory"):
        return "node allocatable"
    return text


def _divided(amount: Written, divisor: Written, is_cpu: bool) -> int:
    """Rounded up."""
    if not value(divisor):
        divisor = 1
    if is_cpu:
        return -(-milli_value(amount) // milli_value(divisor))
    return -(-value(amount) // value(divisor))


def _write_mounts(page: Page, container: Object) -> None:
    mounts = sorted(container.get("volumeMounts") or (), key=lambda mount: mount["mountPath"])
    none = "" if mounts else f"\t{NONE}"
    page.line(f"Mounts:{none}", 2)
    for mount in mounts:
        flags = "ro" if mount.get("readOnly") else "rw"
        if mount.get("subPath"):
            flags += f",path={json.dumps(mount['subPath'], ensure_ascii=False)}"
        page.line(f"{mount['mountPath']} from {mount['name']} ({flags})", 3)
    devices = container.get("volumeDevices")
    if devices:
        page.line(f"Devices:{none}", 2)
        for device in sorted(devices, key=lambda device: device["devicePath"]):
            page.line(f"{device['devicePath']} from {device['name']}", 3)
