"""The CertificateSigningRequest kind."""

from cluster_engine.kinds.kind import STATUS, Kind, Subresource

KIND = Kind(
    group="certificates.k8s.io",
    version="v1",
    kind="CertificateSigningRequest",
    plural="certificatesigningrequests",
    singular="certificatesigningrequest",
    namespaced=False,
    short_names=("csr",),
    subresources=(
        Subresource("approval"),
        STATUS,
    ),
)
