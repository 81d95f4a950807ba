"""What a container asks for and may have."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_engine.apimachinery.quantity import Quantity, QuantityError, parse_quantity
from playground.reviews.findings.subjects import Container, Pod, Spot
from playground.reviews.findings.values import entries, mapping


def missing_requests(container: Container) -> Iterator[Spot]:
    """A limit counts as a request; what the pod as a whole asks for counts for all."""
    if container.role not in ("main", "sidecar"):
        return
    missing = [name for name in ("cpu", "memory") if not _asks(container, name)]
    if missing:
        yield container.spot("resources", missing=" and no ".join(missing))


def missing_memory_limit(container: Container) -> Iterator[Spot]:
    yield from _unlimited(container, "memory")


def missing_cpu_limit(container: Container) -> Iterator[Spot]:
    yield from _unlimited(container, "cpu")


def request_above_limit(container: Container) -> Iterator[Spot]:
    requests = mapping(container.body, "resources", "requests")
    limits = mapping(container.body, "resources", "limits")
    for name, asked in requests.items():
        request, limit = _quantity(asked), _quantity(limits.get(name))
        if request is not None and limit is not None and request.nanos > limit.nanos:
            found = {"request": str(asked), "limit": str(limits[name]), "resource": name}
            yield container.spot("resources", "requests", name, **found)


def unbounded_scratch(pod: Pod) -> Iterator[Spot]:
    for index, volume in entries(pod.spec, "volumes"):
        scratch = mapping(volume, "emptyDir")
        if scratch.get("medium") == "Memory" and scratch.get("sizeLimit") is None:
            yield pod.spot("volumes", index, "emptyDir", volume=str(volume.get("name", "")))


def requests_of(container: Container, name: str) -> bool:
    """Whether it says how much of a resource it needs."""
    return _asks(container, name)


def _asks(container: Container, name: str) -> bool:
    own, pods = mapping(container.body, "resources"), mapping(container.pod.spec, "resources")
    return any(
        mapping(one, field).get(name) is not None
        for one in (own, pods)
        for field in ("requests", "limits")
    )


def _unlimited(container: Container, name: str) -> Iterator[Spot]:
    if container.role not in ("main", "sidecar"):
        return
    own = mapping(container.body, "resources", "limits").get(name)
    if own is None and mapping(container.pod.spec, "resources", "limits").get(name) is None:
        yield container.spot("resources")


def _quantity(written: object) -> Quantity | None:
    if isinstance(written, bool) or not isinstance(written, (str, int, float)):
        return None
    try:
        return parse_quantity(written)
    except QuantityError:
        return None
