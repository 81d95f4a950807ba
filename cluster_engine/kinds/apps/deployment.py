"""The Deployment kind.

Models: k8s.io/kubernetes/pkg/apis/apps/v1/defaults.go, pkg/registry/apps/deployment (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.apps.deployment_validation import (
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
    selector_text,
)
from cluster_engine.kinds.core.pod.defaults import default_template
from cluster_engine.kinds.core.pod.template import (
    is_counted,
    name_warnings,
    template_warnings,
)
from cluster_engine.kinds.kind import SCALE, STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, count_generation, only_status

COLUMNS = (
    NAME,
    Column("Ready", meaning="Number of the pod with ready state"),
    Column("Up-to-date", described_by="apps.v1.DeploymentStatus.updatedReplicas"),
    Column("Available", described_by="apps.v1.DeploymentStatus.availableReplicas"),
    AGE,
    CONTAINERS,
    IMAGES,
    Column("Selector", described_by="apps.v1.DeploymentSpec.selector", priority=1),
)

_separate_status = SeparateStatus("apps", "v1", "Deployment")


def default(obj: Object) -> None:
    """One replica, replaced a quarter at a time, ten old revisions, ten minutes to progress."""
    spec = obj.setdefault("spec", {})
    if spec.get("replicas") is None:
        spec["replicas"] = 1
    strategy = spec.get("strategy") or {}
    if not strategy.get("type"):
        strategy["type"] = "RollingUpdate"
    if strategy["type"] == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        for name in ("maxUnavailable", "maxSurge"):
            if rolling.get(name) is None:
                rolling[name] = "25%"
    spec["strategy"] = strategy
    if spec.get("revisionHistoryLimit") is None:
        spec["revisionHistoryLimit"] = 10
    if spec.get("progressDeadlineSeconds") is None:
        spec["progressDeadlineSeconds"] = 600
    if "template" in spec:
        default_template(spec["template"])


def prepare(new: Object, old: Object | None) -> None:
    """The status is apart; the generation counts changes of the annotations too."""
    _separate_status(new, old)
    if old is None:
        count_generation(new, old)
        return
    generation = old["metadata"].get("generation") or 0
    has_changed = new.get("spec") != old.get("spec") or new["metadata"].get("annotations") != old[
        "metadata"
    ].get("annotations")
    new["metadata"] = {**new["metadata"], "generation": generation + has_changed}


def prepare_status(new: Object, old: Object | None) -> None:
    """Only the status changes, and metadata other than the labels."""
    only_status(new, old)
    assert old is not None
    labels = old["metadata"].get("labels")
    if new["metadata"].get("labels") != labels:
        metadata = {**new["metadata"], "labels": labels}
        if labels is None:
            del metadata["labels"]
        new["metadata"] = metadata


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
        f"{status.get('readyReplicas') or 0}/{spec.get('replicas') or 0}",
        status.get("updatedReplicas") or 0,
        status.get("availableReplicas") or 0,
        age(obj, now_ms),
        *container_cells((spec.get("template") or {}).get("spec")),
        selector_text(spec.get("selector"), none=""),
    ]


KIND = Kind(
    group="apps",
    version="v1",
    kind="Deployment",
    plural="deployments",
    singular="deployment",
    namespaced=True,
    short_names=("deploy",),
    categories=("all",),
    subresources=(SCALE, STATUS),
    default=default,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    warn=warn,
    prepare=prepare,
    prepare_status=prepare_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
