"""The ClusterTrustBundle kind."""

from cluster_engine.kinds.kind import Kind

KIND = Kind(
    group="certificates.k8s.io",
    version="v1",
    kind="ClusterTrustBundle",
    plural="clustertrustbundles",
    singular="clustertrustbundle",
    namespaced=False,
)
