"""The StatefulSet kind.

Models: k8s.io/kubernetes/pkg/apis/apps/v1/defaults.go, pkg/registry/apps/statefulset (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.names import is_dns1123_label
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.apps.stateful_set_validation import (
    validate,
    validate_status,
    validate_update,
)
from cluster_engine.kinds.columns import AGE, CONTAINERS, IMAGES, NAME, age, container_cells
from cluster_engine.kinds.core.persistent_volume_claim import default as default_claim
from cluster_engine.kinds.core.pod.defaults import default_template
from cluster_engine.kinds.core.pod.template import is_counted, template_warnings
from cluster_engine.kinds.core.pod.warnings import claim_spec_warnings
from cluster_engine.kinds.kind import SCALE, STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column("Ready", meaning="Number of the pod with ready state"),
    AGE,
    CONTAINERS,
    IMAGES,
)


def default(obj: Object) -> None:
    """One replica, in order, replaced one at a time, claims kept, ten old revisions."""
    spec = obj.setdefault("spec", {})
    if not spec.get("podManagementPolicy"):
        spec["podManagementPolicy"] = "OrderedReady"
    strategy = spec.get("updateStrategy") or {}
    if not strategy.get("type"):
        strategy["type"] = "RollingUpdate"
        strategy.setdefault("rollingUpdate", {})
    rolling = strategy.get("rollingUpdate")
    if strategy["type"] == "RollingUpdate" and rolling is not None:
        if rolling.get("partition") is None:
            rolling["partition"] = 0
        if rolling.get("maxUnavailable") is None:
            rolling["maxUnavailable"] = 1
    spec["updateStrategy"] = strategy
    retention = spec.setdefault("persistentVolumeClaimRetentionPolicy", {})
    for name in ("whenDeleted", "whenScaled"):
        if not retention.get(name):
            retention[name] = "Retain"
    if spec.get("replicas") is None:
        spec["replicas"] = 1
    if spec.get("revisionHistoryLimit") is None:
        spec["revisionHistoryLimit"] = 10
    if "template" in spec:
        default_template(spec["template"])
    for claim in spec.get("volumeClaimTemplates") or ():
        claim.setdefault("apiVersion", "v1")
        claim.setdefault("kind", "PersistentVolumeClaim")
        default_claim(claim)


def warn(new: Object, old: Object | None) -> list[str]:
    """Of its template, its claims and its history."""
    spec, warnings = new.get("spec") or {}, []
    if old is None or is_counted(new, old):
        warnings += template_warnings("spec.template.", spec.get("template"))
    for position, claim in enumerate(spec.get("volumeClaimTemplates") or ()):
        below = "" if old is None else ".Spec"
        at = f"spec.volumeClaimTemplates[{position}]{below}"
        warnings += claim_spec_warnings(at, claim.get("spec") or {})
    if (spec.get("revisionHistoryLimit") or 0) < 0:
        warnings.append(
            "spec.revisionHistoryLimit: a negative value retains all historical revisions; a "
            "value >= 0 is recommended"
        )
    return warnings


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    return [
        obj["metadata"]["name"],
        f"{status.get('readyReplicas') or 0}/{spec.get('replicas') or 0}",
        age(obj, now_ms),
        *container_cells((spec.get("template") or {}).get("spec")),
    ]


KIND = Kind(
    group="apps",
    version="v1",
    kind="StatefulSet",
    plural="statefulsets",
    singular="statefulset",
    namespaced=True,
    short_names=("sts",),
    categories=("all",),
    subresources=(SCALE, STATUS),
    default=default,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    validate_name=is_dns1123_label,
    warn=warn,
    prepare=SeparateStatus("apps", "v1", "StatefulSet"),
    prepare_status=only_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
