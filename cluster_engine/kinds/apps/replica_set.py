"""The ReplicaSet kind.

Models: k8s.io/kubernetes/pkg/apis/apps/v1/defaults.go, pkg/registry/apps/replicaset (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import (
    AGE,
    CONTAINERS,
    IMAGES,
    NAME,
    age,
    container_cells,
    selector_text,
)
from cluster_engine.kinds.core.pod.defaults import default_template
from cluster_engine.kinds.kind import SCALE, STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column("Desired", "integer", described_by="apps.v1.ReplicaSetSpec.replicas"),
    Column("Current", "integer", described_by="apps.v1.ReplicaSetStatus.replicas"),
    Column("Ready", "integer", described_by="apps.v1.ReplicaSetStatus.readyReplicas"),
    AGE,
    CONTAINERS,
    IMAGES,
    Column("Selector", described_by="apps.v1.ReplicaSetSpec.selector", priority=1),
)


def default(obj: Object) -> None:
    """One replica."""
    spec = obj.setdefault("spec", {})
    if spec.get("replicas") is None:
        spec["replicas"] = 1
    if "template" in spec:
        default_template(spec["template"])


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    return [
        obj["metadata"]["name"],
        spec.get("replicas") or 0,
        status.get("replicas") or 0,
        status.get("readyReplicas") or 0,
        age(obj, now_ms),
        *container_cells((spec.get("template") or {}).get("spec")),
        selector_text(spec.get("selector")),
    ]


KIND = Kind(
    group="apps",
    version="v1",
    kind="ReplicaSet",
    plural="replicasets",
    singular="replicaset",
    namespaced=True,
    short_names=("rs",),
    categories=("all",),
    subresources=(SCALE, STATUS),
    default=default,
    prepare=SeparateStatus("apps", "v1", "ReplicaSet"),
    prepare_status=only_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
