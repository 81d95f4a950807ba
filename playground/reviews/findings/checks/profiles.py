"""Profiles that confine a container: seccomp, AppArmor, SELinux; and priority."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playground.reviews.findings.rules import words
from playground.reviews.findings.subjects import Pod, Spot
from playground.reviews.findings.values import at


def _unconfined(field: str) -> Callable[[Pod], Iterator[Spot]]:
    def check(pod: Pod) -> Iterator[Spot]:
        for path, context, who in pod.contexts():
            if at(context, field, "type") == "Unconfined":
                yield pod.spot(*path, field, "type", who=who)

    return check


seccomp = _unconfined("seccompProfile")
apparmor = _unconfined("appArmorProfile")


def selinux(pod: Pod) -> Iterator[Spot]:
    for path, context, who in pod.contexts():
        name = at(context, "seLinuxOptions", "type")
        if isinstance(name, str) and name not in words("selinux_types"):
            yield pod.spot(*path, "seLinuxOptions", "type", who=who, type=name)


def critical_priority(pod: Pod) -> Iterator[Spot]:
    name = pod.spec.get("priorityClassName")
    if name in words("critical_classes") and pod.owner.namespace != "kube-system":
        yield pod.spot("priorityClassName", **{"class": str(name)})
