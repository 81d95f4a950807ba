"""The PodCertificateRequest kind.

Models: k8s.io/kubernetes/pkg/registry/certificates/podcertificaterequest (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.certificates.pod_request_validation import (
    validate,
    validate_status,
    validate_update,
)
from cluster_engine.kinds.columns import NAME, labels_text
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status

COLUMNS = (
    NAME,
    Column("PodName", described_by="certificates.v1.PodCertificateRequestSpec.podName"),
    Column(
        "ServiceAccountName",
        described_by="certificates.v1.PodCertificateRequestSpec.serviceAccountName",
    ),
    Column("NodeName", described_by="certificates.v1.PodCertificateRequestSpec.nodeName"),
    Column("SignerName", described_by="certificates.v1.PodCertificateRequestSpec.signerName"),
    Column("State", meaning="Is the request Pending, Issued, Denied, or Failed?"),
    Column(
        "UnverifiedUserAnnotations",
        described_by="certificates.v1.PodCertificateRequestSpec.unverifiedUserAnnotations",
    ),
)

_STATES = ("Issued", "Denied", "Failed")


def default(obj: Object) -> None:
    """Certificates last a day at most."""
    spec = obj.get("spec")
    if spec is not None and spec.get("maxExpirationSeconds") is None:
        spec["maxExpirationSeconds"] = 86400


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    del now_ms
    spec = obj.get("spec") or {}
    state = "Pending"
    for condition in (obj.get("status") or {}).get("conditions") or ():
        if condition.get("type") in _STATES:
            state = condition["type"]
    return [
        obj["metadata"]["name"],
        spec.get("podName", ""),
        spec.get("serviceAccountName", ""),
        spec.get("nodeName", ""),
        spec.get("signerName", ""),
        state,
        labels_text(spec.get("unverifiedUserAnnotations")),
    ]


KIND = Kind(
    group="certificates.k8s.io",
    version="v1",
    kind="PodCertificateRequest",
    plural="podcertificaterequests",
    singular="podcertificaterequest",
    namespaced=True,
    subresources=(STATUS,),
    default=default,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    prepare=SeparateStatus("certificates.k8s.io", "v1", "PodCertificateRequest"),
    prepare_status=sealed_status,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
    is_namespace_selectable=False,
    field_selectors={
        "spec.signerName": lambda obj: obj["spec"].get("signerName", ""),
        "spec.podName": lambda obj: obj["spec"].get("podName", ""),
        "spec.nodeName": lambda obj: obj["spec"].get("nodeName", ""),
    },
)
