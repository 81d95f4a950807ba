"""How much of a node its pods ask for: the same sums as `kubectl describe node`.

Models: k8s.io/component-helpers/resource (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import bytes_of, cpu_milli


def pod_requests(pod: Object) -> tuple[int, int]:
    """Requested cpu (milli) and memory (bytes): containers and sidecars together, or the largest
    init container, plus overhead; pod-level requests win."""
    spec = pod["spec"]
    level = (spec.get("resources") or {}).get("requests") or {}
    cpu = memory = 0
    for container in spec["containers"]:
        more_cpu, more_memory = _requests(container)
        cpu, memory = cpu + more_cpu, memory + more_memory
    side_cpu = side_memory = peak_cpu = peak_memory = 0
    for container in spec.get("initContainers") or ():
        own_cpu, own_memory = _requests(container)
        if container.get("restartPolicy") == "Always":
            side_cpu, side_memory = side_cpu + own_cpu, side_memory + own_memory
            own_cpu = own_memory = 0
        peak_cpu = max(peak_cpu, side_cpu + own_cpu)
        peak_memory = max(peak_memory, side_memory + own_memory)
    cpu, memory = max(cpu + side_cpu, peak_cpu), max(memory + side_memory, peak_memory)
    if "cpu" in level:
        cpu = cpu_milli(level["cpu"])
    if "memory" in level:
        memory = bytes_of(level["memory"])
    overhead = spec.get("overhead") or {}
    return (
        cpu + cpu_milli(overhead.get("cpu", "0")),
        memory + bytes_of(overhead.get("memory", "0")),
    )


def _requests(container: Object) -> tuple[int, int]:
    requests = (container.get("resources") or {}).get("requests")
    if not requests:
        return 0, 0
    return cpu_milli(requests.get("cpu", "0")), bytes_of(requests.get("memory", "0"))
