"""The order in which objects come out.

Models: sigs.k8s.io/kustomize/api/internal/builtins/SortOrderTransformer.go.
"""

from __future__ import annotations

from typing import Any

from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.kustomizing.resource import Resource

_FIRST = (
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
)
_LAST = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
FIFO, LEGACY = "fifo", "legacy"


def ordered(
    resources: list[Resource], options: dict[str, Any] | None, default: str
) -> list[Resource]:
    """In the order the kustomization asks for, else in the default one. Raises KubectlError."""
    order = default if options is None else str(options.get("order") or "")
    if order not in (FIFO, LEGACY):
        raise KubectlError("the field 'sortOptions.order' must be one of [fifo, legacy]")
    legacy = (options or {}).get("legacySortOptions")
    if order == FIFO:
        if legacy is not None:
            raise KubectlError(
                "the field 'sortOptions.legacySortOptions' is set but the selected sort order is "
                "'fifo', not 'legacy'"
            )
        return resources
    first = _FIRST if legacy is None else tuple(legacy.get("orderFirst") or ())
    last = _LAST if legacy is None else tuple(legacy.get("orderLast") or ())
    places = {kind: place - len(first) for place, kind in enumerate(first)}
    places.update({kind: place + 1 for place, kind in enumerate(last)})
    return sorted(resources, key=lambda resource: _key(resource, places))


def _key(resource: Resource, places: dict[str, int]) -> tuple[Any, ...]:
    own = resource.identity
    kind = f"{own.group or '~G'}_{own.version or '~V'}_{own.kind or '~K'}"
    return (places.get(own.kind, 0), kind, own.namespace or "~X", own.name or "~N")
