"""The PodTemplate kind.

Models: k8s.io/kubernetes/pkg/registry/core/podtemplate (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import NAME, container_cells, labels_text
from cluster_engine.kinds.core.pod.defaults import default_template
from cluster_engine.kinds.core.pod.template import (
    check_template,
    is_counted,
    template_warnings,
)
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


def validate(obj: Object) -> list[FieldError]:
    """A template that pods could be made of."""
    problems: list[FieldError] = []
    check_template(problems, "template", obj.get("template") or {})
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    return validate(new)


def warn(new: Object, old: Object | None) -> list[str]:
    """Of what the template says."""
    if old is not None and not is_counted(new, old):
        return []
    return template_warnings("template.", new.get("template"))


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
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    prepare=prepare,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
