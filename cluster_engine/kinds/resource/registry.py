"""The kinds of the resource.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.resource import (
    device_class,
    device_taint_rule,
    resource_claim,
    resource_claim_template,
    resource_slice,
)

KINDS: tuple[Kind, ...] = (
    device_class.KIND,
    device_taint_rule.KIND,
    resource_claim.KIND,
    resource_claim_template.KIND,
    resource_slice.KIND,
)
