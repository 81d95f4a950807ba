"""The ClusterRole kind.

Models: k8s.io/kubernetes/pkg/registry/rbac (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.names import is_path_segment
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.rbac.subjects import GROUP
from cluster_engine.kinds.rbac.validation import validate_cluster_role, validate_cluster_role_update

KIND = Kind(
    group=GROUP,
    version="v1",
    kind="ClusterRole",
    plural="clusterroles",
    singular="clusterrole",
    namespaced=False,
    validate=validate_cluster_role,
    validate_update=validate_cluster_role_update,
    validate_name=is_path_segment,
    is_created_by_update=True,
)
