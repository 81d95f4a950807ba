"""What of its node a pod reaches: namespaces, folders, ports, kernel settings."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from playground.reviews.findings.rules import tables, words
from playground.reviews.findings.subjects import Container, Pod, Spot
from playground.reviews.findings.values import at, entries, number


def _shares(field: str) -> Callable[[Pod], Iterator[Spot]]:
    def check(pod: Pod) -> Iterator[Spot]:
        if pod.spec.get(field) is True:
            yield pod.spot(field)

    return check


network = _shares("hostNetwork")
processes = _shares("hostPID")
memory = _shares("hostIPC")


def folder(pod: Pod) -> Iterator[Spot]:
    for index, volume, path in _folders(pod):
        if not _why_sensitive(path):
            yield pod.spot("volumes", index, "hostPath", volume=volume, path=path)


def sensitive_folder(pod: Pod) -> Iterator[Spot]:
    for index, volume, path in _folders(pod):
        why = _why_sensitive(path)
        if why:
            where = ("volumes", index, "hostPath", "path")
            yield pod.spot(*where, volume=volume, path=path, why=why)


def _folders(pod: Pod) -> Iterator[tuple[int, str, str]]:
    for index, volume in entries(pod.spec, "volumes"):
        path = at(volume, "hostPath", "path")
        if isinstance(path, str):
            yield index, str(volume.get("name", "")), path


def _why_sensitive(path: str) -> str:
    """The reason of the nearest folder in the table; the root counts for itself only."""
    reasons = tables()["sensitive_paths"]
    place = posixpath.normpath("/" + path.strip("/"))
    if place == "/":
        return str(reasons["/"])
    while place != "/":
        if place in reasons:
            return str(reasons[place])
        place = posixpath.dirname(place)
    return ""


def port(container: Container) -> Iterator[Spot]:
    if container.pod.spec.get("hostNetwork") is True:
        return
    for index, one in entries(container.body, "ports"):
        taken = number(one, "hostPort")
        if taken:
            yield container.spot("ports", index, "hostPort", port=str(taken))


def unsafe_sysctl(pod: Pod) -> Iterator[Spot]:
    for index, one in entries(pod.spec, "securityContext", "sysctls"):
        name = str(one.get("name", ""))
        if name.replace("/", ".") not in words("safe_sysctls"):
            yield pod.spot("securityContext", "sysctls", index, "name", sysctl=name)
