"""The kinds of the apiextensions.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.apiextensions import (
    custom_resource_definition,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (custom_resource_definition.KIND,)
