"""The DeviceClass kind.

Models: k8s.io/kubernetes/pkg/registry/resource/deviceclass (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.kinds.columns import AGE, NAME, name_and_age
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.resource.devices import GROUP

KIND = Kind(
    group=GROUP,
    version="v1",
    kind="DeviceClass",
    plural="deviceclasses",
    singular="deviceclass",
    namespaced=False,
    has_generation=True,
    columns=(NAME, AGE),
    cells=name_and_age,
)
