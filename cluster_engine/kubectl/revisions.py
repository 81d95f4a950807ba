"""The ReplicaSets behind a Deployment: which is the current one, which came before.

Used by `describe` and by `rollout`.

Models: k8s.io/kubectl/pkg/util/deployment (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.apimachinery.selectors import from_label_selector
from cluster_engine.kubectl.client import Client

REVISION = "deployment.kubernetes.io/revision"
_HASH_LABEL = "pod-template-hash"


def replica_sets_of(client: Client, deployment: Object) -> tuple[list[Object], Object | None]:
    """The old ones by age, and the new one (None: not made yet). Raises KubectlError."""
    metadata = deployment["metadata"]
    answer = client.call(
        "GET",
        f"/apis/apps/v1/namespaces/{metadata['namespace']}/replicasets",
        {"labelSelector": str(from_label_selector(deployment["spec"].get("selector")))},
    )
    owned = [
        found
        for found in answer.get("items") or ()
        if (controller_of(found) or {}).get("uid") == metadata["uid"]
    ]
    owned.sort(key=lambda found: _age_key(found["metadata"]))
    new = current_of(deployment, owned)
    return [found for found in owned if found is not new], new


def current_of(deployment: Object, owned: list[Object]) -> Object | None:
    """The first ReplicaSet that has the Deployment's template."""
    wanted = without_hash(deployment["spec"]["template"])
    return next(
        (found for found in owned if without_hash(found["spec"]["template"]) == wanted), None
    )


def revision_of(obj: Object) -> int:
    """The revision noted on an object; 0 without one."""
    text = (obj["metadata"].get("annotations") or {}).get(REVISION, "")
    return int(text) if text.isdigit() else 0


def _age_key(metadata: Object) -> tuple[str, str]:
    return metadata.get("creationTimestamp", ""), metadata.get("name", "")


def without_hash(template: Object) -> Object:
    """A pod template without the label that the controller adds."""
    metadata = template.get("metadata") or {}
    labels = {k: v for k, v in (metadata.get("labels") or {}).items() if k != _HASH_LABEL}
    rest = {k: v for k, v in metadata.items() if k != "creationTimestamp" and v is not None}
    return {**template, "metadata": {**rest, "labels": labels}}
