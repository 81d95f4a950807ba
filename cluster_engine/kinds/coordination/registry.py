"""The kinds of the coordination.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.coordination import (
    lease,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (lease.KIND,)
