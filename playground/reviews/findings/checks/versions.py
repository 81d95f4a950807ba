"""API versions, fields, labels and annotations that are gone or on their way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from playground.reviews.findings.rules import tables
from playground.reviews.findings.subjects import Pod, Spot, Subject
from playground.reviews.findings.values import at, entries, mapping

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


def removed(subject: Subject) -> Iterator[Spot]:
    version, kind = subject.document.api_version, subject.document.kind
    entry = _by_kind("removed").get((version, kind)) or _by_kind("removed").get((version, "*"))
    if entry is not None:
        found = {"version": version, "kind": kind}
        yield subject.spot("apiVersion", **found, removed=entry["removed"], use=entry["use"])


def deprecated(subject: Subject) -> Iterator[Spot]:
    version, kind = subject.document.api_version, subject.document.kind
    entry = _by_kind("deprecated").get((version, kind))
    if entry is not None:
        found = {"version": version, "kind": kind}
        yield subject.spot("apiVersion", **found, since=entry["since"], use=entry["use"])


@cache
def _by_kind(table: str) -> Mapping[tuple[str, str], Mapping[str, str]]:
    return {(entry["version"], entry["kind"]): entry for entry in tables()[table]}


def fields(subject: Subject) -> Iterator[Spot]:
    for entry in tables()["deprecated_fields"]:
        if (entry["group"], entry["kind"]) != subject.kind:
            continue
        value = at(subject.object, *entry["path"])
        if value is not None and value in (entry.get("value", value), [entry.get("value")]):
            yield _field(subject.spot, entry["path"], entry)
    if subject.pod is not None:
        for name, entry in tables()["deprecated_pod_fields"].items():
            if subject.pod.spec.get(name) and not subject.pod.spec.get(f"{name}Name"):
                yield _field(subject.pod.spot, [name], entry)


def _field(spot: Any, path: list[str], entry: Mapping[str, str]) -> Spot:
    since = f" since v{entry['since']}" if entry["since"] else ""
    found: Spot = spot(*path, field=path[-1], since=since, use=entry["use"])
    return found


def dead_volume(pod: Pod) -> Iterator[Spot]:
    states = tables()["dead_volumes"]
    for index, volume in entries(pod.spec, "volumes"):
        for kind in volume:
            if kind in states:
                found = {"volume": str(volume.get("name", "")), "type": kind}
                yield pod.spot("volumes", index, kind, **found, state=states[kind])


def dead_annotations(subject: Subject) -> Iterator[Spot]:
    base = ("metadata", "annotations")
    for name, entry in _dead(subject.annotations):
        yield subject.spot(*base, name, annotation=name, state=entry["state"], use=entry["use"])
    pod = subject.pod
    if pod is None or pod.is_bare:
        return
    for name, entry in _dead(pod.annotations):
        where = (*pod.base, *base, name)
        yield subject.spot(*where, annotation=name, state=entry["state"], use=entry["use"])


def _dead(held: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for name in held:
        for entry in tables()["dead_annotations"]:
            wanted = entry["name"]
            if name == wanted or (wanted.endswith("/") and name.startswith(wanted)):
                yield name, entry


def node_labels(pod: Pod) -> Iterator[Spot]:
    """In the node selector, node affinity, pod affinity and spread constraints."""
    successors = tables()["dead_labels"]
    for path, label in _labels_used(pod):
        if label in successors:
            yield pod.spot(*path, label=label, use=successors[label])


def _labels_used(pod: Pod) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    for label in mapping(pod.spec, "nodeSelector"):
        yield ("nodeSelector", label), label
    for index, spread in entries(pod.spec, "topologySpreadConstraints"):
        yield ("topologySpreadConstraints", index, "topologyKey"), spread.get("topologyKey")
    affinity = mapping(pod.spec, "affinity")
    base = ("affinity", "nodeAffinity")
    required = (*base, _REQUIRED, "nodeSelectorTerms")
    for index, term in entries(affinity, "nodeAffinity", _REQUIRED, "nodeSelectorTerms"):
        for position, one in entries(term, "matchExpressions"):
            yield (*required, index, "matchExpressions", position, "key"), one.get("key")
    for index, term in entries(affinity, "nodeAffinity", _PREFERRED):
        for position, one in entries(term, "preference", "matchExpressions"):
            inner = ("preference", "matchExpressions", position, "key")
            yield (*base, _PREFERRED, index, *inner), one.get("key")
    for field in ("podAffinity", "podAntiAffinity"):
        for index, term in entries(affinity, field, _REQUIRED):
            yield ("affinity", field, _REQUIRED, index, "topologyKey"), term.get("topologyKey")
        for index, term in entries(affinity, field, _PREFERRED):
            key = at(term, "podAffinityTerm", "topologyKey")
            yield ("affinity", field, _PREFERRED, index, "podAffinityTerm", "topologyKey"), key


def old_controller(subject: Subject) -> Iterator[Spot]:
    if subject.kind == ("", "ReplicationController"):
        yield subject.spot("kind")
