"""The PersistentVolumeClaim kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="",
    version="v1",
    kind="PersistentVolumeClaim",
    plural="persistentvolumeclaims",
    singular="persistentvolumeclaim",
    namespaced=True,
    short_names=("pvc",),
    subresources=(STATUS,),
)
