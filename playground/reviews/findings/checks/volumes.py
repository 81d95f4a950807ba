"""Volumes of a pod and their mounts."""

from __future__ import annotations

from collections.abc import Iterator

from playground.reviews.findings.subjects import Container, Pod, Spot
from playground.reviews.findings.values import entries, mapping

_MOUNTS = ("volumeMounts", "volumeDevices")


def unused(pod: Pod) -> Iterator[Spot]:
    used = {
        one.get("name")
        for container in pod.containers
        for field in _MOUNTS
        for _, one in entries(container.body, field)
    }
    for index, volume in entries(pod.spec, "volumes"):
        name = volume.get("name")
        if isinstance(name, str) and name not in used:
            yield pod.spot("volumes", index, volume=name)


def missing(container: Container) -> Iterator[Spot]:
    """A StatefulSet's claims are volumes too."""
    present = {one.get("name") for _, one in entries(container.pod.spec, "volumes")}
    for _, claim in entries(container.pod.owner.spec, "volumeClaimTemplates"):
        present.add(mapping(claim, "metadata").get("name"))
    for field in _MOUNTS:
        for index, one in entries(container.body, field):
            name = one.get("name")
            if isinstance(name, str) and name not in present:
                yield container.spot(field, index, "name", volume=name)
