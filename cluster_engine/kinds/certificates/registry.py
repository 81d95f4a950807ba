"""The kinds of the certificates.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.certificates import (
    certificate_signing_request,
    cluster_trust_bundle,
    pod_certificate_request,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    certificate_signing_request.KIND,
    cluster_trust_bundle.KIND,
    pod_certificate_request.KIND,
)
