"""The CSIDriver kind.

Models: k8s.io/kubernetes/pkg/apis/storage/v1/defaults.go, pkg/registry/storage/csidriver
(v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.preparation import count_generation

COLUMNS = (
    NAME,
    Column("AttachRequired", "boolean", described_by="storage.v1.CSIDriverSpec.attachRequired"),
    Column("PodInfoOnMount", "boolean", described_by="storage.v1.CSIDriverSpec.podInfoOnMount"),
    Column("StorageCapacity", "boolean", described_by="storage.v1.CSIDriverSpec.storageCapacity"),
    Column("TokenRequests", described_by="storage.v1.CSIDriverSpec.tokenRequests"),
    Column(
        "RequiresRepublish", "boolean", described_by="storage.v1.CSIDriverSpec.requiresRepublish"
    ),
    Column("Modes", described_by="storage.v1.CSIDriverSpec.volumeLifecycleModes"),
    AGE,
)

_DEFAULTS = (
    ("attachRequired", True),
    ("podInfoOnMount", False),
    ("storageCapacity", False),
    ("fsGroupPolicy", "ReadWriteOnceWithFSType"),
    ("requiresRepublish", False),
    ("seLinuxMount", False),
    ("preventPodSchedulingIfMissing", False),
)


def default(obj: Object) -> None:
    """Volumes are attached and persistent."""
    spec = obj.setdefault("spec", {})
    for name, value in _DEFAULTS:
        if spec.get(name) is None:
            spec[name] = value
    if not spec.get("volumeLifecycleModes"):
        spec["volumeLifecycleModes"] = ["Persistent"]


def prepare(new: Object, old: Object | None) -> None:
    """Changes of the spec are counted, from none."""
    if old is not None:
        count_generation(new, old, "spec")


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec = obj.get("spec") or {}
    attach, requests = spec.get("attachRequired"), spec.get("tokenRequests")
    audiences = ",".join(one.get("audience", "") for one in requests or ())
    return [
        obj["metadata"]["name"],
        True if attach is None else attach,
        bool(spec.get("podInfoOnMount")),
        bool(spec.get("storageCapacity")),
        "<unset>" if requests is None else audiences,
        bool(spec.get("requiresRepublish")),
        ",".join(spec.get("volumeLifecycleModes") or ()) or "<none>",
        age(obj, now_ms),
    ]


KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="CSIDriver",
    plural="csidrivers",
    singular="csidriver",
    namespaced=False,
    default=default,
    prepare=prepare,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
