"""The ControllerRevision kind: a past state of a DaemonSet's or StatefulSet's template.

Models: k8s.io/kubernetes/pkg/registry/apps/controllerrevision (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Controller", meaning="Controller of the object"),
    Column("Revision", described_by="apps.v1.ControllerRevision.revision"),
    AGE,
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    owner = controller_of(obj)
    controller = "<none>"
    if owner is not None:
        group = owner.get("apiVersion", "").rpartition("/")[0]
        kind = owner.get("kind", "").lower()
        controller = f"{kind}.{group}" if group else kind
        controller = f"{controller}/{owner.get('name', '')}"
    return [obj["metadata"]["name"], controller, obj.get("revision") or 0, age(obj, now_ms)]


KIND = Kind(
    group="apps",
    version="v1",
    kind="ControllerRevision",
    plural="controllerrevisions",
    singular="controllerrevision",
    namespaced=True,
    columns=COLUMNS,
    cells=cells,
)
