"""What a kustomization does to its objects: namespace, names, labels, replicas, images.

Models: sigs.k8s.io/kustomize/api/internal/builtins (api v0.21).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cluster_engine.apimachinery.regexp.matching import compile_regexp
from cluster_engine.apimachinery.regexp.syntax import RegexpError
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.kustomizing.fields import (
    ANNOTATIONS,
    CLAIM_LABELS,
    COMMON_LABELS,
    IMAGES,
    METADATA_LABELS,
    NAMESPACES,
    REPLICAS,
    TEMPLATE_LABELS,
    FieldSpec,
    set_field,
)
from cluster_engine.kubectl.kustomizing.patching import (
    Read,
    apply_merge,
    apply_operations,
    apply_patch,
)
from cluster_engine.kubectl.kustomizing.replacing import replace_values
from cluster_engine.kubectl.kustomizing.resource import Resource, ResourceMap

_TAG = "(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?"
_UNNAMED = ("CustomResourceDefinition", "Namespace")


def transform(found: ResourceMap, plan: dict[str, Any], read: Read) -> None:
    """All that the kustomization asks for, in its order. Raises KubectlError."""
    for merge in plan.get("patchesStrategicMerge") or ():
        apply_merge(found, str(merge), read)
    for patch in plan.get("patches") or ():
        apply_patch(found, patch, read)
    _move(found, str(plan.get("namespace") or ""))
    _rename(found, str(plan.get("namePrefix") or ""), str(plan.get("nameSuffix") or ""))
    for entry in plan.get("labels") or ():
        _mark(found, entry.get("pairs") or {}, _label_fields(entry))
    _mark(found, plan.get("commonLabels") or {}, COMMON_LABELS)
    _mark(found, plan.get("commonAnnotations") or {}, ANNOTATIONS)
    for patch in plan.get("patchesJson6902") or ():
        apply_operations(found, patch, read)
    for entry in plan.get("replicas") or ():
        _scale(found, entry)
    for entry in plan.get("images") or ():
        _replace_image(found, entry)
    for entry in plan.get("replacements") or ():
        replace_values(found, entry)


def _move(found: ResourceMap, namespace: str) -> None:
    if not namespace:
        return
    for resource in found.resources:
        resource.remember()
        own = resource.identity
        if not own.is_cluster_scoped:
            resource.metadata["namespace"] = namespace
        if own.kind in ("RoleBinding", "ClusterRoleBinding"):
            for subject in resource.object.get("subjects") or ():
                if subject.get("name") == "default":
                    subject["namespace"] = namespace
        for spec in NAMESPACES:
            if spec.path != "metadata/name" or resource.object.get("apiVersion") == "v1":
                set_field(resource, spec, lambda _: namespace, "")
        same = [one for one in found.resources if one.identity.equals(resource.identity)]
        if len(same) != 1:
            shown = " ".join(one.identity.text() for one in same)
            raise KubectlError(f"namespace transformation produces ID conflict: [{shown}]")


def _rename(found: ResourceMap, prefix: str, suffix: str) -> None:
    for resource in found.resources:
        original = resource.original
        if original.kind in _UNNAMED or (
            original.kind == "APIService" and original.group == "apiregistration.k8s.io"
        ):
            continue
        if prefix:
            resource.prefixes.append(prefix)
            resource.remember()
            resource.metadata["name"] = f"{prefix}{resource.name}"
        if suffix:
            resource.suffixes.append(suffix)
            resource.remember()
            resource.metadata["name"] = f"{resource.name}{suffix}"


def _label_fields(entry: dict[str, Any]) -> tuple[FieldSpec, ...]:
    given = tuple(
        FieldSpec(
            str(spec.get("path") or ""),
            str(spec.get("kind") or ""),
            str(spec.get("group") or ""),
            str(spec.get("version") or ""),
            bool(spec.get("create")),
        )
        for spec in entry.get("fields") or ()
    )
    if entry.get("includeSelectors"):
        return (*given, *COMMON_LABELS)
    if entry.get("includeTemplates"):
        given = (*given, *TEMPLATE_LABELS)
    if entry.get("includeVolumeClaimTemplates"):
        given = (*given, *CLAIM_LABELS)
    return given if METADATA_LABELS in given else (*given, METADATA_LABELS)


def _mark(found: ResourceMap, pairs: dict[str, Any], specs: Iterable[FieldSpec]) -> None:
    """Put labels or annotations into fields."""
    if not pairs:
        return
    for resource in found.resources:
        for spec in specs:
            set_field(
                resource,
                spec,
                lambda old: {**(old if isinstance(old, dict) else {}), **pairs},
                {},
            )


def _scale(found: ResourceMap, entry: dict[str, Any]) -> None:
    name, count = str(entry.get("name") or ""), entry.get("count") or 0
    has_any = False
    for resource in found.resources:
        known = (*resource.previous, resource.identity)
        for spec in REPLICAS:
            if any(one.name == name and one.kind == spec.kind for one in known):
                has_any = True
                set_field(resource, spec, lambda _: count, 0)
    if not has_any:
        kinds = " ".join(f"{spec.kind}.[noVer].[noGrp]" for spec in REPLICAS)
        raise KubectlError(
            f"resource with name {name} does not match a config with the following GVK [{kinds}]"
        )


def _replace_image(found: ResourceMap, entry: dict[str, Any]) -> None:
    for resource in found.resources:
        if resource.identity.kind == "CustomResourceDefinition":
            continue
        _replace_anywhere(resource, entry)
        for spec in IMAGES:
            set_field(resource, spec, lambda old: _image(old, entry))


def _replace_anywhere(resource: Resource, entry: dict[str, Any]) -> None:
    """Containers of any kind of object, wherever in it they are."""
    stack: list[Any] = [resource.object]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, dict):
            for field in ("containers", "initContainers"):
                for container in value.get(field) or ():
                    if isinstance(container, dict) and "image" in container:
                        container["image"] = _image(container["image"], entry)
            stack.extend(value.values())


def _image(image: Any, entry: dict[str, Any]) -> Any:
    if not isinstance(image, str):
        return image
    try:
        if not compile_regexp(f"^{entry.get('name', '')}{_TAG}$").matches(image):
            return image
    except RegexpError:
        return image
    name, tag, digest = _split_image(image)
    name = str(entry.get("newName") or name)
    new_tag, new_digest = str(entry.get("newTag") or ""), str(entry.get("digest") or "")
    if new_tag or new_digest:
        tag, digest = new_tag, new_digest
    elif entry.get("tagSuffix"):
        tag, digest = f"{tag}{entry['tagSuffix']}", ""
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def _split_image(image: str) -> tuple[str, str, str]:
    """Name, tag and digest."""
    bare, _, digest = image.partition("@")
    head, slash, last = bare.rpartition("/")
    name, _, tag = last.partition(":")
    return f"{head}{slash}{name}", tag, digest
