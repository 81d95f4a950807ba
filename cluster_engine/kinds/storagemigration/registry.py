"""The kinds of the storagemigration.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.storagemigration import (
    storage_version_migration,
)

KINDS: tuple[Kind, ...] = (storage_version_migration.KIND,)
