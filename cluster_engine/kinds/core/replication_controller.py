"""The ReplicationController kind.

Models: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go and
pkg/registry/core/replicationcontroller (v1.37.2).
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
    labels_text,
)
from cluster_engine.kinds.core.pod.defaults import default_template
from cluster_engine.kinds.kind import SCALE, STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column("Desired", "integer", described_by="core.v1.ReplicationControllerSpec.replicas"),
    Column("Current", "integer", described_by="core.v1.ReplicationControllerStatus.replicas"),
    Column("Ready", "integer", described_by="core.v1.ReplicationControllerStatus.readyReplicas"),
    AGE,
    CONTAINERS,
    IMAGES,
    Column("Selector", described_by="core.v1.ReplicationControllerSpec.selector", priority=1),
)


def default(obj: Object) -> None:
    """One replica; selector and labels are those of the template."""
    spec = obj.setdefault("spec", {})
    if spec.get("replicas") is None:
        spec["replicas"] = 1
    template = spec.get("template")
    if template is None:
        return
    labels = (template.get("metadata") or {}).get("labels")
    if labels:
        if not spec.get("selector"):
            spec["selector"] = dict(labels)
        metadata = obj.setdefault("metadata", {})
        if not metadata.get("labels"):
            metadata["labels"] = dict(labels)
    default_template(template)


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
        labels_text(spec.get("selector")),
    ]


KIND = Kind(
    group="",
    version="v1",
    kind="ReplicationController",
    plural="replicationcontrollers",
    singular="replicationcontroller",
    namespaced=True,
    short_names=("rc",),
    categories=("all",),
    subresources=(SCALE, STATUS),
    default=default,
    prepare=SeparateStatus("", "v1", "ReplicationController"),
    prepare_status=only_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
    field_selectors={
        "status.replicas": lambda obj: str((obj.get("status") or {}).get("replicas") or 0)
    },
)
