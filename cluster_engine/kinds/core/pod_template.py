"""The PodTemplate kind.

Models: k8s.io/kubernetes/pkg/registry/core/podtemplate (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import NAME, container_cells, labels_text
from cluster_engine.kinds.core.pod.defaults import default_template
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.preparation import count_generation

COLUMNS = (
    NAME,
    Column("Containers", meaning="Names of each container in the template."),
    Column("Images", meaning="Images referenced by each container in the template."),
    Column("Pod Labels", meaning="The labels for the pod template."),
)


def default(obj: Object) -> None:
    """The defaults of its template."""
    if "template" in obj:
        default_template(obj["template"])


def prepare(new: Object, old: Object | None) -> None:
    """The generation counts changes of the template."""
    count_generation(new, old, "template")


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    template = obj.get("template") or {}
    labels = (template.get("metadata") or {}).get("labels")
    return [
        obj["metadata"]["name"],
        *container_cells(template.get("spec")),
        labels_text(labels),
    ]


KIND = Kind(
    group="",
    version="v1",
    kind="PodTemplate",
    plural="podtemplates",
    singular="podtemplate",
    namespaced=True,
    default=default,
    prepare=prepare,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
