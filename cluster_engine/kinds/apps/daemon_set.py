"""The DaemonSet kind.

Models: k8s.io/kubernetes/pkg/apis/apps/v1/defaults.go, pkg/registry/apps/daemonset (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.apps.daemon_set_validation import (
    validate,
    validate_status,
    validate_update,
)
from cluster_engine.kinds.columns import (
    AGE,
    CONTAINERS,
    IMAGES,
    NAME,
    age,
    container_cells,
    labels_text,
    selector_text,
)
from cluster_engine.kinds.core.pod.defaults import default_template
from cluster_engine.kinds.core.pod.template import template_warnings
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column("Desired", "integer", described_by="apps.v1.DaemonSetStatus.desiredNumberScheduled"),
    Column("Current", "integer", described_by="apps.v1.DaemonSetStatus.currentNumberScheduled"),
    Column("Ready", "integer", described_by="apps.v1.DaemonSetStatus.numberReady"),
    Column("Up-to-date", "integer", described_by="apps.v1.DaemonSetStatus.updatedNumberScheduled"),
    Column("Available", "integer", described_by="apps.v1.DaemonSetStatus.numberAvailable"),
    Column("Node Selector", described_by="core.v1.PodSpec.nodeSelector"),
    AGE,
    CONTAINERS,
    IMAGES,
    Column("Selector", described_by="apps.v1.DaemonSetSpec.selector", priority=1),
)

#: Counts changes of the template; kept in an annotation since apps/v1.
TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"

_separate_status = SeparateStatus("apps", "v1", "DaemonSet")


def default(obj: Object) -> None:
    """Replaced one node at a time, ten old revisions."""
    spec = obj.setdefault("spec", {})
    strategy = spec.get("updateStrategy") or {}
    if not strategy.get("type"):
        strategy["type"] = "RollingUpdate"
    if strategy["type"] == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        if rolling.get("maxUnavailable") is None:
            rolling["maxUnavailable"] = 1
        if rolling.get("maxSurge") is None:
            rolling["maxSurge"] = 0
    spec["updateStrategy"] = strategy
    if spec.get("revisionHistoryLimit") is None:
        spec["revisionHistoryLimit"] = 10
    if "template" in spec:
        default_template(spec["template"])


def prepare(new: Object, old: Object | None) -> None:
    """The status is apart; an annotation counts changes of the template."""
    _separate_status(new, old)
    annotations = new["metadata"].get("annotations") or {}
    if old is None:
        generation = max(_template_generation(new), 1)
    else:
        generation = _template_generation(old)
        before, after = old.get("spec") or {}, new.get("spec") or {}
        generation += before.get("template") != after.get("template")
    if annotations.get(TEMPLATE_GENERATION) != str(generation):
        annotations = {**annotations, TEMPLATE_GENERATION: str(generation)}
        new["metadata"] = {**new["metadata"], "annotations": annotations}


def _template_generation(obj: Object) -> int:
    text = (obj["metadata"].get("annotations") or {}).get(TEMPLATE_GENERATION, "")
    return int(text) if text.isdigit() else 0


def warn(new: Object, old: Object | None) -> list[str]:
    """Of its template, when that is new."""
    if old is not None and _template_generation(new) == _template_generation(old):
        return []
    return template_warnings("spec.template.", (new.get("spec") or {}).get("template"))


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    pod_spec = (spec.get("template") or {}).get("spec") or {}
    return [
        obj["metadata"]["name"],
        status.get("desiredNumberScheduled") or 0,
        status.get("currentNumberScheduled") or 0,
        status.get("numberReady") or 0,
        status.get("updatedNumberScheduled") or 0,
        status.get("numberAvailable") or 0,
        labels_text(pod_spec.get("nodeSelector")),
        age(obj, now_ms),
        *container_cells(pod_spec),
        selector_text(spec.get("selector")),
    ]


KIND = Kind(
    group="apps",
    version="v1",
    kind="DaemonSet",
    plural="daemonsets",
    singular="daemonset",
    namespaced=True,
    short_names=("ds",),
    categories=("all",),
    subresources=(STATUS,),
    default=default,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    warn=warn,
    prepare=prepare,
    prepare_status=only_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
