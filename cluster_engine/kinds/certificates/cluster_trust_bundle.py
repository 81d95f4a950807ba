"""The ClusterTrustBundle kind.

Models: k8s.io/kubernetes/pkg/registry/certificates/clustertrustbundle (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import NAME
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("SignerName", described_by="certificates.v1.ClusterTrustBundleSpec.signerName"),
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    del now_ms
    return [obj["metadata"]["name"], (obj.get("spec") or {}).get("signerName") or "<none>"]


KIND = Kind(
    group="certificates.k8s.io",
    version="v1",
    kind="ClusterTrustBundle",
    plural="clustertrustbundles",
    singular="clustertrustbundle",
    namespaced=False,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
    field_selectors={"spec.signerName": lambda obj: obj["spec"].get("signerName", "")},
)
