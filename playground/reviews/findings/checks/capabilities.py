"""Capabilities that a container is given."""

from __future__ import annotations

from collections.abc import Iterator

from playground.reviews.findings.rules import tables, words
from playground.reviews.findings.subjects import Container, Spot
from playground.reviews.findings.values import texts

_PREFIX = "CAP_"


def dangerous(container: Container) -> Iterator[Spot]:
    reasons = tables()["dangerous_capabilities"]
    for index, name in _added(container):
        if name in reasons:
            yield _spot(container, index, capability=name, why=reasons[name])


def added(container: Container) -> Iterator[Spot]:
    known = words("baseline_capabilities") | words("dangerous_capabilities")
    for index, name in _added(container):
        if name not in known:
            yield _spot(container, index, capability=name)


def prefixed(container: Container) -> Iterator[Spot]:
    for field in ("add", "drop"):
        for index, name in texts(container.security, "capabilities", field):
            if name.startswith(_PREFIX):
                path = ("securityContext", "capabilities", field, index)
                short = name.removeprefix(_PREFIX)
                yield container.spot(*path, capability=name, short=short)


def _added(container: Container) -> Iterator[tuple[int, str]]:
    for index, name in texts(container.security, "capabilities", "add"):
        yield index, name.upper().removeprefix(_PREFIX)


def _spot(container: Container, index: int, **found: str) -> Spot:
    return container.spot("securityContext", "capabilities", "add", index, **found)
