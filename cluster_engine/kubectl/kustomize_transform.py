"""What a kustomization does to its objects: names, namespace, labels, images, replicas, patches."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cluster_engine.apimachinery.manifests import ManifestError, load_value
from cluster_engine.apimachinery.objects import Object, clone
from cluster_engine.apimachinery.patches.json_patch import JsonPatchError, apply_json_patch
from cluster_engine.apimachinery.patches.merge import merge_patch
from cluster_engine.apimachinery.patches.strategic import StrategicPatchError, strategic_merge
from cluster_engine.apiserver.shapes import published_shape
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.schema.catalogue import load

Reader = Callable[[str], str]
Renamed = dict[tuple[str, str], str]

_CLUSTER_SCOPED = (
    "Namespace",
    "Node",
    "PersistentVolume",
    "ClusterRole",
    "ClusterRoleBinding",
    "StorageClass",
    "CustomResourceDefinition",
    "PriorityClass",
    "IngressClass",
    "RuntimeClass",
)
_TEMPLATED = (
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "DaemonSet",
    "ReplicationController",
    "Job",
)
_SCALED = ("Deployment", "ReplicaSet", "StatefulSet", "ReplicationController")
#: Fields that hold the name of another object, by the key they stand under.
_REFERENCES: dict[tuple[str, str], str] = {
    ("configMap", "name"): "ConfigMap",
    ("configMapRef", "name"): "ConfigMap",
    ("configMapKeyRef", "name"): "ConfigMap",
    ("secretRef", "name"): "Secret",
    ("secretKeyRef", "name"): "Secret",
    ("secret", "secretName"): "Secret",
    ("secret", "name"): "Secret",
    ("imagePullSecrets", "name"): "Secret",
    ("persistentVolumeClaim", "claimName"): "PersistentVolumeClaim",
    ("service", "name"): "Service",
    ("tls", "secretName"): "Secret",
}


def transform(
    objects: list[Object], plan: dict[str, Any], renamed: Renamed, read: Reader
) -> list[Object]:
    """The objects as the plan wants them. Raises KubectlError."""
    found = [clone(obj) for obj in objects]
    found = _patched(found, plan, read)
    _rename(found, plan, renamed)
    for obj in found:
        _relabel(obj, plan)
        _reimage(obj, plan.get("images") or [])
        _scale(obj, plan.get("replicas") or [])
        if plan.get("namespace") and obj.get("kind") not in _CLUSTER_SCOPED:
            obj["metadata"]["namespace"] = plan["namespace"]
            _resubject(obj, plan["namespace"])
    return found


def _patched(objects: list[Object], plan: dict[str, Any], read: Reader) -> list[Object]:
    patches: list[tuple[dict[str, Any] | None, str]] = []
    for entry in plan.get("patches") or ():
        text = entry.get("patch") or read(entry["path"])
        patches.append((entry.get("target"), text))
    for entry in plan.get("patchesStrategicMerge") or ():
        text = str(entry)
        patches.append((None, text if "\n" in text else read(text)))
    for entry in plan.get("patchesJson6902") or ():
        patches.append((entry.get("target"), entry.get("patch") or read(entry["path"])))
    for target, text in patches:
        try:
            change, _ = load_value(text)
        except ManifestError as error:
            raise KubectlError(f"invalid patch: {error.upstream_text()}") from None
        objects = _apply(objects, target, change)
    return objects


def _apply(objects: list[Object], target: dict[str, Any] | None, change: Any) -> list[Object]:
    done: list[Object] = []
    hits = 0
    for obj in objects:
        if not _is_target(obj, target, change):
            done.append(obj)
            continue
        hits += 1
        try:
            if isinstance(change, list):
                done.append(apply_json_patch(obj, change))
            elif change.get("$patch") != "delete":
                done.append(_merged(obj, change))
        except (JsonPatchError, StrategicPatchError) as error:
            raise KubectlError(f"patch does not apply: {error}") from None
    if not hits and target is None:
        name = (change.get("metadata") or {}).get("name", "") if isinstance(change, dict) else ""
        raise KubectlError(f'no resource matches strategic merge patch "{name}"')
    return done


def _is_target(obj: Object, target: dict[str, Any] | None, change: Any) -> bool:
    metadata = obj.get("metadata") or {}
    if target is None:
        wanted = change.get("metadata") or {}
        return obj.get("kind") == change.get("kind") and metadata.get("name") == wanted.get("name")
    group = obj.get("apiVersion", "").rpartition("/")[0]
    if target.get("group") and target["group"] != group:
        return False
    for field, value in (
        ("kind", obj.get("kind")),
        ("name", metadata.get("name")),
        ("namespace", metadata.get("namespace", "")),
    ):
        if target.get(field) and not re.fullmatch(str(target[field]), str(value)):
            return False
    labels = metadata.get("labels") or {}
    pairs = [
        part.partition("=") for part in filter(None, (target.get("labelSelector") or "").split(","))
    ]
    return all(labels.get(name) == value for name, _, value in pairs)


def _merged(obj: Object, change: Object) -> Object:
    group, _, version = obj.get("apiVersion", "").rpartition("/")
    name = obj["metadata"].get("name")
    if load().name_of(group, version, obj.get("kind", "")) is None:
        merged: Object = merge_patch(obj, change)
    else:
        shape = published_shape(group, version, obj["kind"])
        merged = strategic_merge(obj, change, shape)
    merged["metadata"] = {**merged["metadata"], "name": name}
    return merged


def _rename(objects: list[Object], plan: dict[str, Any], renamed: Renamed) -> None:
    prefix, suffix = plan.get("namePrefix") or "", plan.get("nameSuffix") or ""
    names = dict(renamed)
    made = {(kind, name): original for (kind, original), name in renamed.items()}
    if prefix or suffix:
        for obj in objects:
            if obj.get("kind") in ("Namespace", "CustomResourceDefinition"):
                continue
            kind, name = obj.get("kind", ""), obj["metadata"]["name"]
            original = made.get((kind, name), name)
            tail = name[len(original) :] if name.startswith(original) else ""
            new = f"{prefix}{original}{suffix}{tail}"
            names[kind, original] = new
            obj["metadata"]["name"] = new
    if names:
        for obj in objects:
            _refer(obj, "", names)


def _refer(value: Any, under: str, names: Renamed) -> None:
    """Replace names of renamed objects wherever they are referred to."""
    if isinstance(value, list):
        for item in value:
            _refer(item, under, names)
        return
    if not isinstance(value, dict):
        return
    for key, held in value.items():
        kind = _REFERENCES.get((under, key))
        if key in ("scaleTargetRef", "roleRef") and isinstance(held, dict):
            target = names.get((held.get("kind", ""), held.get("name", "")))
            held["name"] = target or held.get("name", "")
        elif key == "serviceAccountName" and ("ServiceAccount", held) in names:
            value[key] = names["ServiceAccount", held]
        elif key == "serviceName" and ("Service", held) in names:
            value[key] = names["Service", held]
        elif kind is not None and isinstance(held, str):
            value[key] = names.get((kind, held), held)
        else:
            _refer(held, key, names)


def _relabel(obj: Object, plan: dict[str, Any]) -> None:
    entries = [({"pairs": plan.get("commonLabels") or {}}, True)]
    entries += [(entry, bool(entry.get("includeSelectors"))) for entry in plan.get("labels") or ()]
    for entry, has_selectors in entries:
        pairs = entry.get("pairs") or {}
        if not pairs:
            continue
        _put(obj["metadata"], "labels", pairs)
        if has_selectors or entry.get("includeTemplates"):
            _template_metadata(obj, "labels", pairs)
        if has_selectors:
            _select(obj, pairs)
    annotations = plan.get("commonAnnotations") or {}
    if annotations:
        _put(obj["metadata"], "annotations", annotations)
        _template_metadata(obj, "annotations", annotations)


def _put(holder: dict[str, Any], field: str, pairs: dict[str, str]) -> None:
    holder[field] = {**(holder.get(field) or {}), **pairs}


def _template_metadata(obj: Object, field: str, pairs: dict[str, str]) -> None:
    for template in _templates(obj):
        _put(template.setdefault("metadata", {}), field, pairs)


def _templates(obj: Object) -> list[dict[str, Any]]:
    spec = obj.get("spec")
    if not isinstance(spec, dict):
        return []
    if obj.get("kind") in _TEMPLATED and isinstance(spec.get("template"), dict):
        return [spec["template"]]
    if obj.get("kind") == "CronJob":
        job = (spec.get("jobTemplate") or {}).get("spec") or {}
        return [job["template"]] if isinstance(job.get("template"), dict) else []
    return []


def _select(obj: Object, pairs: dict[str, str]) -> None:
    spec = obj.get("spec")
    if not isinstance(spec, dict):
        return
    if obj.get("kind") in ("Service", "ReplicationController") and spec.get("selector"):
        _put(spec, "selector", pairs)
    elif obj.get("kind") in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"):
        _put(spec.setdefault("selector", {}), "matchLabels", pairs)


def _reimage(obj: Object, images: list[dict[str, Any]]) -> None:
    specs = [template.get("spec") or {} for template in _templates(obj)]
    if obj.get("kind") == "Pod":
        specs.append(obj.get("spec") or {})
    for spec in specs:
        for field in ("containers", "initContainers"):
            for container in spec.get(field) or ():
                for entry in images:
                    container["image"] = _image(container.get("image", ""), entry)


def _image(image: str, entry: dict[str, Any]) -> str:
    bare = image.partition("@")[0]
    head, colon, tag = bare.rpartition(":")
    name = head if colon and "/" not in tag else bare
    if name != entry.get("name"):
        return image
    new = entry.get("newName") or name
    if entry.get("digest"):
        return f"{new}@{entry['digest']}"
    if entry.get("newTag"):
        return f"{new}:{entry['newTag']}"
    return new + image[len(name) :]


def _scale(obj: Object, replicas: list[dict[str, Any]]) -> None:
    for entry in replicas:
        if obj.get("kind") in _SCALED and obj["metadata"].get("name") == entry.get("name"):
            obj["spec"]["replicas"] = entry.get("count")


def _resubject(obj: Object, namespace: str) -> None:
    for subject in obj.get("subjects") or ():
        if subject.get("kind") == "ServiceAccount" and subject.get("name") == "default":
            subject["namespace"] = namespace
