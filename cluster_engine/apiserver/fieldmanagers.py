"""The entries of `metadata.managedFields` of a record, worked out when somebody looks."""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.managers import Managers
from cluster_engine.kinds.kind import Kind
from cluster_engine.store.changes import Record


def entries_of(kind: Kind, record: Record) -> list[Object]:
    """The entries; empty when nobody's fields are known."""
    managers = record.managers
    if not isinstance(managers, Managers):
        return []
    return list(managers.entries)
