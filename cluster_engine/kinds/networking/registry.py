"""The kinds of the networking.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.networking import (
    ingress,
    ingress_class,
    ip_address,
    network_policy,
    service_cidr,
)

KINDS: tuple[Kind, ...] = (
    ingress_class.KIND,
    ingress.KIND,
    ip_address.KIND,
    network_policy.KIND,
    service_cidr.KIND,
)
