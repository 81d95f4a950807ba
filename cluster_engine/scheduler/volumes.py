"""Claims and volumes: which belongs to which, and what fits where.

Models: k8s.io/component-helpers/storage (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import orjson

from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.apimachinery.quantity import bytes_of
from cluster_engine.apimachinery.selectors import SelectorError, from_label_selector
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.selection import NodeTerm, parse_terms

BIND_COMPLETED = "pv.kubernetes.io/bind-completed"
BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller"
SELECTED_NODE = "volume.kubernetes.io/selected-node"
NO_PROVISIONER = "kubernetes.io/no-provisioner"
CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"

WAIT_FOR_FIRST_CONSUMER = "WaitForFirstConsumer"
REASON_CLAIM_NOT_FOUND = 'persistentvolumeclaim "{name}" not found'
REASON_NOT_OWNED = (
    "PVC {namespace}/{claim} was not created for pod {namespace}/{pod} (pod is not owner)"
)


@dataclass(frozen=True, slots=True)
class ClaimUse:
    """A claim that a pod uses; an ephemeral one is made for the pod alone."""

    name: str
    is_ephemeral: bool


def claim_uses(pod: PodInfo) -> Iterator[ClaimUse]:
    """The claims behind the pod's volumes, in their order."""
    for volume in pod.volumes:
        if volume.get("persistentVolumeClaim") is not None:
            yield ClaimUse(volume["persistentVolumeClaim"].get("claimName") or "", False)
        elif volume.get("ephemeral") is not None:
            yield ClaimUse(f"{pod.name}-{volume['name']}", True)


def not_owned_text(pod: PodInfo, claim: Object) -> str | None:
    """Why an ephemeral claim is not the pod's own; None when it is."""
    owner = controller_of(claim)
    if owner is not None and owner.get("uid") == pod.uid:
        return None
    name = claim["metadata"]["name"]
    return REASON_NOT_OWNED.format(namespace=pod.namespace, claim=name, pod=pod.name)


def annotations_of(obj: Object) -> Mapping[str, str]:
    """`metadata.annotations`, empty when there are none."""
    found: Mapping[str, str] = obj["metadata"].get("annotations") or {}
    return found


def claim_class(claim: Object) -> str:
    """The class a claim asks for; empty when none."""
    found = annotations_of(claim).get(CLASS_ANNOTATION)
    return found if found is not None else claim["spec"].get("storageClassName") or ""


def volume_class(volume: Object) -> str:
    """The class a volume is of; empty when none."""
    found = annotations_of(volume).get(CLASS_ANNOTATION)
    return found if found is not None else volume["spec"].get("storageClassName") or ""


def is_fully_bound(claim: Object) -> bool:
    """Whether the claim has its volume and the controller is done with it."""
    return bool(claim["spec"].get("volumeName")) and BIND_COMPLETED in annotations_of(claim)


def claim_bytes(claim: Object) -> int | None:
    """How much a claim asks for; None when it does not say."""
    asked = (claim["spec"].get("resources") or {}).get("requests") or {}
    return bytes_of(asked["storage"]) if "storage" in asked else None


def volume_bytes(volume: Object) -> int:
    """How much a volume holds."""
    return bytes_of((volume["spec"].get("capacity") or {}).get("storage") or 0)


def allows_node(volume: Object, labels: Mapping[str, str]) -> bool:
    """Whether a volume can be reached from a node with those labels."""
    required = (volume["spec"].get("nodeAffinity") or {}).get("required")
    if required is None:
        return True
    terms = _terms(orjson.dumps(required.get("nodeSelectorTerms") or []))
    return any(
        not term.is_broken and (term.labels is None or term.labels.matches(labels))
        for term in terms
    )


@lru_cache(maxsize=1024)
def _terms(content: bytes) -> tuple[NodeTerm, ...]:
    return parse_terms(orjson.loads(content))


def is_bound_to(volume: Object, claim: Object) -> bool:
    """Whether the volume names the claim, by a person's hand or the controller's."""
    reference = volume["spec"].get("claimRef")
    metadata = claim["metadata"]
    if reference is None:
        return False
    if (reference.get("name"), reference.get("namespace")) != (
        metadata["name"],
        metadata.get("namespace"),
    ):
        return False
    return not reference.get("uid") or reference["uid"] == metadata.get("uid")


def find_volume(
    claim: Object, volumes: Iterable[Object], labels: Mapping[str, str], taken: set[str]
) -> Object | None:
    """The volume for a claim on a node with those labels: one that names it, or the smallest fit.

    `taken` are names of volumes already chosen for other claims of the pod.
    """
    smallest: Object | None = None
    for volume in volumes:
        if volume["metadata"]["name"] in taken or not _may_serve(volume, claim):
            continue
        is_near = allows_node(volume, labels)
        if is_bound_to(volume, claim):
            return volume if is_near else None
        if not is_near or not _is_free(volume, claim):
            continue
        if smallest is None or volume_bytes(smallest) > volume_bytes(volume):
            smallest = volume
    return smallest


def _may_serve(volume: Object, claim: Object) -> bool:
    spec, asked = volume["spec"], claim["spec"]
    if spec.get("claimRef") is not None and not is_bound_to(volume, claim):
        return False
    if volume_bytes(volume) < (claim_bytes(claim) or 0):
        return False
    if (spec.get("volumeMode") or "Filesystem") != (asked.get("volumeMode") or "Filesystem"):
        return False
    attributes = "volumeAttributesClassName"
    if (spec.get(attributes) or "") != (asked.get(attributes) or ""):
        return False
    return volume["metadata"].get("deletionTimestamp") is None


def _is_free(volume: Object, claim: Object) -> bool:
    if (volume.get("status") or {}).get("phase") != "Available":
        return False
    selector = claim["spec"].get("selector")
    try:
        if selector is not None and not from_label_selector(selector).matches(
            volume["metadata"].get("labels")
        ):
            return False
    except SelectorError:
        return False
    if volume_class(volume) != claim_class(claim):
        return False
    modes = volume["spec"].get("accessModes") or ()
    return all(mode in modes for mode in claim["spec"].get("accessModes") or ())


def matches_topologies(terms: Iterable[Object] | None, labels: Mapping[str, str]) -> bool:
    """Whether a node has what a class' `allowedTopologies` ask for; none asked: it has."""
    if not terms:
        return True
    for term in terms:
        conditions = term.get("matchLabelExpressions") or ()
        if conditions and all(labels.get(c["key"]) in (c.get("values") or ()) for c in conditions):
            return True
    return False
