"""The CertificateSigningRequest kind.

Who asks is written into the spec by the API server, which knows the user.

Models: k8s.io/kubernetes/pkg/registry/certificates/certificates/strategy.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import human_duration
from cluster_engine.kinds.certificates.request_validation import (
    validate,
    validate_approval,
    validate_status,
    validate_update,
)
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import STATUS, Column, Kind, Subresource
from cluster_engine.kinds.preparation import only_status

#: The columns are described as the first version of the kind was.
_SIGNER = (
    "Requested signer for the request. It is a qualified name in the form: "
    "`scope-hostname.io/name`. If empty, it will be defaulted:\n 1. If it's a kubelet client "
    'certificate, it is assigned\n    "kubernetes.io/kube-apiserver-client-kubelet".\n 2. If '
    "it's a kubelet serving certificate, it is assigned\n    "
    '"kubernetes.io/kubelet-serving".\n 3. Otherwise, it is assigned '
    '"kubernetes.io/legacy-unknown".\nDistribution of trust for signers happens out of band. You '
    "can select on this field using `spec.signerName`."
)
COLUMNS = (
    NAME,
    AGE,
    Column("SignerName", meaning=_SIGNER),
    Column("Requestor", meaning="Base64-encoded PKCS#10 CSR data"),
    Column(
        "RequestedDuration",
        described_by="certificates.v1.CertificateSigningRequestSpec.expirationSeconds",
    ),
    Column("Condition", meaning="Conditions applied to the request, such as approval or denial."),
)


def prepare(new: Object, old: Object | None) -> None:
    """Neither spec nor status change once it is there."""
    if old is None:
        new["status"] = {}
        return
    new["spec"] = old.get("spec") or {}
    new["status"] = old.get("status") or {}


def prepare_status(new: Object, old: Object | None) -> None:
    """The signer's part: approvals and denials stay as they are."""
    only_status(new, old)
    assert old is not None
    before = (old.get("status") or {}).get("conditions") or []
    status = new.get("status") or {}
    conditions = status.get("conditions") or []
    for type_ in ("Approved", "Denied"):
        held = [one for one in before if one.get("type") == type_]
        places = [place for place, one in enumerate(conditions) if one.get("type") == type_]
        if len(held) == len(places):
            conditions = list(conditions)
            for place, one in zip(places, held, strict=True):
                conditions[place] = one
    if conditions:
        new["status"] = {**status, "conditions": conditions}


def prepare_approval(new: Object, old: Object | None) -> None:
    """Through `approval` only the conditions change."""
    assert old is not None
    conditions = (new.get("status") or {}).get("conditions")
    status = dict(old.get("status") or {})
    status.pop("conditions", None)
    if conditions:
        status["conditions"] = conditions
    new["spec"] = old.get("spec") or {}
    new["status"] = status


def any_name(name: str) -> list[str]:
    """Every name will do that can stand in a path."""
    del name
    return []


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    seconds = spec.get("expirationSeconds")
    return [
        obj["metadata"]["name"],
        age(obj, now_ms),
        spec.get("signerName") or "<none>",
        spec.get("username", ""),
        "<none>" if seconds is None else human_duration(seconds),
        _state(status),
    ]


def _state(status: Object) -> str:
    conditions = status.get("conditions")
    words = ["Pending"]
    for type_ in ("Denied", "Approved"):
        if find(conditions, type_) is not None:
            words = [type_]
            break
    if find(conditions, "Failed") is not None:
        words.append("Failed")
    if status.get("certificate"):
        words.append("Issued")
    return ",".join(words)


KIND = Kind(
    group="certificates.k8s.io",
    version="v1",
    kind="CertificateSigningRequest",
    plural="certificatesigningrequests",
    singular="certificatesigningrequest",
    namespaced=False,
    short_names=("csr",),
    subresources=(
        Subresource("approval", prepare=prepare_approval, validate=validate_approval),
        STATUS,
    ),
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    validate_name=any_name,
    prepare=prepare,
    prepare_status=prepare_status,
    columns=COLUMNS,
    cells=cells,
    is_namespace_selectable=False,
    field_selectors={"spec.signerName": lambda obj: obj["spec"].get("signerName", "")},
)
