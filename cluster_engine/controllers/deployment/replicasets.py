"""Which replica set is the new one, which are old, and how a new one is made.

Models: k8s.io/kubernetes/pkg/controller/deployment/sync.go and util (v1.37.2). The template hash
is ours (FNV-1a over the canonical JSON): its value differs from a real cluster's, its use does not.
"""

from __future__ import annotations

import orjson

from cluster_engine.apimachinery.objects import Object, with_metadata
from cluster_engine.controllers import pods
from cluster_engine.controllers.deployment import counts
from cluster_engine.simulation.randomness import SUFFIX_ALPHABET

HASH_LABEL = "pod-template-hash"
_HISTORY_CHARACTERS_MAX = 2000
#: Annotations of a deployment that its replica sets do not take over.
_SKIPPED = {
    "kubectl.kubernetes.io/last-applied-configuration",
    counts.REVISION,
    counts.REVISION_HISTORY,
    counts.DESIRED,
    counts.MAXIMUM,
    "deprecated.deployment.rollback.to",
}


def template_hash(template: Object, collision_count: int | None) -> str:
    """A name-safe hash of a pod template."""
    value = 0x811C9DC5
    text = orjson.dumps(template, option=orjson.OPT_SORT_KEYS)
    if collision_count is not None:
        text += str(collision_count).encode()
    for byte in text:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return "".join(SUFFIX_ALPHABET[ord(digit) % len(SUFFIX_ALPHABET)] for digit in str(value))


def is_same_template(one: Object, other: Object) -> bool:
    """Equal but for the hash label."""
    return _without_hash(one) == _without_hash(other)


def _without_hash(template: Object) -> Object:
    metadata = template.get("metadata") or {}
    labels = {k: v for k, v in (metadata.get("labels") or {}).items() if k != HASH_LABEL}
    kept = {k: v for k, v in metadata.items() if k not in ("labels", "creationTimestamp")}
    return {"labels": labels, "metadata": kept, "spec": template["spec"]}


def find_new(deployment: Object, replica_sets: list[Object]) -> Object | None:
    """The oldest set with the deployment's template."""
    template = deployment["spec"]["template"]
    for replica_set in sorted(replica_sets, key=by_age):
        if is_same_template(replica_set["spec"]["template"], template):
            return replica_set
    return None


def by_age(replica_set: Object) -> tuple[str, str]:
    """Sort key: oldest first, then by name."""
    metadata = replica_set["metadata"]
    return metadata["creationTimestamp"], metadata["name"]


def active(replica_sets: list[Object]) -> list[Object]:
    """Those that ask for pods."""
    return [item for item in replica_sets if counts.replicas(item) > 0]


def active_or_latest(new_set: Object | None, old_sets: list[Object]) -> Object | None:
    """The only active set, or with none active the newest; None when several are active."""
    busy = active([*old_sets, *([new_set] if new_set else [])])
    if len(busy) == 1:
        return busy[0]
    if busy:
        return None
    if new_set is not None:
        return new_set
    return max(old_sets, key=by_age, default=None)


def make_new(deployment: Object, old_sets: list[Object], revision: int) -> Object:
    """A replica set for the deployment's template, sized as the strategy allows."""
    spec = deployment["spec"]
    collisions = (deployment.get("status") or {}).get("collisionCount")
    hashed = template_hash(spec["template"], collisions)
    template_metadata = spec["template"].get("metadata") or {}
    labels = {**(template_metadata.get("labels") or {}), HASH_LABEL: hashed}
    selector = spec["selector"]
    matched = {**(selector.get("matchLabels") or {}), HASH_LABEL: hashed}
    metadata = deployment["metadata"]
    new_spec: Object = {
        "replicas": 0,
        "selector": {**selector, "matchLabels": matched},
        "template": {**spec["template"], "metadata": {**template_metadata, "labels": labels}},
    }
    if spec.get("minReadySeconds"):
        new_spec["minReadySeconds"] = spec["minReadySeconds"]
    replica_set: Object = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"{metadata['name'][: 253 - 1 - len(hashed)]}-{hashed}",
            "namespace": metadata["namespace"],
            "labels": labels,
            "ownerReferences": [pods.controller_reference(deployment)],
        },
        "spec": new_spec,
    }
    new_spec["replicas"] = counts.new_set_replicas(
        deployment, [*old_sets, replica_set], replica_set
    )
    return with_annotations(deployment, replica_set, revision, is_new=True)


def with_annotations(
    deployment: Object, replica_set: Object, revision: int, *, is_new: bool = False
) -> Object:
    """The set with the annotations that follow from the deployment; itself when none changes."""
    held: dict[str, str] = replica_set["metadata"].get("annotations") or {}
    wanted = dict(held)
    for name, text in (deployment["metadata"].get("annotations") or {}).items():
        if name not in _SKIPPED:
            wanted[name] = text
    before = held.get(counts.REVISION)
    if int(before or 0) < revision:
        wanted[counts.REVISION] = str(revision)
        if before:
            _add_to_history(wanted, before)
    if is_new:
        wanted.update(replica_annotations(deployment))
    return replica_set if wanted == held else with_metadata(replica_set, annotations=wanted)


def replica_annotations(deployment: Object) -> dict[str, str]:
    """How large the deployment was, and could get, when the set was last scaled."""
    wanted = counts.replicas(deployment)
    return {
        counts.DESIRED: str(wanted),
        counts.MAXIMUM: str(wanted + counts.fenceposts(deployment)[0]),
    }


def _add_to_history(annotations: dict[str, str], revision: str) -> None:
    past = [item for item in annotations.get(counts.REVISION_HISTORY, "").split(",") if item]
    past.append(revision)
    while len(",".join(past)) > _HISTORY_CHARACTERS_MAX:
        past.pop(0)
    annotations[counts.REVISION_HISTORY] = ",".join(past)
