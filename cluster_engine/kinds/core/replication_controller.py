"""The ReplicationController kind.

Models: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go and
pkg/registry/core/replicationcontroller (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import Problems, bounded_counts, declared, non_negative
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
from cluster_engine.kinds.core.pod.template import (
    check_template,
    is_counted,
    name_warnings,
    template_warnings,
)
from cluster_engine.kinds.internal import sorted_map
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

_COUNTS = ("replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas")


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


def validate(obj: Object) -> list[FieldError]:
    """A selector that its template matches."""
    problems = Problems()
    spec = obj.get("spec") or {}
    non_negative(declared(problems), "spec.replicas", spec.get("replicas"))
    non_negative(declared(problems), "spec.minReadySeconds", spec.get("minReadySeconds"))
    if not spec.get("selector"):
        problems.append(required("spec.selector"))
    template = spec.get("template")
    if template is None:
        problems.append(required("spec.template"))
    else:
        _check_template(problems, template, spec.get("selector") or {})
    return problems.all()


def _check_template(problems: list[FieldError], template: Object, selector: Object) -> None:
    path = "spec.template"
    labels = (template.get("metadata") or {}).get("labels")
    if any((labels or {}).get(key) != value for key, value in selector.items()):
        text = "`selector` does not match template `labels`"
        problems.append(invalid_value(f"{path}.metadata.labels", sorted_map(labels), text))
    check_template(problems, path, template)
    pod = template.get("spec") or {}
    if pod.get("restartPolicy") != "Always":
        at = f"{path}.spec.restartPolicy"
        problems.append(not_supported(at, pod.get("restartPolicy", ""), ("Always",)))
    if pod.get("activeDeadlineSeconds") is not None:
        text = "activeDeadlineSeconds in ReplicationController is not Supported"
        problems.append(forbidden_field(f"{path}.spec.activeDeadlineSeconds", text))


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    return validate(new)


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Counts that fit each other."""
    del old
    problems: list[FieldError] = []
    status = new.get("status") or {}
    for field in (*_COUNTS, "observedGeneration"):
        non_negative(problems, f"status.{field}", status.get(field))
    bounded_counts(problems, status, _COUNTS[1:])
    bounded_counts(problems, status, ("availableReplicas",), "readyReplicas", "readyReplicas")
    return problems


def warn(new: Object, old: Object | None) -> list[str]:
    """Of its name and template."""
    template = (new.get("spec") or {}).get("template")
    if old is None:
        return name_warnings(new) + template_warnings("spec.template.", template)
    if not is_counted(new, old):
        return []
    # Upstream looks at the old template here.
    return template_warnings("spec.template.", (old.get("spec") or {}).get("template"))


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
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    warn=warn,
    prepare=SeparateStatus("", "v1", "ReplicationController"),
    prepare_status=only_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
    field_selectors={
        "status.replicas": lambda obj: str((obj.get("status") or {}).get("replicas") or 0)
    },
)
