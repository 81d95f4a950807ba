"""Problems of a job's status.

Models: validateJobStatus, ValidateJobStatusUpdate in
k8s.io/kubernetes/pkg/apis/batch/validation and getStatusValidationOptions in
pkg/registry/batch/job (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.conditions import is_true
from cluster_engine.apimachinery.fields import (
    OMIT,
    FieldError,
    duplicate,
    invalid_value,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.batch.indexes import IndexesError, count_indexes, first_overlap
from cluster_engine.kinds.checks import non_negative
from cluster_engine.kinds.internal import internal

_COUNTS = ("active", "succeeded", "failed", "ready", "terminating")
_CONDITIONS = "status.conditions"


class _State:
    """A status with the conditions that are true."""

    def __init__(self, obj: Object) -> None:
        self.status: Object = obj.get("status") or {}
        conditions = self.status.get("conditions")
        self.is_complete = is_true(conditions, "Complete")
        self.is_failed = is_true(conditions, "Failed")
        self.is_failure_target = is_true(conditions, "FailureTarget")
        self.is_success = is_true(conditions, "SuccessCriteriaMet")
        self.is_suspended = is_true(conditions, "Suspended")
        self.is_finished = self.is_complete or self.is_failed


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """What changes must make sense with the rest."""
    problems: list[FieldError] = []
    spec, state, before = new.get("spec") or {}, _State(new), _State(old)
    _check_counts(problems, state.status)
    _check_conditions(problems, spec, state, before)
    _check_times(problems, spec, state, before)
    _check_finished(problems, state, before)
    _check_indexes(problems, spec, state.status, before.status)
    _check_progress(problems, spec, state, before)
    return problems


def _differs(state: _State, before: _State, *fields: str) -> bool:
    return any(state.status.get(field) != before.status.get(field) for field in fields)


def _check_counts(problems: list[FieldError], status: Object) -> None:
    for field in _COUNTS:
        non_negative(problems, f"status.{field}", status.get(field))
    uncounted, seen = status.get("uncountedTerminatedPods") or {}, set()
    for name in ("succeeded", "failed"):
        for position, uid in enumerate(uncounted.get(name) or ()):
            at = f"status.uncountedTerminatedPods.{name}[{position}]"
            if not uid:
                problems.append(invalid_value(at, uid, "must not be empty"))
            elif uid in seen:
                problems.append(duplicate(at, uid))
            seen.add(uid)


def _check_conditions(
    problems: list[FieldError], spec: Object, state: _State, before: _State
) -> None:
    is_new_complete = state.is_complete != before.is_complete
    is_new_failed = state.is_failed != before.is_failed
    is_new_target = state.is_failure_target != before.is_failure_target
    is_new_success = state.is_success != before.is_success
    texts = (
        (
            (is_new_complete or is_new_failed) and state.is_complete and state.is_failed,
            "cannot set Complete=True and Failed=true conditions",
        ),
        (
            (is_new_complete or is_new_target) and state.is_complete and state.is_failure_target,
            "cannot set Complete=True and FailureTarget=true conditions",
        ),
        (
            (is_new_failed or _differs(state, before, "failedIndexes"))
            and state.is_failed
            and not state.is_failure_target,
            "cannot set Failed=True condition without the FailureTarget=true condition",
        ),
        (
            (is_new_complete or is_new_success) and state.is_complete and not state.is_success,
            "cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
        ),
        (
            state.is_success and state.is_failed,
            "cannot set SuccessCriteriaMet=True and Failed=true conditions",
        ),
        (
            state.is_success and state.is_failure_target,
            "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions",
        ),
        (
            spec.get("successPolicy") is not None and not state.is_success and state.is_complete,
            "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True",
        ),
    )
    problems.extend(invalid_value(_CONDITIONS, OMIT, text) for is_wrong, text in texts if is_wrong)


def _check_times(problems: list[FieldError], spec: Object, state: _State, before: _State) -> None:
    start, end = state.status.get("startTime"), state.status.get("completionTime")
    is_new_end = _differs(state, before, "completionTime")
    if state.is_complete != before.is_complete or is_new_end:
        if end is not None and not state.is_complete:
            text = "cannot set completionTime when there is no Complete=True condition"
            problems.append(invalid_value("status.completionTime", end, text))
        if end is None and state.is_complete:
            text = "completionTime is required for Complete jobs"
            problems.append(required("status.completionTime", text))
    is_new_start = _differs(state, before, "startTime")
    if (is_new_start or is_new_end) and start and end and end < start:
        text = "must be equal to or after `startTime`"
        problems.append(invalid_value("status.completionTime", end, text))
    is_nothing = spec.get("suspend") and spec.get("completions") == 0
    is_new = state.is_finished != before.is_finished or is_new_start
    if is_new and not is_nothing and start is None and state.is_finished:
        text = "startTime is required for finished job"
        problems.append(required("status.startTime", text))


def _check_finished(problems: list[FieldError], state: _State, before: _State) -> None:
    status, is_new = state.status, state.is_finished != before.is_finished
    active, terminating = status.get("active") or 0, status.get("terminating") or 0
    if (is_new or _differs(state, before, "active")) and active > 0 and state.is_finished:
        text = "active>0 is invalid for finished job"
        problems.append(invalid_value("status.active", active, text))
    uncounted = status.get("uncountedTerminatedPods") or {}
    has_uncounted = bool(uncounted.get("succeeded") or uncounted.get("failed"))
    if (
        (is_new or _differs(state, before, "uncountedTerminatedPods"))
        and state.is_finished
        and has_uncounted
    ):
        shown = internal("batch", "UncountedTerminatedPods", uncounted)
        text = "must be empty for finished job"
        problems.append(invalid_value("status.uncountedTerminatedPods", shown, text))
    if (is_new or _differs(state, before, "terminating")) and terminating and state.is_finished:
        text = "terminating>0 is invalid for finished job"
        problems.append(invalid_value("status.terminating", terminating, text))
    ready = status.get("ready")
    if _differs(state, before, "ready", "active") and ready is not None and ready > active:
        text = "cannot set more ready pods than active"
        problems.append(invalid_value("status.ready", ready, text))


def _check_indexes(
    problems: list[FieldError], spec: Object, status: Object, before: Object
) -> None:
    completions, limit = spec.get("completions"), spec.get("backoffLimitPerIndex")
    completed, failed = status.get("completedIndexes", ""), status.get("failedIndexes")
    is_new_completed = completed != before.get("completedIndexes", "")
    is_new_failed = failed != before.get("failedIndexes")
    if is_new_completed:
        if completions is not None:
            _check_format(problems, "completedIndexes", completed, completions)
        if completed and spec.get("completionMode") != "Indexed":
            text = "cannot set non-empty completedIndexes when non-indexed completion mode"
            problems.append(invalid_value("status.completedIndexes", completed, text))
    if is_new_failed and failed is not None:
        if completions is not None and limit is not None:
            _check_format(problems, "failedIndexes", failed, completions)
        if limit is None:
            text = "cannot set non-null failedIndexes when backoffLimitPerIndex is null"
            problems.append(invalid_value("status.failedIndexes", failed, text))
    if (is_new_completed or is_new_failed) and completions is not None and failed is not None:
        overlap = first_overlap(completed, failed, completions)
        if overlap is not None:
            text = f"failedIndexes and completedIndexes overlap at index: {overlap}"
            problems.append(invalid_value("status.failedIndexes", failed, text))


def _check_format(problems: list[FieldError], field: str, text: str, completions: int) -> None:
    try:
        count_indexes(text, completions)
    except IndexesError as error:
        problems.append(invalid_value(f"status.{field}", text, f"error parsing {field}: {error}"))


def _check_progress(
    problems: list[FieldError], spec: Object, state: _State, before: _State
) -> None:
    """What has happened does not unhappen."""
    for name, was, stays in (
        ("Failed", before.is_failed, state.is_failed),
        ("Complete", before.is_complete, state.is_complete),
        ("FailureTarget", before.is_failure_target, state.is_failure_target),
    ):
        if was and not stays:
            text = f"cannot disable the terminal {name}=True condition"
            problems.append(invalid_value(_CONDITIONS, OMIT, text))
    status, held = state.status, before.status
    is_elastic = spec.get("completionMode") == "Indexed" and spec.get("completions") == spec.get(
        "parallelism"
    )
    for field in ("failed", "succeeded"):
        count = status.get(field) or 0
        if count < (held.get(field) or 0) and not (field == "succeeded" and is_elastic):
            text = f"cannot decrease the {field} counter"
            problems.append(invalid_value(f"status.{field}", count, text))
    end, old_end = status.get("completionTime"), held.get("completionTime")
    if end is not None and old_end is not None and end != old_end:
        problems.append(invalid_value("status.completionTime", end, "field is immutable"))
    start, old_start = status.get("startTime"), held.get("startTime")
    is_resuming = before.is_suspended and _is_false(status, "Suspended")
    if old_start is not None and start != old_start and not is_resuming and not spec.get("suspend"):
        text = "field is immutable for unsuspended job once set"
        problems.append(invalid_value("status.startTime", start, text))
    if before.is_success and not state.is_success:
        text = "cannot disable the SuccessCriteriaMet=True condition"
        problems.append(invalid_value(_CONDITIONS, OMIT, text))
    if before.is_complete and not before.is_success and state.is_success:
        text = "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions"
        problems.append(invalid_value(_CONDITIONS, OMIT, text))


def _is_false(status: Object, type_: str) -> bool:
    return any(
        condition.get("type") == type_ and condition.get("status") == "False"
        for condition in status.get("conditions") or ()
    )
