"""Changes to a generated object given on the command line: --overrides.

Models: k8s.io/kubectl/pkg/cmd/util/override_options.go (v0.37.2).
"""

from __future__ import annotations

import json
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.json_patch import apply_json_patch
from cluster_engine.apimachinery.patches.merge import merge_patch
from cluster_engine.apimachinery.patches.strategic import strategic_merge
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.flags import STRING, Flag
from cluster_engine.kubectl.resources import resource_of
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.writing import shape_of

OVERRIDES = (
    Flag(
        "override-type",
        "",
        STRING,
        "merge",
        "The method used to override the generated object: json, merge, or strategic.",
    ),
    Flag(
        "overrides",
        "",
        STRING,
        "",
        "An inline JSON override for the generated object. If this is non-empty, it is used to "
        "override the generated object. Requires that the object supply a valid apiVersion field.",
    ),
)


def overridden(session: Session, obj: Object) -> Object:
    """The object with what --overrides says. Raises KubectlError."""
    text = session.flags.text("overrides")
    if not text:
        return obj
    try:
        patch: Any = json.loads(text)
    except ValueError:
        raise KubectlError("Invalid JSON Patch") from None
    kind = session.flags.text("override-type")
    try:
        if kind == "json":
            return _object(apply_json_patch(obj, patch))
        if kind == "merge":
            return _object(merge_patch(obj, patch))
        if kind == "strategic":
            shape = shape_of(resource_of(session.resources, obj))
            return obj if shape is None else strategic_merge(obj, patch, shape)
    except ValueError as error:
        raise KubectlError(str(error)) from None
    raise KubectlError(f"invalid override type: {kind}")


def _object(value: Any) -> Object:
    if not isinstance(value, dict):
        raise KubectlError("the overrides do not leave an object")
    return value
