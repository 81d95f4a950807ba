"""The PodCertificateRequest kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="certificates.k8s.io",
    version="v1",
    kind="PodCertificateRequest",
    plural="podcertificaterequests",
    singular="podcertificaterequest",
    namespaced=True,
    subresources=(STATUS,),
)
