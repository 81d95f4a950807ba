"""What people wrote into a cluster, as YAML for `kubectl apply`: the manifests of a session.

An object is people's when one of its field managers is no component. What the server filled in
that another cluster would fill in by itself is left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import yaml

from cluster_engine.apiserver.requests import User
from playground.hosting.host import ClusterHost
from playground.lab_sessions.exports import objects_of

_COMPONENTS = {
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "podyard",
}
_SILENT = {"Event", "Lease", "Endpoints", "EndpointSlice", "ControllerRevision"}
_METADATA = (
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "generation",
    "managedFields",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "selfLink",
)
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_REVISION = "deployment.kubernetes.io/revision"
_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
#: What must be there before the rest can be applied.
_FIRST = ("CustomResourceDefinition", "Namespace", "PriorityClass", "StorageClass")


async def manifests_of(host: ClusterHost, cluster_id: str, user: User) -> bytes:
    """A YAML stream of what people wrote, as far as `user` may list it."""
    items = await objects_of(host, cluster_id, user)
    return await asyncio.to_thread(written, items)


def written(items: list[dict[str, Any]]) -> bytes:
    """Those of the objects that are people's, as YAML documents."""
    mine = [_plain(item) for item in items if _is_peoples(item)]
    mine.sort(key=lambda item: _FIRST.index(item["kind"]) if item["kind"] in _FIRST else 99)
    texts = [
        yaml.dump(item, Dumper=yaml.CSafeDumper, sort_keys=False, default_flow_style=False)
        for item in mine
    ]
    return "---\n".join(texts).encode() or b"# Nobody has written anything yet.\n"


def _is_peoples(item: Mapping[str, Any]) -> bool:
    metadata = item["metadata"]
    if item["kind"] in _SILENT or "deletionTimestamp" in metadata:
        return False
    if any(owner.get("controller") for owner in metadata.get("ownerReferences") or ()):
        return False
    managers = {entry.get("manager") for entry in metadata.get("managedFields") or ()}
    return bool(managers - _COMPONENTS)


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """The object as one would write it."""
    metadata = {name: value for name, value in item["metadata"].items() if name not in _METADATA}
    annotations = dict(metadata.pop("annotations", None) or {})
    for name in (_LAST_APPLIED, _REVISION):
        annotations.pop(name, None)
    if annotations:
        metadata["annotations"] = annotations
    plain = {
        "apiVersion": item["apiVersion"],
        "kind": item["kind"],
        "metadata": metadata,
        **{
            name: value
            for name, value in item.items()
            if name not in ("apiVersion", "kind", "metadata", "status")
        },
    }
    if item["kind"] == "Pod":
        plain["spec"] = _pod_spec(plain["spec"])
    elif item["kind"] == "Service":
        plain["spec"] = _service_spec(plain["spec"])
    elif item["kind"] == "Namespace":
        plain.pop("spec", None)
    return plain


def _pod_spec(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Without the node that was chosen and the token that was mounted."""
    plain = {name: value for name, value in spec.items() if name not in ("nodeName", "priority")}
    tokens = {
        mount["name"]
        for container in spec.get("containers") or ()
        for mount in container.get("volumeMounts") or ()
        if mount.get("mountPath") == _TOKEN_PATH
    }
    volumes = [one for one in spec.get("volumes") or () if one["name"] not in tokens]
    plain["volumes"] = volumes
    if not volumes:
        del plain["volumes"]
    for group in ("initContainers", "containers"):
        if spec.get(group):
            plain[group] = [_container(container, tokens) for container in spec[group]]
    return plain


def _container(container: Mapping[str, Any], tokens: set[str]) -> dict[str, Any]:
    plain = dict(container)
    mounts = [one for one in container.get("volumeMounts") or () if one["name"] not in tokens]
    plain["volumeMounts"] = mounts
    if not mounts:
        del plain["volumeMounts"]
    return plain


def _service_spec(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Without the addresses that were given, but for a service that wants none."""
    dropped = ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")
    plain = {name: value for name, value in spec.items() if name not in dropped}
    if spec.get("clusterIP") == "None":
        plain["clusterIP"] = "None"
    return plain
