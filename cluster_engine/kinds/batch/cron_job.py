"""The CronJob kind.

Models: k8s.io/kubernetes/pkg/apis/batch/v1/defaults.go, pkg/registry/batch/cronjob (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.batch.cron_job_validation import validate, validate_update
from cluster_engine.kinds.batch.job import default_spec, spec_warnings
from cluster_engine.kinds.columns import (
    AGE,
    CONTAINERS,
    IMAGES,
    NAME,
    age,
    container_cells,
    selector_text,
    since,
)
from cluster_engine.kinds.core.pod.template import is_counted, name_warnings
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column("Schedule", described_by="batch.v1.CronJobSpec.schedule"),
    Column("Timezone", described_by="batch.v1.CronJobSpec.timeZone"),
    Column("Suspend", "boolean", described_by="batch.v1.CronJobSpec.suspend"),
    Column("Active", "integer", described_by="batch.v1.CronJobStatus.active"),
    Column("Last Schedule", described_by="batch.v1.CronJobStatus.lastScheduleTime"),
    AGE,
    CONTAINERS,
    IMAGES,
    Column("Selector", described_by="batch.v1.JobSpec.selector", priority=1),
)


def default(obj: Object) -> None:
    """Runs may overlap; three successes and one failure are kept."""
    spec = obj.setdefault("spec", {})
    if not spec.get("concurrencyPolicy"):
        spec["concurrencyPolicy"] = "Allow"
    if spec.get("suspend") is None:
        spec["suspend"] = False
    if spec.get("successfulJobsHistoryLimit") is None:
        spec["successfulJobsHistoryLimit"] = 3
    if spec.get("failedJobsHistoryLimit") is None:
        spec["failedJobsHistoryLimit"] = 1
    job_spec = (spec.get("jobTemplate") or {}).get("spec")
    if job_spec is not None:
        default_spec(job_spec)


def warn(new: Object, old: Object | None) -> list[str]:
    """Of its name, its template, and a time zone inside the schedule."""
    spec, warnings = new.get("spec") or {}, [] if old is not None else name_warnings(new)
    if old is None or is_counted(new, old):
        job_spec = (spec.get("jobTemplate") or {}).get("spec") or {}
        warnings += spec_warnings("spec.jobTemplate.spec", job_spec)
    if old is not None and "TZ" in spec.get("schedule", ""):
        warnings.append(
            "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see "
            "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details"
        )
    return warnings


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    job_spec = (spec.get("jobTemplate") or {}).get("spec") or {}
    last = status.get("lastScheduleTime")
    return [
        obj["metadata"]["name"],
        spec.get("schedule", ""),
        "<none>" if spec.get("timeZone") is None else spec["timeZone"],
        {None: "<unset>", True: "True", False: "False"}[spec.get("suspend")],
        len(status.get("active") or ()),
        since(last, now_ms) if last else "<none>",
        age(obj, now_ms),
        *container_cells((job_spec.get("template") or {}).get("spec")),
        selector_text(job_spec.get("selector")),
    ]


KIND = Kind(
    group="batch",
    version="v1",
    kind="CronJob",
    plural="cronjobs",
    singular="cronjob",
    namespaced=True,
    short_names=("cj",),
    categories=("all",),
    subresources=(STATUS,),
    default=default,
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    prepare=SeparateStatus("batch", "v1", "CronJob"),
    prepare_status=only_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
