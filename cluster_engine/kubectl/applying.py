"""Client-side apply: the last-applied annotation, and the patch that brings an object there.

Models: k8s.io/kubectl/pkg/cmd/apply and pkg/util/apply.go (v0.37.2).
"""

from __future__ import annotations

import json
from typing import Any

from cluster_engine.apimachinery.json_text import to_json
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.merge import create_three_way_merge_patch, merge_patch
from cluster_engine.apimachinery.patches.strategic import StrategicPatchError, strategic_merge
from cluster_engine.apimachinery.patches.strategic_diff import create_three_way_patch
from cluster_engine.kubectl.client import MERGE_PATCH, STRATEGIC_PATCH
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.resources import Resource
from cluster_engine.kubectl.writing import shape_of

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def encoded(obj: Object) -> str:
    """As kubectl keeps a configuration: one line, sorted, with its newline."""
    return to_json(obj, indent=None) + "\n"


def annotated(obj: Object) -> Object:
    """The object with its own configuration in the annotation."""
    bare = without_annotation(obj)
    metadata = bare["metadata"]
    annotations = {**metadata["annotations"], LAST_APPLIED: encoded(bare)}
    return {**bare, "metadata": {**metadata, "annotations": annotations}}


def without_annotation(obj: Object) -> Object:
    """The object without the annotation, but with a map of annotations."""
    metadata = obj.get("metadata") or {}
    annotations = dict(metadata.get("annotations") or {})
    annotations.pop(LAST_APPLIED, None)
    return {**obj, "metadata": {**metadata, "annotations": annotations}}


def last_applied(obj: Object) -> str | None:
    """The annotation's text, if it is there."""
    annotations = (obj.get("metadata") or {}).get("annotations") or {}
    found: str | None = annotations.get(LAST_APPLIED)
    return found


def patch_for(resource: Resource, live: Object, modified: Object) -> tuple[Object, str]:
    """What to send so that `live` becomes `modified`, and its content type.

    Raises KubectlError when the two do not fit together.
    """
    original = _original(live)
    shape = shape_of(resource)
    if shape is None:
        patch = create_three_way_merge_patch(original, modified, live)
        if {"apiVersion", "kind"} & patch.keys() or "name" in (patch.get("metadata") or {}):
            raise KubectlError("At least one of apiVersion, kind and name was changed")
        return patch, MERGE_PATCH
    try:
        return create_three_way_patch(original, modified, live, shape), STRATEGIC_PATCH
    except StrategicPatchError as error:
        raise KubectlError(
            f"creating patch with:\noriginal:\n{to_json(original, indent=None)}\nmodified:\n"
            f"{to_json(modified, indent=None)}\ncurrent:\n{to_json(live, indent=None)}\nfor: "
            f"{error}"
        ) from None


def patched_locally(resource: Resource, live: Object, patch: Object) -> Object:
    """What the patch would make of the live object."""
    shape = shape_of(resource)
    if shape is None:
        merged: Object = merge_patch(live, patch)
        return merged
    return strategic_merge(live, patch, shape)


def without_nulls(value: Any) -> Any:
    """Nulls say "remove" in a patch; a creation has none."""
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def _original(live: Object) -> Object:
    text = last_applied(live)
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
