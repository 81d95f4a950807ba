"""The ValidatingAdmissionPolicy kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="admissionregistration.k8s.io",
    version="v1",
    kind="ValidatingAdmissionPolicy",
    plural="validatingadmissionpolicies",
    singular="validatingadmissionpolicy",
    namespaced=False,
    categories=("api-extensions",),
    subresources=(STATUS,),
    has_generation=True,
)
