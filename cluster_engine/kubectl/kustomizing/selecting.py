"""Which resources a patch, a replacement or a change of replicas is about.

Models: sigs.k8s.io/kustomize/api/types/selector.go and api/resmap.
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.regexp.matching import compile_regexp
from cluster_engine.apimachinery.regexp.syntax import RegexpError
from cluster_engine.apimachinery.selectors import SelectorError, parse_label_selector
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.kustomizing.resource import Identity, Resource, ResourceMap

_KIND = ("group", "version", "kind")


def selected(found: ResourceMap, selector: dict[str, Any]) -> list[Resource]:
    """The resources that the selector's patterns match, by their first or their present names.

    Raises KubectlError.
    """
    return [
        resource
        for resource in found.resources
        if any(
            matches(selector, "namespace", one.space or "_non_namespaceable_")
            for one in (resource.original, resource.identity)
        )
        and any(
            matches(selector, "name", one.name) for one in (resource.original, resource.identity)
        )
        and is_of_kind(selector, resource.identity)
        and has_marks(selector, resource)
    ]


def is_of_kind(selector: dict[str, Any], own: Identity) -> bool:
    """Whether group, version and kind fit."""
    return all(matches(selector, field, getattr(own, field)) for field in _KIND)


def has_marks(selector: dict[str, Any], resource: Resource) -> bool:
    """Whether labels and annotations fit. Raises KubectlError."""
    for field, part in (("labelSelector", "labels"), ("annotationSelector", "annotations")):
        text = selector.get(field)
        if not text:
            continue
        try:
            wanted = parse_label_selector(str(text))
        except SelectorError as error:
            raise KubectlError(str(error)) from None
        if not wanted.matches(resource.metadata.get(part)):
            return False
    return True


def matches(selector: dict[str, Any], field: str, value: str) -> bool:
    """Whether the selector's pattern for the field, if it has one, matches all of the value."""
    pattern = str(selector.get(field) or "")
    if not pattern:
        return True
    try:
        return compile_regexp(f"^(?:{pattern})$").matches(value)
    except RegexpError as error:
        raise KubectlError(f"error parsing regexp: {error}") from None
