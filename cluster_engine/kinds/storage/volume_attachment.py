"""The VolumeAttachment kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="VolumeAttachment",
    plural="volumeattachments",
    singular="volumeattachment",
    namespaced=False,
    subresources=(STATUS,),
)
