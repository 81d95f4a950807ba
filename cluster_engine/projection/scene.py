"""Objects as the picture needs them: small, flat, without what it does not draw.

Pure functions from stored objects to scene entries; `docs/protocol.md` describes the fields.
Fields that are empty are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import bytes_of, cpu_milli, value
from cluster_engine.projection.amounts import pod_requests
from cluster_engine.projection.words import pod_state, ready_count, restart_count

_ROLE = "node-role.kubernetes.io/"
_ZONE = "topology.kubernetes.io/zone"


def node_entry(node: Object, pods: Iterable[Object], used: tuple[int, int] | None) -> Object:
    """A node with the sums of its pods. `used` is cpu (milli) and memory (bytes), if known."""
    metadata, status = node["metadata"], node.get("status", {})
    labels = metadata.get("labels") or {}
    ready = find(status.get("conditions") or [], "Ready")
    is_ready = ready is not None and ready["status"] == "True"
    cpu = memory = count = 0
    for pod in pods:
        if pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
            continue
        pod_cpu, pod_memory = pod_requests(pod)
        cpu, memory, count = cpu + pod_cpu, memory + pod_memory, count + 1
    allocatable = status.get("allocatable") or {}
    entry: Object = {
        "name": metadata["name"],
        "ready": is_ready,
        "roles": sorted(name[len(_ROLE) :] for name in labels if name.startswith(_ROLE)),
        "zone": labels.get(_ZONE, ""),
        "taints": [_taint(taint) for taint in node["spec"].get("taints") or ()],
        "cordoned": bool(node["spec"].get("unschedulable")),
        "created": metadata.get("creationTimestamp", ""),
    }
    if not is_ready:
        entry["reason"] = (ready or {}).get("message") or "has not reported its state yet"
    entry = _without_empty(entry)
    entry["ready"] = is_ready
    entry["cpu"] = {"allocatable": cpu_milli(allocatable.get("cpu", "0")), "requested": cpu}
    entry["memory"] = {"allocatable": bytes_of(allocatable.get("memory", "0")), "requested": memory}
    entry["pods"] = {"allocatable": value(allocatable.get("pods", "0")), "count": count}
    if used is not None:
        entry["cpu"]["used"], entry["memory"]["used"] = used
    return entry


def pod_entry(pod: Object, owner: Object | None, pulling: str) -> Object:
    """A pod; `owner` is its top owner's `{kind, name}`."""
    metadata, spec = pod["metadata"], pod["spec"]
    status = pod.get("status", {})
    state = pod_state(pod, pulling)
    ready, total = ready_count(pod)
    cpu, memory = pod_requests(pod)
    entry = _without_empty(
        {
            "key": f"{metadata['namespace']}/{metadata['name']}",
            "namespace": metadata["namespace"],
            "name": metadata["name"],
            "uid": metadata["uid"],
            "phase": status.get("phase", "Pending"),
            "state": state.state,
            "text": state.text,
            "reason": state.reason,
            "node": spec.get("nodeName", ""),
            "owner": owner,
            "restarts": restart_count(pod),
            "containers": [item["name"] for item in spec["containers"]],
            "ip": status.get("podIP", ""),
            "labels": metadata.get("labels"),
            "created": metadata.get("creationTimestamp", ""),
            "cpu": cpu,
            "memory": memory,
            "nominated": status.get("nominatedNodeName", ""),
        }
    )
    entry["ready"] = [ready, total]
    if state.state == "waiting":
        condition = find(status.get("conditions") or [], "PodScheduled") or {}
        if condition.get("status") == "False":
            reason, message = condition.get("reason", ""), condition.get("message", "")
            entry["waiting"] = {"reason": reason, "message": message}
    claims = _claims(spec)
    if claims:
        entry["volumes"] = [f"{metadata['namespace']}/{name}" for name in claims]
    return entry


def service_entry(service: Object, pods: Iterable[str]) -> Object:
    """A service and the keys of the pods behind it."""
    metadata, spec = service["metadata"], service["spec"]
    ports = [
        _without_empty(
            {
                "name": port.get("name", ""),
                "port": port["port"],
                "targetPort": port.get("targetPort"),
                "nodePort": port.get("nodePort"),
                "protocol": port.get("protocol", "TCP"),
            }
        )
        for port in spec.get("ports") or ()
    ]
    return _without_empty(
        {
            "key": f"{metadata['namespace']}/{metadata['name']}",
            "namespace": metadata["namespace"],
            "name": metadata["name"],
            "type": spec.get("type", "ClusterIP"),
            "clusterIP": spec.get("clusterIP", ""),
            "ports": ports,
            "pods": list(pods),
        }
    )


def volume_entry(claim: Object) -> Object:
    """A persistent volume claim."""
    metadata, spec = claim["metadata"], claim["spec"]
    status = claim.get("status", {})
    requests = (spec.get("resources") or {}).get("requests") or {}
    return _without_empty(
        {
            "key": f"{metadata['namespace']}/{metadata['name']}",
            "namespace": metadata["namespace"],
            "name": metadata["name"],
            "phase": status.get("phase", "Pending"),
            "volume": spec.get("volumeName", ""),
            "storage": requests.get("storage", ""),
        }
    )


def workload_entry(workload: Object) -> Object:
    """A Deployment, StatefulSet, DaemonSet, ReplicaSet or Job: how many it wants and has."""
    metadata, spec = workload["metadata"], workload["spec"]
    status = workload.get("status", {})
    kind = workload["kind"]
    if kind == "DaemonSet":
        wanted, ready = status.get("desiredNumberScheduled", 0), status.get("numberReady", 0)
    elif kind == "Job":
        wanted, ready = spec.get("completions", 1), status.get("succeeded", 0)
    else:
        wanted, ready = spec.get("replicas", 1), status.get("readyReplicas", 0)
    return {
        "key": f"{kind}/{metadata['namespace']}/{metadata['name']}",
        "kind": kind,
        "namespace": metadata["namespace"],
        "name": metadata["name"],
        "desired": wanted,
        "ready": ready,
    }


def _claims(spec: Object) -> list[str]:
    volumes = spec.get("volumes") or ()
    claims = [volume.get("persistentVolumeClaim") for volume in volumes]
    return [claim["claimName"] for claim in claims if claim]


def _taint(taint: Object) -> str:
    word = f"{taint['key']}={taint['value']}" if taint.get("value") else str(taint["key"])
    return f"{word}:{taint['effect']}"


def _without_empty(entry: dict[str, Any]) -> Object:
    return {
        field: item for field, item in entry.items() if item not in ("", None, 0, False, [], {})
    }
