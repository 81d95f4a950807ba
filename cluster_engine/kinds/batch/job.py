"""The Job kind.

Models: k8s.io/kubernetes/pkg/apis/batch/v1/defaults.go, pkg/registry/batch/job (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.conditions import is_true
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import human_duration, parse_rfc3339
from cluster_engine.kinds.batch.job_status_validation import validate_status
from cluster_engine.kinds.batch.job_validation import INDEXED, validate, validate_update
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
from cluster_engine.kinds.core.pod.defaults import default_template
from cluster_engine.kinds.core.pod.template import (
    is_counted,
    name_warnings,
    template_warnings,
)
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column("Status", meaning="Status of the job."),
    Column("Completions", described_by="batch.v1.JobStatus.succeeded"),
    Column("Duration", meaning="Time required to complete the job."),
    AGE,
    CONTAINERS,
    IMAGES,
    Column("Selector", described_by="batch.v1.JobSpec.selector", priority=1),
)

_MANY = 100_000
_MANY_AT_ONCE = 10_000
_INT32_MAX = 2**31 - 1
_STATES = (
    ("Complete", "Complete"),
    ("Failed", "Failed"),
    ("", "Terminating"),
    ("Suspended", "Suspended"),
    ("FailureTarget", "FailureTarget"),
    ("SuccessCriteriaMet", "SuccessCriteriaMet"),
)
NAME_LABELS = ("job-name", "batch.kubernetes.io/job-name")
UID_LABEL = "batch.kubernetes.io/controller-uid"
UID_LABELS = ("controller-uid", UID_LABEL)
_separate_status = SeparateStatus("batch", "v1", "Job")


def default(obj: Object) -> None:
    """One pod, run to completion, six retries."""
    spec = obj.setdefault("spec", {})
    default_spec(spec)
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    metadata = obj.setdefault("metadata", {})
    if labels and not metadata.get("labels"):
        metadata["labels"] = dict(labels)
    if spec.get("completions") is None and spec.get("parallelism") is None:
        spec["completions"] = spec["parallelism"] = 1
    if spec.get("parallelism") is None:
        spec["parallelism"] = 1
    if spec.get("backoffLimit") is None:
        spec["backoffLimit"] = 6 if spec.get("backoffLimitPerIndex") is None else _INT32_MAX
    if spec.get("completionMode") is None:
        spec["completionMode"] = "NonIndexed"
    if spec.get("podReplacementPolicy") is None:
        has_policy = spec.get("podFailurePolicy") is not None
        spec["podReplacementPolicy"] = "Failed" if has_policy else "TerminatingOrFailed"
    for name in ("suspend", "manualSelector"):
        if spec.get(name) is None:
            spec[name] = False


def default_spec(spec: Object) -> None:
    """What a Job inside a CronJob gets as well; what belongs to a feature that is off goes."""
    spec.pop("scheduling", None)
    for rule in (spec.get("podFailurePolicy") or {}).get("rules") or ():
        for pattern in rule.get("onPodConditions") or ():
            if not pattern.get("status"):
                pattern["status"] = "True"
    if "template" in spec:
        default_template(spec["template"])


def prepare(new: Object, old: Object | None) -> None:
    """A new job selects its own pods by its uid."""
    _separate_status(new, old)
    spec = new.get("spec") or {}
    if old is None and not spec.get("manualSelector"):
        new["spec"] = spec = _with_selector(spec, new["metadata"])
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    if labels and not new["metadata"].get("labels"):
        new["metadata"] = {**new["metadata"], "labels": labels}


def _with_selector(spec: Object, metadata: Object) -> Object:
    template = spec.get("template") or {}
    template_metadata = template.get("metadata") or {}
    labels = dict(template_metadata.get("labels") or {})
    for label in NAME_LABELS:
        labels.setdefault(label, metadata.get("name", ""))
    for label in UID_LABELS:
        labels.setdefault(label, metadata.get("uid", ""))
    selector = spec.get("selector") or {}
    wanted = dict(selector.get("matchLabels") or {})
    wanted.setdefault(UID_LABEL, metadata.get("uid", ""))
    return {
        **spec,
        "selector": {**selector, "matchLabels": wanted},
        "template": {**template, "metadata": {**template_metadata, "labels": labels}},
    }


def warn(new: Object, old: Object | None) -> list[str]:
    """Of its name and template, and of more indexes than can be tracked."""
    if old is not None and not is_counted(new, old):
        return []
    warnings = spec_warnings("spec", new.get("spec") or {})
    return warnings if old is not None else name_warnings(new) + warnings


def spec_warnings(path: str, spec: Object) -> list[str]:
    """Of a job spec."""
    warnings = []
    is_large = (spec.get("completions") or 0) > _MANY and (
        spec.get("parallelism") or 0
    ) > _MANY_AT_ONCE
    if spec.get("completionMode") == INDEXED and is_large:
        warnings.append(
            f"{path}: In Indexed Jobs with a number of completions higher than 10^5 and a "
            "parallelism higher than 10^4, Kubernetes might not be able to track "
            "completedIndexes when a big number of indexes fail"
        )
    return warnings + template_warnings(f"{path}.template.", spec.get("template"))


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    return [
        obj["metadata"]["name"],
        _state(obj, status),
        _completions(spec, status),
        _duration(status, now_ms),
        age(obj, now_ms),
        *container_cells((spec.get("template") or {}).get("spec")),
        selector_text(spec.get("selector")),
    ]


def _state(obj: Object, status: Object) -> str:
    for condition, word in _STATES:
        if condition and is_true(status.get("conditions"), condition):
            return word
        if not condition and obj["metadata"].get("deletionTimestamp"):
            return word
    return "Running"


def _completions(spec: Object, status: Object) -> str:
    succeeded = status.get("succeeded") or 0
    if spec.get("completions") is not None:
        return f"{succeeded}/{spec['completions']}"
    parallelism = spec.get("parallelism") or 0
    return f"{succeeded}/1 of {parallelism}" if parallelism > 1 else f"{succeeded}/1"


def _duration(status: Object, now_ms: int) -> str:
    start, end = status.get("startTime"), status.get("completionTime")
    if not start:
        return ""
    if not end:
        return since(start, now_ms)
    return human_duration((parse_rfc3339(end) - parse_rfc3339(start)) // 1000)


KIND = Kind(
    group="batch",
    version="v1",
    kind="Job",
    plural="jobs",
    singular="job",
    namespaced=True,
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
    unknown_field='field label "{}" not supported for Job',
    field_selectors={
        "status.successful": lambda obj: str((obj.get("status") or {}).get("succeeded") or 0)
    },
)
