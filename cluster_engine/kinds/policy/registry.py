"""The kinds of the policy group, in the order discovery lists them."""

from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.policy import (
    pod_disruption_budget,
)

KINDS: tuple[Kind, ...] = (pod_disruption_budget.KIND,)
