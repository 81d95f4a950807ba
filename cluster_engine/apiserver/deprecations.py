"""What clients are warned about merely for using it.

Models: APILifecycleDeprecated of k8s.io/api and the warnings of the endpoints installer (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.kinds.kind import Kind

_DEPRECATED = {
    ("", "v1", "ComponentStatus"): "v1 ComponentStatus is deprecated in v1.19+",
    ("", "v1", "Endpoints"): (
        "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
    ),
}


def deprecation_of(kind: Kind, version: str) -> str:
    """The text of the warning; empty when the version is not deprecated."""
    return _DEPRECATED.get((kind.group, version, kind.kind), "")
