"""How the kubelet learns whether a container lives and can serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from playground.reviews.findings.subjects import Container, Pod, Spot
from playground.reviews.findings.values import at, entries, number

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HANDLERS = ("httpGet", "tcpSocket", "exec", "grpc")
_SERVING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController")
_PERIOD_SECONDS, _TIMEOUT_SECONDS = 10, 1


def missing_readiness(pod: Pod) -> Iterator[Spot]:
    """Of what serves: what lists no port has no traffic to wait for."""
    yield from _missing(pod, "readinessProbe", needs_port=True)


def missing_liveness(pod: Pod) -> Iterator[Spot]:
    yield from _missing(pod, "livenessProbe", needs_port=False)


def _missing(pod: Pod, probe: str, *, needs_port: bool) -> Iterator[Spot]:
    if pod.owner.document.kind not in _SERVING:
        return
    without = [
        one
        for one in pod.lasting
        if one.body.get(probe) is None and (one.body.get("ports") or not needs_port)
    ]
    if without:
        names = ", ".join(one.name for one in without)
        yield pod.spot(*without[0].path, containers=names)


def same(container: Container) -> Iterator[Spot]:
    """The same question, asked with the same patience."""
    liveness, readiness = container.body.get("livenessProbe"), container.body.get("readinessProbe")
    if not isinstance(liveness, dict) or not isinstance(readiness, dict):
        return
    is_same = all(liveness.get(name) == readiness.get(name) for name in _HANDLERS)
    if is_same and liveness.get("failureThreshold") == readiness.get("failureThreshold"):
        yield container.spot("livenessProbe")


def unknown_port(container: Container) -> Iterator[Spot]:
    names = {one.get("name") for _, one in entries(container.body, "ports")}
    for probe, body in _probes(container):
        for handler in ("httpGet", "tcpSocket"):
            port = at(body, handler, "port")
            if isinstance(port, str) and not port.isdigit() and port not in names:
                yield container.spot(probe, handler, "port", probe=probe, port=port)


def longer_than_period(container: Container) -> Iterator[Spot]:
    for probe, body in _probes(container):
        timeout = number(body, "timeoutSeconds") or _TIMEOUT_SECONDS
        period = number(body, "periodSeconds") or _PERIOD_SECONDS
        if timeout > period:
            found = {"timeout": str(timeout), "period": str(period)}
            yield container.spot(probe, "timeoutSeconds", probe=probe, **found)


def _probes(container: Container) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for probe in _PROBES:
        body = container.body.get(probe)
        if isinstance(body, dict):
            yield probe, body
