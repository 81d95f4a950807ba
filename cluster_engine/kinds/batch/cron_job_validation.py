"""Problems of cron jobs.

Models: ValidateCronJobCreate in k8s.io/kubernetes/pkg/apis/batch/validation (v1.37.2).
"""

from __future__ import annotations

import re
import zoneinfo

from cluster_engine.apimachinery.fields import (
    FieldError,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.batch.job_validation import check_job_spec
from cluster_engine.kinds.batch.schedules import ScheduleError, check_schedule
from cluster_engine.kinds.checks import Problems, declared, non_negative
from cluster_engine.kinds.internal import LABEL_SELECTOR, published

_POLICIES = ("Allow", "Forbid", "Replace")
_NAME_LENGTH_MAX = 52
_ZONE_PART = re.compile(r"[A-Za-z.\-_0-9+]{1,14}", re.ASCII)


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new cron job."""
    problems = Problems()
    _check_spec(problems, obj.get("spec") or {}, None)
    name = obj["metadata"].get("name", "")
    if len(name) > _NAME_LENGTH_MAX:
        text = f"must be no more than {_NAME_LENGTH_MAX} characters"
        problems.append(invalid_value("metadata.name", name, text))
    return problems.all()


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    problems = Problems()
    _check_spec(problems, new.get("spec") or {}, old.get("spec") or {})
    return problems.all()


def _check_spec(problems: Problems, spec: Object, before: Object | None) -> None:
    schedule, zone = spec.get("schedule", ""), spec.get("timeZone")
    if not schedule:
        declared(problems).append(required("spec.schedule"))
    else:
        may_hold_zone = "TZ" in (before or {}).get("schedule", "")
        _check_schedule(problems, schedule, zone, may_hold_zone=may_hold_zone)
    non_negative(problems, "spec.startingDeadlineSeconds", spec.get("startingDeadlineSeconds"))
    if zone is not None and (before is None or before.get("timeZone") != zone):
        _check_zone(problems, "spec.timeZone", zone)
    policy = spec.get("concurrencyPolicy", "")
    if not policy:
        problems.append(required("spec.concurrencyPolicy"))
    elif policy not in _POLICIES:
        problems.append(not_supported("spec.concurrencyPolicy", policy, _POLICIES))
    _check_job(problems, "spec.jobTemplate.spec", (spec.get("jobTemplate") or {}).get("spec") or {})
    for field in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        non_negative(problems, f"spec.{field}", spec.get(field))


def _check_schedule(
    problems: list[FieldError], schedule: str, zone: str | None, *, may_hold_zone: bool
) -> None:
    try:
        check_schedule(schedule)
    except ScheduleError as error:
        problems.append(invalid_value("spec.schedule", schedule, str(error)))
    if "TZ" not in schedule:
        return
    if not may_hold_zone:
        text = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
        problems.append(invalid_value("spec.schedule", schedule, text))
    elif zone is not None:
        text = "cannot use both timeZone field and TZ or CRON_TZ in schedule"
        problems.append(invalid_value("spec.schedule", schedule, text))


def _check_zone(problems: list[FieldError], path: str, zone: str) -> None:
    if not zone:
        text = "timeZone must be nil or non-empty string"
        problems.append(invalid_value(path, zone, text))
        return
    for part in zone.split("/"):
        if part in (".", "..") or part.startswith("-") or not _ZONE_PART.fullmatch(part):
            problems.append(invalid_value(path, zone, f"unknown time zone {zone}"))
            return
    if zone.lower() == "local":
        text = (
            "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
        )
        problems.append(invalid_value(path, zone, text))
    if zone != "Local" and not _is_known(zone):
        problems.append(invalid_value(path, zone, f"unknown time zone {zone}"))


def _is_known(zone: str) -> bool:
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _check_job(problems: list[FieldError], path: str, spec: Object) -> None:
    check_job_spec(problems, path, spec)
    if spec.get("selector") is not None:
        text = "`selector` will be auto-generated"
        shown = published(LABEL_SELECTOR, spec["selector"])
        problems.append(invalid_value(f"{path}.selector", shown, text))
    if spec.get("manualSelector"):
        problems.append(not_supported(f"{path}.manualSelector", True, ("nil", "false")))
