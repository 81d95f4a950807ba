"""The kinds of the flowcontrol.apiserver.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.flowcontrol import (
    flow_schema,
    priority_level_configuration,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    flow_schema.KIND,
    priority_level_configuration.KIND,
)
