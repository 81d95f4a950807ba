"""Which volume suits a claim: pure questions on volumes, claims and classes.

Models: k8s.io/component-helpers/storage/volume (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import bytes_of
from cluster_engine.apimachinery.selectors import from_label_selector

BIND_COMPLETED = "pv.kubernetes.io/bind-completed"
BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller"
SELECTED_NODE = "volume.kubernetes.io/selected-node"
WAIT_FOR_CONSUMER = "WaitForFirstConsumer"


def annotations_of(obj: Object) -> dict[str, str]:
    """The annotations, empty when there are none."""
    return obj["metadata"].get("annotations") or {}


def is_claimed_by(volume: Object, claim: Object) -> bool:
    """Whether the volume's claim reference names this claim (and, where it says so, this uid)."""
    reference = volume["spec"].get("claimRef")
    metadata = claim["metadata"]
    if not reference or reference.get("name") != metadata["name"]:
        return False
    if reference.get("namespace") != metadata["namespace"]:
        return False
    return not reference.get("uid") or reference["uid"] == metadata["uid"]


def best_match(claim: Object, volumes: Iterable[Object]) -> Object | None:
    """The smallest free volume that has all that the claim asks for; by name of equal ones."""
    suitable = [volume for volume in volumes if _suits(volume, claim)]
    return min(suitable, key=_by_size, default=None)


def _by_size(volume: Object) -> tuple[int, str]:
    return _capacity(volume), volume["metadata"]["name"]


def _capacity(volume: Object) -> int:
    return bytes_of((volume["spec"].get("capacity") or {}).get("storage", "0"))


def _suits(volume: Object, claim: Object) -> bool:
    spec, wish = volume["spec"], claim["spec"]
    if spec.get("claimRef") or "deletionTimestamp" in volume["metadata"]:
        return False
    if (spec.get("storageClassName") or "") != (wish.get("storageClassName") or ""):
        return False
    if spec.get("volumeMode", "Filesystem") != wish.get("volumeMode", "Filesystem"):
        return False
    if not set(wish.get("accessModes") or ()) <= set(spec.get("accessModes") or ()):
        return False
    if wish.get("selector") is not None:
        selector = from_label_selector(wish["selector"])
        if not selector.matches(volume["metadata"].get("labels") or {}):
            return False
    requests = (wish.get("resources") or {}).get("requests") or {}
    return _capacity(volume) >= bytes_of(requests.get("storage", "0"))
