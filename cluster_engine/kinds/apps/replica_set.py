"""The ReplicaSet kind.

Models: k8s.io/kubernetes/pkg/apis/apps/v1/defaults.go, pkg/registry/apps/replicaset (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.apps.pod_templates import check_replicated, check_same_selector
from cluster_engine.kinds.checks import bounded_counts, non_negative
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
from cluster_engine.kinds.core.pod.template import (
    is_counted,
    name_warnings,
    template_warnings,
)
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

_COUNTS = (
    "replicas",
    "fullyLabeledReplicas",
    "readyReplicas",
    "availableReplicas",
    "observedGeneration",
    "terminatingReplicas",
)


def default(obj: Object) -> None:
    """One replica."""
    spec = obj.setdefault("spec", {})
    if spec.get("replicas") is None:
        spec["replicas"] = 1
    if "template" in spec:
        default_template(spec["template"])


def validate(obj: Object) -> list[FieldError]:
    """A selector that its template matches."""
    problems: list[FieldError] = []
    spec = obj.get("spec") or {}
    non_negative(problems, "spec.replicas", spec.get("replicas"))
    non_negative(problems, "spec.minReadySeconds", spec.get("minReadySeconds"))
    check_replicated(problems, spec)
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """The selector stays."""
    problems = validate(new)
    check_same_selector(problems, new, old)
    return problems


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Counts that fit each other."""
    del old
    problems: list[FieldError] = []
    status = new.get("status") or {}
    for field in _COUNTS:
        non_negative(problems, f"status.{field}", status.get(field))
    bounded_counts(problems, status, _COUNTS[1:4])
    bounded_counts(problems, status, ("availableReplicas",), "readyReplicas", "readyReplicas")
    return problems


def warn(new: Object, old: Object | None) -> list[str]:
    """Of its name and template."""
    if old is not None and not is_counted(new, old):
        return []
    warnings = template_warnings("spec.template.", (new.get("spec") or {}).get("template"))
    return warnings if old is not None else name_warnings(new) + warnings


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
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    warn=warn,
    prepare=SeparateStatus("apps", "v1", "ReplicaSet"),
    prepare_status=only_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
