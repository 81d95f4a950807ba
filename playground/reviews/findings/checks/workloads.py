"""Deployments and their kin: copies, rollouts, their own pods."""

from __future__ import annotations

from collections.abc import Iterator

from playground.reviews.findings.checks.matching import selector_of
from playground.reviews.findings.subjects import Pod, Spot, Subject, Text
from playground.reviews.findings.values import at, mapping, number

_APPS = "apps"
_COPIED = {(_APPS, "Deployment"), (_APPS, "StatefulSet"), (_APPS, "ReplicaSet")}
_SELECTING = {*_COPIED, (_APPS, "DaemonSet"), ("", "ReplicationController")}
_GOODBYE_SECONDS_MAX = 600


def bare_pod(subject: Subject) -> Iterator[Spot]:
    if subject.kind == ("", "Pod") and not at(subject.object, "metadata", "ownerReferences"):
        yield subject.spot("kind")


def single_replica(text: Text) -> Iterator[Spot]:
    """What an autoscaler counts for is its own affair."""
    scaled = {_target(one) for one in text.of("autoscaling", "HorizontalPodAutoscaler")}
    for subject in text.of(_APPS, "Deployment"):
        copies = subject.spec.get("replicas", 1)
        if copies == 1 and (subject.namespace, "Deployment", subject.name) not in scaled:
            yield subject.spot("spec", "replicas")


def _target(autoscaler: Subject) -> tuple[str, str, str]:
    target = mapping(autoscaler.spec, "scaleTargetRef")
    return autoscaler.namespace, str(target.get("kind", "")), str(target.get("name", ""))


def no_spread(subject: Subject) -> Iterator[Spot]:
    copies = number(subject.spec, "replicas") or 1
    if subject.kind not in _COPIED or subject.pod is None or copies < 2:
        return
    spec = subject.pod.spec
    is_apart = spec.get("topologySpreadConstraints") or at(spec, "affinity", "podAntiAffinity")
    if not is_apart:
        yield subject.spot("spec", "replicas", replicas=str(copies))


def takes_all_down(subject: Subject) -> Iterator[Spot]:
    if subject.kind != (_APPS, "Deployment"):
        return
    copies = subject.spec.get("replicas", 1)
    if at(subject.spec, "strategy", "type") == "Recreate":
        if isinstance(copies, int) and copies > 1:
            yield subject.spot("spec", "strategy", "type", how="Recreate stops them all first")
        return
    away = at(subject.spec, "strategy", "rollingUpdate", "maxUnavailable")
    is_count = isinstance(away, int) and isinstance(copies, int) and 1 < copies <= away
    if away == "100%" or is_count:
        where = ("spec", "strategy", "rollingUpdate", "maxUnavailable")
        yield subject.spot(*where, how=f"maxUnavailable is {away}")


def no_rollback(subject: Subject) -> Iterator[Spot]:
    if subject.kind in _SELECTING and number(subject.spec, "revisionHistoryLimit") == 0:
        yield subject.spot("spec", "revisionHistoryLimit")


def selector_mismatch(subject: Subject) -> Iterator[Spot]:
    if subject.kind not in _SELECTING or subject.pod is None:
        return
    selector = selector_of(subject)
    if not selector.is_nothing and not selector.matches(subject.pod.labels):
        yield subject.spot("spec", "selector", selector=str(selector))


def overlap(text: Text) -> Iterator[Spot]:
    seen: dict[tuple[str, str], Subject] = {}
    for subject, pod in text.workloads:
        if subject.kind not in _SELECTING:
            continue
        selector = selector_of(subject)
        if selector.is_nothing or not selector.matches(pod.labels):
            continue
        key = (subject.namespace, str(selector))
        other = seen.setdefault(key, subject)
        if other is not subject and (other.kind, other.name) != (subject.kind, subject.name):
            found = {"other": other.title, "selector": str(selector)}
            yield subject.spot("spec", "selector", **found)


def killed_at_once(pod: Pod) -> Iterator[Spot]:
    if number(pod.spec, "terminationGracePeriodSeconds") == 0:
        yield pod.spot("terminationGracePeriodSeconds")


def long_goodbye(pod: Pod) -> Iterator[Spot]:
    seconds = number(pod.spec, "terminationGracePeriodSeconds")
    if seconds is not None and seconds > _GOODBYE_SECONDS_MAX:
        yield pod.spot("terminationGracePeriodSeconds", seconds=str(seconds))


def unlabelled_pods(subject: Subject) -> Iterator[Spot]:
    pod = subject.pod
    makes_jobs = subject.kind[0] == "batch"
    if pod is not None and not pod.is_bare and not makes_jobs and not pod.labels:
        yield subject.spot(*pod.base, "metadata")


def missing_service(text: Text) -> Iterator[Spot]:
    """Said only when the text has Services of that namespace: else it may be there already."""
    for subject in text.of(_APPS, "StatefulSet"):
        wanted = subject.spec.get("serviceName")
        services = [one for one in text.of("", "Service") if one.namespace == subject.namespace]
        names = [one.name for one in services]
        if isinstance(wanted, str) and wanted and names and wanted not in names:
            found = {"service": wanted, "present": ", ".join(names)}
            yield subject.spot("spec", "serviceName", **found)
