"""The Scale of an object: how many replicas it wants and has.

Models: k8s.io/kubernetes/pkg/registry/apps/deployment/storage scaleFromDeployment (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import SelectorError, from_label_selector, from_map
from cluster_engine.kinds.custom.types import ScalePaths
from cluster_engine.kinds.kind import Kind

SCALE_VERSION = "autoscaling/v1"
DEFAULT_PATHS = ScalePaths()


def scale_of(kind: Kind, obj: Object) -> Object:
    """The Scale of an object."""
    paths = kind.scale_paths or DEFAULT_PATHS
    metadata = obj["metadata"]
    fields = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    scale: Object = {
        "kind": "Scale",
        "apiVersion": SCALE_VERSION,
        "metadata": {name: metadata[name] for name in fields if name in metadata},
        "spec": {},
        "status": {"replicas": value_at(obj, paths.status) or 0},
    }
    replicas = value_at(obj, paths.spec)
    if replicas:
        scale["spec"] = {"replicas": replicas}
    selector = _selector_text(value_at(obj, paths.selector) if paths.selector else None)
    if selector:
        scale["status"]["selector"] = selector
    return scale


def value_at(obj: Object, path: tuple[str, ...]) -> Any:
    value: Any = obj
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _selector_text(selector: Any) -> str:
    if isinstance(selector, str):
        return selector
    if not isinstance(selector, dict):
        return ""
    try:
        if "matchLabels" in selector or "matchExpressions" in selector:
            return str(from_label_selector(selector))
        return str(from_map(selector))
    except (SelectorError, KeyError):
        return ""
