"""Going through the containers of a pod.

Models: k8s.io/kubernetes/pkg/api/pod VisitContainersWithPath (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator

from cluster_engine.apimachinery.objects import Object

_LISTS = ("initContainers", "containers", "ephemeralContainers")


def containers_with_path(spec: Object, path: str) -> Iterator[tuple[str, Object]]:
    """Every container with its path: those that initialize first."""
    for name in _LISTS:
        for position, container in enumerate(spec.get(name) or ()):
            yield f"{path}.{name}[{position}]", container
