"""Patches of kustomizations: strategic merges and lists of operations.

Merging differs from the server's: what a patch adds to a list comes first.

Models: sigs.k8s.io/kustomize/kyaml/yaml/merge2 and api/internal/builtins/Patch*.go.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cluster_engine.apimachinery.gojson import json_problem
from cluster_engine.apimachinery.json_text import quoted
from cluster_engine.apimachinery.manifests import ManifestError, load_manifests, load_value
from cluster_engine.apimachinery.objects import Object, clone
from cluster_engine.apimachinery.patches.json_patch import JsonPatchError, apply_json_patch
from cluster_engine.apimachinery.patches.shapes import Shape
from cluster_engine.apiserver.shapes import published_shape
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.kustomizing.resource import Identity, Resource, ResourceMap
from cluster_engine.kubectl.kustomizing.selecting import selected
from cluster_engine.kubectl.printers.yaml_text import to_yaml
from cluster_engine.schema.catalogue import load as load_catalogue

#: Gives the text of a file of the kustomization. Raises KubectlError.
Read = Callable[[str], str]


def apply_patch(found: ResourceMap, entry: dict[str, Any], read: Read) -> None:
    """An entry of `patches`. Raises KubectlError."""
    target = entry.get("target")
    text, source = _text(entry, read)
    merges, operations = _strategic(text), _operations(text)
    if merges is None and operations is None:
        raise _misconfigured(entry, f"unable to parse SM or JSON patch from {source}")
    if merges:
        options = entry.get("options") or {}
        if target is not None and len(merges) > 1:
            raise KubectlError(
                "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set "
                f"`patches.target` field: {source}"
            )
        for patch in merges:
            if target is None:
                _merge_into(found, [_target_of(found, patch)], patch, options)
            else:
                _merge_into(found, selected(found, target), patch, options)
        return
    if target is None:
        raise KubectlError(f"must specify a target for JSON patch {source}")
    for resource in selected(found, target):
        resource.remember()
        _operate(resource, operations or [])


def apply_merge(found: ResourceMap, entry: str, read: Read) -> None:
    """An entry of `patchesStrategicMerge`: a patch, or the file of one. Raises KubectlError."""
    patches = _strategic(entry)
    if patches is None:
        patches = _strategic(read(entry))
    if not patches:
        raise KubectlError(f"patch appears to be empty; files=[{entry}], Patch=")
    for patch in patches:
        _merge_into(found, [found.by_identity(Resource(patch).identity)], patch, {})


def apply_operations(found: ResourceMap, entry: dict[str, Any], read: Read) -> None:
    """An entry of `patchesJson6902`. Raises KubectlError."""
    target = entry.get("target") or {}
    if not target.get("name"):
        raise KubectlError("must specify the target name")
    text, _ = _text(entry, read)
    operations = _operations(text)
    if operations is None and text.startswith("["):
        raise _misconfigured(
            entry, f"decoding {text}: {json_problem(text.encode())}", "PatchJson6902Transformer"
        )
    if not operations:
        raise KubectlError(
            f"patch appears to be empty; file={entry.get('path', '')}, JsonOp={text}"
        )
    for resource in selected(found, target):
        _operate(resource, operations)


def merged(value: Object, patch: Object, shape: Shape | None) -> Object | None:
    """The map with the patch merged in; None when the patch deletes it."""
    directive = patch.get("$patch")
    if directive == "delete":
        return None
    if directive == "replace":
        return {key: held for key, held in patch.items() if key != "$patch"}
    result = dict(value)
    for key, change in patch.items():
        if key == "$patch":
            continue
        below = shape.field(key) if shape is not None else None
        new = _merged_value(result.get(key), change, below)
        if new is None:
            result.pop(key, None)
        else:
            result[key] = new
    return result


def _merged_value(old: Any, change: Any, shape: Shape | None) -> Any:
    if isinstance(change, dict):
        return merged(old if isinstance(old, dict) else {}, change, shape)
    if not isinstance(change, list):
        return change
    change, directive = _without_directive(change)
    if directive == "delete":
        return None
    if directive == "replace" or shape is None or "merge" not in shape.strategies:
        return change
    keys = _keys(shape)
    old = old if isinstance(old, list) else []
    if not keys:
        return [*change, *(item for item in old if item not in change)]
    return _merged_items(old, change, keys, shape.item())


def _without_directive(items: list[Any]) -> tuple[list[Any], str]:
    directives = [item for item in items if isinstance(item, dict) and set(item) == {"$patch"}]
    if not directives:
        return items, ""
    return [item for item in items if item not in directives], str(directives[0]["$patch"])


def _keys(shape: Shape) -> tuple[str, ...]:
    if shape.list_keys:
        return tuple(shape.list_keys)
    return (shape.merge_key,) if shape.merge_key else ()


def _merged_items(
    old: list[Any], changes: list[Any], keys: tuple[str, ...], shape: Shape
) -> list[Any]:
    """Items of the patch first, each merged with its namesake; then the others."""
    rest = list(old)
    result: list[Any] = []
    for change in changes:
        namesake = next((item for item in rest if _is_same(item, change, keys)), None)
        if namesake is not None:
            rest.remove(namesake)
        new = merged(namesake or {}, change, shape) if isinstance(change, dict) else change
        if new:
            result.append(new)
    return [*result, *rest]


def _is_same(item: Any, other: Any, keys: tuple[str, ...]) -> bool:
    """Whether two items have the same keys; one that lacks a key fits any value of it."""
    if not isinstance(item, dict) or not isinstance(other, dict):
        return False
    shared = [key for key in keys if key in item and key in other]
    return bool(shared) and all(item[key] == other[key] for key in shared)


def _merge_into(
    found: ResourceMap, targets: list[Resource], patch: Object, options: dict[str, Any]
) -> None:
    for target in targets:
        if options.get("allowNameChange") or options.get("allowKindChange"):
            target.remember()
        own = target.identity
        changed = merged(target.object, patch, _shape(own))
        if changed is None:
            found.resources.remove(target)
            continue
        if not options.get("allowKindChange"):
            changed["kind"] = own.kind
        changed["apiVersion"] = target.object.get("apiVersion")
        metadata = dict(changed.get("metadata") or {})
        if not options.get("allowNameChange"):
            metadata["name"] = own.name
        metadata.pop("namespace", None)
        if own.namespace:
            metadata["namespace"] = own.namespace
        changed["metadata"] = metadata
        target.object = clone(changed)


def _shape(own: Identity) -> Shape | None:
    if load_catalogue().name_of(own.group, own.version, own.kind) is None:
        return None
    return published_shape(own.group, own.version, own.kind)


def _target_of(found: ResourceMap, patch: Object) -> Resource:
    wanted = Resource(patch).original
    try:
        return found.by_identity(wanted)
    except KubectlError as error:
        raise KubectlError(
            f'no resource matches strategic merge patch "{wanted.text()}": {error.message}'
        ) from None


def _operate(resource: Resource, operations: list[Any]) -> None:
    try:
        resource.object = clone(apply_json_patch(resource.object, operations))
    except JsonPatchError as error:
        raise KubectlError(str(error)) from None


def _text(entry: dict[str, Any], read: Read) -> tuple[str, str]:
    """The patch itself, and how errors call it."""
    text, path = str(entry.get("patch") or "").strip(), str(entry.get("path") or "")
    if not text and not path:
        raise _misconfigured(entry, f"must specify one of patch and path in\n{_config(entry)}")
    if text and path:
        raise _misconfigured(
            entry, f"patch and path can't be set at the same time\n{_config(entry)}"
        )
    if text:
        return text, f"[patch: {quoted(text)}]"
    try:
        return read(path), f"[path: {quoted(path)}]"
    except KubectlError as error:
        raise _misconfigured(
            entry, f"failed to get the patch file from path({path}): {error.message}"
        ) from None


def _misconfigured(
    entry: dict[str, Any], problem: str, plugin: str = "PatchTransformer"
) -> KubectlError:
    return KubectlError(
        f"trouble configuring builtin {plugin} with config: `\n{_config(entry)}`: {problem}"
    )


def _config(entry: dict[str, Any]) -> str:
    return to_yaml({key: value for key, value in entry.items() if value})


def _strategic(text: str) -> list[Object] | None:
    """The objects in a text, each with a kind and a name; None when it holds something else."""
    try:
        found = [manifest.object for manifest in load_manifests(text)]
    except ManifestError:
        return None
    if not found or not all(_is_named(obj) for obj in found):
        return None
    return found


def _is_named(obj: Any) -> bool:
    if not isinstance(obj, dict) or not obj.get("kind"):
        return False
    metadata = obj.get("metadata")
    return isinstance(metadata, dict) and bool(metadata.get("name"))


def _operations(text: str) -> list[Any] | None:
    """The operations in a text; None when it holds something else."""
    try:
        value = json.loads(text) if text.startswith("[") else load_value(text)[0]
    except (ManifestError, ValueError):
        return None
    return value if isinstance(value, list) else None
