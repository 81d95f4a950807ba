"""The PodDisruptionBudget kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="policy",
    version="v1",
    kind="PodDisruptionBudget",
    plural="poddisruptionbudgets",
    singular="poddisruptionbudget",
    namespaced=True,
    short_names=("pdb",),
    subresources=(STATUS,),
    has_generation=True,
)
