"""The downward API: fields of a pod and resources of its containers as text.

Models: pkg/fieldpath, pkg/api/v1/resource/helpers.go (v1.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import milli_value, parse_quantity
from cluster_engine.kubelet.containers import find_container
from cluster_engine.kubelet.resources import resources_of
from cluster_engine.kubelet.texts import format_map

_SUBSCRIPT = re.compile(r"(.+?)\['(.*)'\]")
_NANO = 10**9


class DownwardError(Exception):
    """The field is not offered; `str()` is upstream's text."""


@dataclass(frozen=True, slots=True)
class PodView:
    """A pod with what its node knows of it."""

    pod: Object
    pod_ip: str
    host_ip: str
    allocatable: Mapping[str, str] = field(default_factory=dict)


def field_value(view: PodView, path: str) -> str:
    """The text of a `fieldRef`. Raises DownwardError."""
    metadata, spec = view.pod["metadata"], view.pod["spec"]
    subscript = _SUBSCRIPT.fullmatch(path)
    if subscript is not None:
        holder, key = subscript.groups()
        if holder not in ("metadata.annotations", "metadata.labels"):
            raise DownwardError(f'fieldPath "{path}" does not support subscript')
        entries = metadata.get(holder.removeprefix("metadata.")) or {}
        return str(entries.get(key, ""))
    if path in ("metadata.annotations", "metadata.labels"):
        return format_map(metadata.get(path.removeprefix("metadata.")))
    values = {
        "metadata.name": metadata["name"],
        "metadata.namespace": metadata["namespace"],
        "metadata.uid": metadata.get("uid", ""),
        "spec.nodeName": spec.get("nodeName", ""),
        "spec.serviceAccountName": spec.get("serviceAccountName", ""),
        "status.hostIP": view.host_ip,
        "status.hostIPs": view.host_ip,
        "status.podIP": view.pod_ip,
        "status.podIPs": view.pod_ip,
    }
    if path not in values:
        raise DownwardError(f"unsupported fieldPath: {path}")
    return str(values[path])


def resource_value(view: PodView, reference: Object, container: Object | None) -> str:
    """The text of a `resourceFieldRef`: the amount in units of its divisor, rounded up.

    A limit that is not set is the node's allocatable amount. Raises DownwardError.
    """
    name = reference.get("containerName")
    if name:
        container = find_container(view.pod["spec"], name)
    if container is None:
        raise DownwardError(f"container {name} not found")
    kind, _, resource = reference["resource"].partition(".")
    if kind not in ("limits", "requests") or not resource:
        raise DownwardError(f"unsupported container resource : {reference['resource']}")
    amount = resources_of(container, kind).get(resource)
    if kind == "limits" and amount is None and resource in ("cpu", "memory", "ephemeral-storage"):
        amount = view.allocatable.get(resource)
    if amount is None:
        return "0"
    divisor = parse_quantity(reference.get("divisor") or "0").nanos
    if resource == "cpu":
        unit = divisor or _NANO
        return str(-(-milli_value(amount) * 10**6 // unit))
    return str(-(-parse_quantity(amount).nanos // (divisor or _NANO)))
