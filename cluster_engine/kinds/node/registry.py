"""The kinds of the node.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.node import (
    runtime_class,
)

KINDS: tuple[Kind, ...] = (runtime_class.KIND,)
