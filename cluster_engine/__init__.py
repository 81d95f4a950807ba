"""A simulated, faithful Kubernetes cluster as a library: no sockets, no threads, no wall clock.

cluster = Cluster(ClusterSpec(nodes=3))
cluster.handle(Request("GET", "/api/v1/nodes", user=ADMIN)).status  # 200
"""

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apiserver.requests import (
    ADMIN,
    Caller,
    Frame,
    Request,
    Response,
    Source,
    Stream,
    User,
)
from cluster_engine.cluster import Cluster
from cluster_engine.projection.viewer import Viewer
from cluster_engine.spec import ClusterSpec
from cluster_engine.store.changes import Change as ClusterEvent

__all__ = [
    "ADMIN",
    "ApiError",
    "Caller",
    "Cluster",
    "ClusterEvent",
    "ClusterSpec",
    "Frame",
    "Request",
    "Response",
    "Source",
    "Stream",
    "User",
    "Viewer",
]
