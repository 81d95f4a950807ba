"""Workloads: what keeps pods running, and how far it has got.

Models: k8s.io/kubectl/pkg/describe/describe.go (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import from_label_selector, label_selector_text
from cluster_engine.apimachinery.time import human_duration, parse_rfc3339
from cluster_engine.kubectl.describe.claims import write_claim_templates
from cluster_engine.kubectl.describe.page import NONE, UNSET, Page
from cluster_engine.kubectl.describe.pod import write_template
from cluster_engine.kubectl.describe.source import Source
from cluster_engine.kubectl.describe.words import (
    controlled_by,
    lower_bool,
    optional_bool,
    timestamp,
)
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.printers.tables import label_text
from cluster_engine.kubectl.revisions import replica_sets_of

_INDEXES_LENGTH = 50


def describe_deployment(page: Page, deployment: Object, source: Source) -> None:
    metadata, spec = deployment["metadata"], deployment["spec"]
    status = deployment.get("status") or {}
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata.get("namespace", ""))
    page.created(deployment)
    page.labels(metadata.get("labels"))
    page.annotations(metadata.get("annotations"))
    page.field("Selector", from_label_selector(spec.get("selector")))
    counts = (
        f"{spec.get('replicas', 0)} desired",
        *(
            f"{status.get(field, 0)} {word}"
            for field, word in (
                ("updatedReplicas", "updated"),
                ("replicas", "total"),
                ("availableReplicas", "available"),
                ("unavailableReplicas", "unavailable"),
            )
        ),
    )
    page.field("Replicas", " | ".join(counts))
    strategy = spec.get("strategy") or {}
    page.field("StrategyType", strategy.get("type", ""))
    page.field("MinReadySeconds", spec.get("minReadySeconds", 0))
    rolling = strategy.get("rollingUpdate")
    if rolling is not None:
        page.field(
            "RollingUpdateStrategy",
            f"{rolling.get('maxUnavailable', '<nil>')} max unavailable, "
            f"{rolling.get('maxSurge', '<nil>')} max surge",
        )
    write_template(page, spec.get("template"))
    page.conditions(status.get("conditions"))
    try:
        old, new = replica_sets_of(source.client, deployment)
    except KubectlError:
        old, new = [], None
    if old or new is not None:
        page.field("OldReplicaSets", _replica_sets(old))
        page.field("NewReplicaSet", _replica_sets([] if new is None else [new]))
    source.events(page, deployment)


def _replica_sets(replica_sets: list[Object]) -> str:
    texts = [
        f"{found['metadata']['name']} ({(found.get('status') or {}).get('replicas', 0)}/"
        f"{found['spec'].get('replicas', 0)} replicas created)"
        for found in replica_sets
    ]
    return ", ".join(texts) or NONE


def describe_replica_set(page: Page, replica_set: Object, source: Source) -> None:
    _describe_replicas(page, replica_set, source, label_selector_text)


def describe_replication_controller(page: Page, controller: Object, source: Source) -> None:
    _describe_replicas(page, controller, source, label_text)


def _describe_replicas(page: Page, obj: Object, source: Source, selector_text: Any) -> None:
    metadata, spec, status = obj["metadata"], obj["spec"], obj.get("status") or {}
    selector = selector_text(spec.get("selector"))
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata.get("namespace", ""))
    page.field("Selector", selector)
    page.labels(metadata.get("labels"))
    page.annotations(metadata.get("annotations"))
    if obj["kind"] == "ReplicaSet":
        page.optional("Controlled By", controlled_by(obj))
    desired = spec.get("replicas", 0)
    page.field("Replicas", f"{status.get('replicas', 0)} current / {desired} desired")
    _write_pod_counts(page, obj, source, "" if selector == NONE else selector)
    write_template(page, spec.get("template"))
    page.conditions(status.get("conditions"))
    source.events(page, obj)


def _write_pod_counts(page: Page, obj: Object, source: Source, selector: str) -> None:
    metadata = obj["metadata"]
    try:
        counts = source.pod_counts(metadata["namespace"], selector, metadata["uid"])
    except KubectlError as error:
        page.field("Pods Status", f"error in fetching pods: {error.message}")
        return
    running, waiting, succeeded, failed = counts
    page.field(
        "Pods Status",
        f"{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed",
    )


def describe_stateful_set(page: Page, stateful_set: Object, source: Source) -> None:
    metadata, spec = stateful_set["metadata"], stateful_set["spec"]
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata.get("namespace", ""))
    page.created(stateful_set)
    selector = str(from_label_selector(spec.get("selector")))
    page.field("Selector", selector)
    page.labels(metadata.get("labels"))
    page.annotations(metadata.get("annotations"))
    page.optional("Service Name", spec.get("serviceName"))
    page.optional("Pod Management Policy", spec.get("podManagementPolicy"))
    total = (stateful_set.get("status") or {}).get("replicas", 0)
    page.field("Replicas", f"{spec.get('replicas', 0)} desired | {total} total")
    strategy = spec.get("updateStrategy") or {}
    page.field("Update Strategy", strategy.get("type", ""))
    rolling = strategy.get("rollingUpdate") or {}
    if rolling.get("partition") is not None:
        page.field("Partition", rolling["partition"], 1)
        page.optional("MaxUnavailable", rolling.get("maxUnavailable"), 1)
    retention = spec.get("persistentVolumeClaimRetentionPolicy")
    if retention:
        page.line("Persistent Volume Claim Retention Policy:")
        page.field("WhenDeleted", retention.get("whenDeleted", ""), 1)
        page.field("WhenScaled", retention.get("whenScaled", ""), 1)
    _write_pod_counts(page, stateful_set, source, selector)
    write_template(page, spec.get("template"))
    write_claim_templates(page, spec.get("volumeClaimTemplates"))
    source.events(page, stateful_set)


def describe_daemon_set(page: Page, daemon_set: Object, source: Source) -> None:
    metadata, spec = daemon_set["metadata"], daemon_set["spec"]
    status = daemon_set.get("status") or {}
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata.get("namespace", ""))
    selector = str(from_label_selector(spec.get("selector")))
    page.field("Selector", selector)
    page.field("Node-Selector", label_text(spec["template"]["spec"].get("nodeSelector")))
    page.labels(metadata.get("labels"))
    page.annotations(metadata.get("annotations"))
    for text, field in (
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ):
        page.line(f"{text}: {status.get(field, 0)}")
    _write_pod_counts(page, daemon_set, source, selector)
    write_template(page, spec.get("template"))
    source.events(page, daemon_set)


def describe_job(page: Page, job: Object, source: Source) -> None:
    metadata, spec, status = job["metadata"], job["spec"], job.get("status") or {}
    page.field("Name", metadata["name"])
    page.field("Namespace", metadata.get("namespace", ""))
    page.field("Selector", from_label_selector(spec.get("selector")))
    page.labels(metadata.get("labels"))
    page.annotations(metadata.get("annotations"))
    page.optional("Controlled By", controlled_by(job))
    page.optional("Parallelism", spec.get("parallelism"))
    page.field("Completions", spec.get("completions", UNSET))
    page.optional("Completion Mode", spec.get("completionMode"))
    if spec.get("suspend") is not None:
        page.field("Suspend", lower_bool(spec["suspend"]))
    page.optional("Backoff Limit", spec.get("backoffLimit"))
    page.optional("TTL Seconds After Finished", spec.get("ttlSecondsAfterFinished"))
    _write_job_times(page, spec, status)
    ready = status.get("ready")
    active = f"{status.get('active', 0)} Active" + ("" if ready is None else f" ({ready} Ready)")
    ended = f"{status.get('succeeded', 0)} Succeeded / {status.get('failed', 0)} Failed"
    page.field("Pods Statuses", f"{active} / {ended}")
    if spec.get("completionMode") == "Indexed":
        page.field("Completed Indexes", _capped(status.get("completedIndexes", "")))
    write_template(page, spec.get("template"))
    source.events(page, job)


def _write_job_times(page: Page, spec: Object, status: Object) -> None:
    started, completed = status.get("startTime"), status.get("completionTime")
    if started:
        page.field("Start Time", timestamp(started))
    if completed:
        page.field("Completed At", timestamp(completed))
    if started and completed:
        seconds = (parse_rfc3339(completed) - parse_rfc3339(started)) // 1000
        page.field("Duration", human_duration(seconds))
    if spec.get("activeDeadlineSeconds") is not None:
        page.field("Active Deadline Seconds", f"{spec['activeDeadlineSeconds']}s")


def _capped(indexes: str) -> str:
    """Cut at the first comma behind a length."""
    if not indexes:
        return NONE
    comma = indexes.find(",", _INDEXES_LENGTH)
    return indexes if comma < 0 else f"{indexes[: comma + 1]}..."


def describe_cron_job(page: Page, cron_job: Object, source: Source) -> None:
    spec, status = cron_job["spec"], cron_job.get("status") or {}
    page.head(cron_job)
    page.field("Schedule", spec.get("schedule", ""))
    page.field("Concurrency Policy", spec.get("concurrencyPolicy", ""))
    page.field("Suspend", optional_bool(spec.get("suspend")))
    page.field("Time Zone", spec.get("timeZone", UNSET))
    page.field("Successful Job History Limit", spec.get("successfulJobsHistoryLimit", UNSET))
    page.field("Failed Job History Limit", spec.get("failedJobsHistoryLimit", UNSET))
    deadline = spec.get("startingDeadlineSeconds")
    page.field("Starting Deadline Seconds", UNSET if deadline is None else f"{deadline}s")
    _write_job_template(page, spec["jobTemplate"].get("spec") or {})
    last = status.get("lastScheduleTime")
    page.field("Last Schedule Time", timestamp(last) if last else UNSET)
    active = ", ".join(job.get("name", "") for job in status.get("active") or ())
    page.field("Active Jobs", active or NONE)
    source.events(page, cron_job)


def _write_job_template(page: Page, spec: Object) -> None:
    selector = spec.get("selector")
    page.field("Selector", UNSET if selector is None else from_label_selector(selector))
    page.field("Parallelism", spec.get("parallelism", UNSET))
    page.field("Completions", spec.get("completions", UNSET))
    if spec.get("activeDeadlineSeconds") is not None:
        page.field("Active Deadline Seconds", f"{spec['activeDeadlineSeconds']}s")
    write_template(page, spec.get("template"))
