"""The kinds of the scheduling.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.scheduling import (
    priority_class,
)

KINDS: tuple[Kind, ...] = (priority_class.KIND,)
