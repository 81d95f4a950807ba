"""The kinds of the autoscaling group, in the order discovery lists them."""

from cluster_engine.kinds.autoscaling import (
    horizontal_pod_autoscaler,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (horizontal_pod_autoscaler.KIND,)
