"""The CustomResourceDefinition kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="apiextensions.k8s.io",
    version="v1",
    kind="CustomResourceDefinition",
    plural="customresourcedefinitions",
    singular="customresourcedefinition",
    namespaced=False,
    short_names=(
        "crd",
        "crds",
    ),
    categories=("api-extensions",),
    subresources=(STATUS,),
    has_generation=True,
)
