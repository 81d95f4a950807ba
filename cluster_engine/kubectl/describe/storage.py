"""Volumes, claims to them, and their classes.

Models: k8s.io/kubectl/pkg/describe/describe.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kubectl.describe.claims import class_of, state_of, write_claim
from cluster_engine.kubectl.describe.page import NONE, Page
from cluster_engine.kubectl.describe.source import Source
from cluster_engine.kubectl.describe.volumes import write_source
from cluster_engine.kubectl.describe.words import (
    access_modes,
    bracketed,
    optional_bool,
    quantity,
    timestamp,
)
from cluster_engine.kubectl.printers.tables import label_text

_DEFAULT_CLASS = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)


def describe_volume(page: Page, volume: Object, source: Source) -> None:
    metadata, spec, status = volume["metadata"], volume["spec"], volume.get("status") or {}
    page.head(volume, has_namespace=False)
    page.field("Finalizers", bracketed(metadata.get("finalizers")))
    page.field("StorageClass", class_of(volume))
    page.field("Status", state_of(volume, source.now_ms))
    claim = spec.get("claimRef")
    page.field("Claim", f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else "")
    page.field("Reclaim Policy", spec.get("persistentVolumeReclaimPolicy", ""))
    page.field("Access Modes", access_modes(spec.get("accessModes")))
    page.optional("VolumeMode", spec.get("volumeMode"))
    page.field("Capacity", quantity((spec.get("capacity") or {}).get("storage")))
    _write_affinity(page, spec.get("nodeAffinity"))
    page.field("Message", status.get("message", ""))
    page.line("Source:")
    write_source(page, spec, is_persistent=True)
    source.events(page, volume)


def _write_affinity(page: Page, affinity: Object | None) -> None:
    required = (affinity or {}).get("required")
    if required is None:
        page.field("Node Affinity", NONE)
        return
    page.field("Node Affinity", "")
    terms = required.get("nodeSelectorTerms") or ()
    page.field("Required Terms", "" if terms else NONE, 1)
    for place, term in enumerate(terms):
        lines = [
            _expression(each["key"], each["operator"].lower(), each.get("values"))
            for each in term.get("matchExpressions") or ()
        ]
        page.multiline(f"Term {place}", lines, "    ")


def _expression(key: str, operator: str, values: Sequence[str] | None) -> str:
    return f"{key} {operator} [{', '.join(values)}]" if values else f"{key} {operator}"


def describe_claim(page: Page, claim: Object, source: Source) -> None:
    metadata = claim["metadata"]
    write_claim(page, claim, source.now_ms)
    pods = source.pods(metadata["namespace"])
    owners = {
        owner["uid"]
        for owner in metadata.get("ownerReferences") or ()
        if owner.get("kind") == "Pod"
    }
    users = {
        pod["metadata"]["name"]
        for pod in pods
        if _uses(pod, metadata["name"]) or pod["metadata"].get("uid") in owners
    }
    page.multiline("Used By", sorted(users))
    conditions = (claim.get("status") or {}).get("conditions")
    if conditions:
        page.line("Conditions:")
        names = ("Type", "Status", "LastProbeTime", "LastTransitionTime", "Reason", "Message")
        page.heading(*names, dashes=(4, 6, 17, 18, 6, 7))
    for condition in conditions or ():
        page.row(
            f"{condition['type']} ",
            condition.get("status", "") + " ",
            f"{timestamp(condition.get('lastProbeTime'))} ",
            f"{timestamp(condition.get('lastTransitionTime'))} ",
            f"{condition.get('reason', '')} ",
            condition.get("message", ""),
            level=1,
        )
    source.events(page, claim)


def _uses(pod: Object, claim: str) -> bool:
    return any(
        (volume.get("persistentVolumeClaim") or {}).get("claimName") == claim
        for volume in pod["spec"].get("volumes") or ()
    )


def describe_storage_class(page: Page, storage: Object, source: Source) -> None:
    annotations = storage["metadata"].get("annotations") or {}
    is_default = any(annotations.get(name) == "true" for name in _DEFAULT_CLASS)
    page.field("Name", storage["metadata"]["name"])
    page.field("IsDefaultClass", "Yes" if is_default else "No")
    page.field("Annotations", label_text(annotations))
    page.field("Provisioner", storage.get("provisioner", ""))
    page.field("Parameters", label_text(storage.get("parameters")))
    page.field("AllowVolumeExpansion", optional_bool(storage.get("allowVolumeExpansion")))
    options = storage.get("mountOptions")
    page.line("MountOptions:" if options else f"MountOptions:\t{NONE}")
    for option in options or ():
        page.line(option, 1)
    page.optional("ReclaimPolicy", storage.get("reclaimPolicy"))
    page.optional("VolumeBindingMode", storage.get("volumeBindingMode"))
    if storage.get("allowedTopologies") is not None:
        _write_topologies(page, storage["allowedTopologies"])
    source.events(page, storage)


def _write_topologies(page: Page, terms: Sequence[Object]) -> None:
    page.field("AllowedTopologies", "" if terms else NONE)
    for place, term in enumerate(terms):
        lines = [
            _expression(each["key"], "in", each.get("values"))
            for each in term.get("matchLabelExpressions") or ()
        ]
        page.multiline(f"Term {place}", lines, "  ")


def describe_attributes_class(page: Page, attributes: Object, source: Source) -> None:
    page.field("Name", attributes["metadata"]["name"])
    page.field("Annotations", label_text(attributes["metadata"].get("annotations")))
    page.field("DriverName", attributes.get("driverName", ""))
    page.field("Parameters", label_text(attributes.get("parameters")))
    source.events(page, attributes)


def describe_csi_node(page: Page, node: Object, source: Source) -> None:
    page.head(node, has_namespace=False)
    page.created(node)
    page.line("Spec:")
    drivers = (node.get("spec") or {}).get("drivers")
    if drivers is not None:
        page.line("Drivers:", 1)
    for driver in drivers or ():
        page.line(f"{driver['name']}:", 2)
        page.field("Node ID", driver.get("nodeID", ""), 3)
        count = (driver.get("allocatable") or {}).get("count")
        if count is not None:
            page.line("Allocatables:", 3)
            page.field("Count", count, 4)
        if driver.get("topologyKeys") is not None:
            page.field("Topology Keys", bracketed(driver["topologyKeys"]), 3)
    source.events(page, node)
