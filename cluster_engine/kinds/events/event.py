"""The Event kind."""

from cluster_engine.kinds.kind import Kind

KIND = Kind(
    group="events.k8s.io",
    version="v1",
    kind="Event",
    plural="events",
    singular="event",
    namespaced=True,
    short_names=("ev",),
    stored_as="events",
)
