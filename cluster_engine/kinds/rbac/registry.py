"""The kinds of the rbac.authorization.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.rbac import (
    cluster_role,
    cluster_role_binding,
    role,
    role_binding,
)

KINDS: tuple[Kind, ...] = (
    cluster_role_binding.KIND,
    cluster_role.KIND,
    role_binding.KIND,
    role.KIND,
)
