"""The ClusterTrustBundle kind.

Models: k8s.io/kubernetes/pkg/registry/certificates/clustertrustbundle (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from cluster_engine.apimachinery.fields import FieldError, too_long
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.certificates.certificate_signing_request import any_name
from cluster_engine.kinds.checks import unchanged, wrong
from cluster_engine.kinds.columns import NAME
from cluster_engine.kinds.core.signers import bundle_name_messages, check_signer_name
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.pem import CERTIFICATE, Block, blocks_of

COLUMNS = (
    NAME,
    Column("SignerName", described_by="certificates.v1.ClusterTrustBundleSpec.signerName"),
)


_SIZE_MAX = 1024 * 1024
_BUNDLE = "spec.trustBundle"
_OMITTED = "<value omitted>"


def validate(obj: Object) -> list[FieldError]:
    """A signer, a name that says so, and certificates of authorities."""
    problems: list[FieldError] = []
    _check_names(problems, obj)
    _check_bundle(problems, (obj.get("spec") or {}).get("trustBundle", ""))
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """The signer stays."""
    problems: list[FieldError] = []
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    _check_names(problems, new)
    if spec.get("trustBundle") != before.get("trustBundle"):
        _check_bundle(problems, spec.get("trustBundle", ""))
    signer, held = spec.get("signerName", ""), before.get("signerName", "")
    unchanged(problems, "spec.signerName", signer, held)
    return problems


def _check_names(problems: list[FieldError], obj: Object) -> None:
    signer = (obj.get("spec") or {}).get("signerName", "")
    name = obj["metadata"].get("name", "")
    wrong(problems, "metadata.name", name, bundle_name_messages(name, signer))
    if signer:
        check_signer_name(problems, "spec.signerName", signer)


def _check_bundle(problems: list[FieldError], text: str) -> None:
    if len(text) > _SIZE_MAX:
        problems.append(too_long(_BUNDLE, _SIZE_MAX))
        return
    found: dict[bytes, list[int]] = {}
    messages = []
    for position, block in enumerate(blocks_of(text)):
        problem = _block_problem(block)
        if problem:
            messages.append(f"entry {position} {problem}")
        else:
            found.setdefault(block.content, []).append(position)
    if not messages and not found:
        messages.append("at least one trust anchor must be provided")
    if not messages:
        messages = [
            f"duplicate trust anchor (indices [{' '.join(map(str, positions))}])"
            for positions in found.values()
            if len(positions) > 1
        ]
    wrong(problems, _BUNDLE, _OMITTED, messages)


def _block_problem(block: Block) -> str:
    if block.type != CERTIFICATE:
        return f"has bad block type: {block.type}"
    if block.has_headers:
        return "has PEM block headers"
    try:
        certificate = x509.load_der_x509_certificate(block.content)
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except (ValueError, UnsupportedAlgorithm):
        return "does not parse as X.509"
    except x509.ExtensionNotFound:
        return "does not have the CA bit set"
    return "" if constraints.value.ca else "does not have the CA bit set"


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
    validate=validate,
    validate_update=validate_update,
    validate_name=any_name,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
    is_namespace_selectable=False,
    field_selectors={"spec.signerName": lambda obj: obj["spec"].get("signerName", "")},
)
