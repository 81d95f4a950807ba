"""The kinds of the discovery.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.discovery import (
    endpoint_slice,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (endpoint_slice.KIND,)
