"""The kinds of the apps group, in the order discovery lists them."""

from cluster_engine.kinds.apps import (
    controller_revision,
    daemon_set,
    deployment,
    replica_set,
    stateful_set,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    controller_revision.KIND,
    daemon_set.KIND,
    deployment.KIND,
    replica_set.KIND,
    stateful_set.KIND,
)
