"""Jobs and CronJobs: how they end."""

from __future__ import annotations

from collections.abc import Iterator

from playground.reviews.findings.subjects import Spot, Subject
from playground.reviews.findings.values import at, mapping

_JOB, _CRON = ("batch", "Job"), ("batch", "CronJob")


def stays(subject: Subject) -> Iterator[Spot]:
    """CronJobs clean up after themselves."""
    if subject.kind == _JOB and subject.spec.get("ttlSecondsAfterFinished") is None:
        yield subject.spot("spec")


def without_deadline(subject: Subject) -> Iterator[Spot]:
    spec = subject.spec if subject.kind == _JOB else mapping(subject.spec, "jobTemplate", "spec")
    is_job = subject.kind in (_JOB, _CRON)
    in_pod = at(spec, "template", "spec", "activeDeadlineSeconds")
    if is_job and spec.get("activeDeadlineSeconds") is None and in_pod is None:
        yield subject.spot("spec")


def runs_overlap(subject: Subject) -> Iterator[Spot]:
    if subject.kind == _CRON and subject.spec.get("concurrencyPolicy") in (None, "Allow"):
        yield subject.spot("spec", "concurrencyPolicy")
