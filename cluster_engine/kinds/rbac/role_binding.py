"""The RoleBinding kind.

Models: k8s.io/kubernetes/pkg/apis/rbac/v1/defaults.go, pkg/registry/rbac (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.names import is_path_segment
from cluster_engine.kinds.columns import AGE, NAME
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.rbac.subjects import GROUP, binding_cells, default_binding
from cluster_engine.kinds.rbac.validation import validate_binding, validate_binding_update

COLUMNS = (
    NAME,
    Column(
        "Role",
        meaning=(
            "roleRef can reference a Role in the current namespace or a ClusterRole in the global "
            "namespace. If the RoleRef cannot be resolved, the Authorizer must return an error."
        ),
    ),
    AGE,
    Column("Users", meaning="Users in the roleBinding", priority=1),
    Column("Groups", meaning="Groups in the roleBinding", priority=1),
    Column("ServiceAccounts", meaning="ServiceAccounts in the roleBinding", priority=1),
)

KIND = Kind(
    group=GROUP,
    version="v1",
    kind="RoleBinding",
    plural="rolebindings",
    singular="rolebinding",
    namespaced=True,
    default=default_binding,
    validate=validate_binding,
    validate_update=validate_binding_update,
    validate_name=is_path_segment,
    is_created_by_update=True,
    columns=COLUMNS,
    cells=binding_cells,
)
