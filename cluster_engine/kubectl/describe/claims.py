"""Claims to storage, whole or as templates in pods and StatefulSets."""

from __future__ import annotations

from collections.abc import Mapping

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.describe.page import Page
from cluster_engine.kubectl.describe.words import access_modes, bracketed, quantity, since

_CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"


def class_of(obj: Object) -> str:
    """The storage class of a claim or volume."""
    annotations: Mapping[str, str] = obj["metadata"].get("annotations") or {}
    if _CLASS_ANNOTATION in annotations:
        return annotations[_CLASS_ANNOTATION]
    name: str = (obj.get("spec") or {}).get("storageClassName") or ""
    return name


def write_claim(
    page: Page, claim: Object, now_ms: int, *, is_full: bool = True, level: int = 0
) -> None:
    """A claim; a template (not `is_full`) has no name, state and finalizers."""
    metadata, spec, status = claim["metadata"], claim.get("spec") or {}, claim.get("status") or {}
    if is_full:
        page.field("Name", metadata["name"], level)
        page.field("Namespace", metadata.get("namespace", ""), level)
    page.field("StorageClass", class_of(claim), level)
    if is_full:
        page.field("Status", state_of(claim, now_ms), level)
    page.field("Volume", spec.get("volumeName", ""), level)
    page.labels(metadata.get("labels"), level=level)
    page.annotations(metadata.get("annotations"), level=level)
    if is_full:
        page.field("Finalizers", bracketed(metadata.get("finalizers")), level)
    is_bound = bool(spec.get("volumeName"))
    capacity = quantity((status.get("capacity") or {}).get("storage")) if is_bound else ""
    page.field("Capacity", capacity, level)
    modes = access_modes(status.get("accessModes")) if is_bound else ""
    page.field("Access Modes", modes, level)
    page.optional("VolumeMode", spec.get("volumeMode"), level)
    source = spec.get("dataSource")
    if source:
        page.line("DataSource:", level)
        page.optional("APIGroup", source.get("apiGroup"), level + 1)
        page.field("Kind", source.get("kind", ""), level + 1)
        page.field("Name", source.get("name", ""), level + 1)


def state_of(obj: Object, now_ms: int) -> str:
    """The phase, or how long it has been terminating."""
    deleted = obj["metadata"].get("deletionTimestamp")
    if deleted:
        return f"Terminating (lasts {since(deleted, now_ms)})"
    phase: str = (obj.get("status") or {}).get("phase", "")
    return phase


def write_claim_templates(page: Page, templates: list[Object] | None) -> None:
    """Those of a StatefulSet."""
    if not templates:
        page.field("Volume Claims", "<none>")
        return
    page.line("Volume Claims:")
    for claim in templates:
        metadata, spec = claim["metadata"], claim.get("spec") or {}
        page.field("Name", metadata["name"], 1)
        page.field("StorageClass", class_of(claim), 1)
        page.labels(metadata.get("labels"), indent="  ")
        page.labels(metadata.get("annotations"), "Annotations", "  ")
        storage = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
        page.field("Capacity", "<default>" if storage is None else quantity(storage), 1)
        page.field("Access Modes", bracketed(spec.get("accessModes")), 1)
