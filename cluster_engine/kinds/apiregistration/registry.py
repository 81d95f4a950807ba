"""The kinds of the apiregistration.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.apiregistration import (
    api_service,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (api_service.KIND,)
