"""What a cluster is asked to be like."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.simulation.limits import Limits

#: 2026-01-01T00:00:00Z: where time starts when the host does not say.
START_MS_DEFAULT = 1_767_225_600_000


@dataclass(frozen=True, slots=True)
class ClusterSpec:
    """The wishes of whoever makes the cluster. Quantities as in Kubernetes."""

    name: str = "podyard"
    nodes: int = 3
    seed: int = 1
    #: "realistic": pulls and starts take virtual time; "instant": they take none.
    profile: str = "realistic"
    node_cpu: str = "4"
    node_memory: str = "16Gi"
    node_pods: int = 110
    #: The API server alone: no nodes, controllers, scheduler or kubelets.
    is_api_only: bool = False
    #: Stored objects refuse mutation, for tests.
    is_freezing: bool = False
    start_ms: int = START_MS_DEFAULT
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if self.profile not in ("realistic", "instant"):
            raise ValueError(f"profile {self.profile!r}: must be 'realistic' or 'instant'")
        if not 0 <= self.nodes <= self.limits.nodes_max:
            raise ValueError(f"nodes {self.nodes}: must be 0 to {self.limits.nodes_max}")
