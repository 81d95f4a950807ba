"""The PersistentVolume kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="",
    version="v1",
    kind="PersistentVolume",
    plural="persistentvolumes",
    singular="persistentvolume",
    namespaced=False,
    short_names=("pv",),
    subresources=(STATUS,),
)
