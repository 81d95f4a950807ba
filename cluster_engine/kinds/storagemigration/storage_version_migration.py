"""The StorageVersionMigration kind."""

from cluster_engine.kinds.kind import STATUS, Kind

KIND = Kind(
    group="storagemigration.k8s.io",
    version="v1",
    kind="StorageVersionMigration",
    plural="storageversionmigrations",
    singular="storageversionmigration",
    namespaced=False,
    subresources=(STATUS,),
)
