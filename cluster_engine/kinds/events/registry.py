"""The kinds of the events.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.events import (
    event,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (event.KIND,)
