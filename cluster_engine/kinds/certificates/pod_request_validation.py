"""Problems of requests for certificates of pods.

Models: ValidatePodCertificateRequestCreate and its kin in
k8s.io/kubernetes/pkg/apis/certificates/validation (v1.37.2).
"""

from __future__ import annotations

import base64

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from cluster_engine.apimachinery.conditions import is_true
from cluster_engine.apimachinery.fields import (
    OMIT,
    FieldError,
    invalid_value,
    not_supported,
    required,
    too_long,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import IMMUTABLE, conditions, dns_subdomain
from cluster_engine.kinds.core.config_map import decoded_size
from cluster_engine.kinds.core.signers import check_signer_name, is_kubernetes_signer

_UID_LENGTH_MAX = 128
_SECONDS_MIN = 3600
_SECONDS_MAX = 91 * 24 * 3600
_KUBERNETES_SECONDS_MAX = 24 * 3600
_REQUEST_SIZE_MAX = 10 * 1024
_RSA_BITS = (3072, 4096)
_REQUEST = "spec.stubPKCS10Request"
_OUTCOMES = ("Issued", "Denied", "Failed")
_ONE_OUTCOME = 'There may be at most one condition with type "Issued", "Denied", or "Failed"'


def validate(obj: Object) -> list[FieldError]:
    """A pod, its account and node, and a key."""
    problems: list[FieldError] = []
    spec = obj.get("spec") or {}
    check_signer_name(problems, "spec.signerName", spec.get("signerName", ""))
    for name, uid in (
        ("podName", "podUID"),
        ("serviceAccountName", "serviceAccountUID"),
        ("nodeName", "nodeUID"),
    ):
        dns_subdomain(problems, f"spec.{name}", spec.get(name, ""))
        text = spec.get(uid, "")
        if not text:
            problems.append(invalid_value(f"spec.{uid}", text, "must not be empty"))
        if len(text) > _UID_LENGTH_MAX:
            problems.append(too_long(f"spec.{uid}", _UID_LENGTH_MAX))
    seconds = spec.get("maxExpirationSeconds")
    if seconds is None:
        problems.append(required("spec.maxExpirationSeconds", "must be set"))
        return problems
    is_own = is_kubernetes_signer(spec.get("signerName", ""))
    limit = _KUBERNETES_SECONDS_MAX if is_own else _SECONDS_MAX
    if not _SECONDS_MIN <= seconds <= limit:
        text = f"must be in the range [{_SECONDS_MIN}, {limit}]"
        problems.append(invalid_value("spec.maxExpirationSeconds", seconds, text))
    _check_key(problems, spec)
    return problems


def _check_key(problems: list[FieldError], spec: Object) -> None:
    request, key, proof = (
        spec.get(field) or ""
        for field in ("stubPKCS10Request", "pkixPublicKey", "proofOfPossession")
    )
    if request and not key and not proof:
        _check_request(problems, request)
    elif request or not (key and proof):
        text = (
            "exactly one of (stubPKCS10Request) or (pkixPublicKey, proofOfPossession) must be set"
        )
        problems.append(invalid_value("spec", OMIT, text))


def _check_request(problems: list[FieldError], encoded: str) -> None:
    if decoded_size(encoded) > _REQUEST_SIZE_MAX:
        problems.append(too_long(_REQUEST, _REQUEST_SIZE_MAX))
        return
    try:
        request = x509.load_der_x509_csr(base64.b64decode(encoded))
        key = request.public_key()
    except (ValueError, UnsupportedAlgorithm):
        problems.append(invalid_value(_REQUEST, OMIT, "must be a valid PKCS#10 CSR"))
        return
    if isinstance(key, ec.EllipticCurvePublicKey):
        if not isinstance(key.curve, (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)):
            text = "elliptic public keys must use curve P256, P384, or P521"
            problems.append(invalid_value(_REQUEST, f"curve {key.curve.name}", text))
            return
    elif isinstance(key, rsa.RSAPublicKey):
        if key.key_size not in _RSA_BITS:
            text = "RSA keys must have modulus size 3072 or 4096"
            problems.append(invalid_value(_REQUEST, f"{key.key_size}-bit modulus", text))
            return
    elif not isinstance(key, ed25519.Ed25519PublicKey):
        text = "unknown public key type; supported types are Ed25519, ECDSA, and RSA"
        problems.append(invalid_value(_REQUEST, OMIT, text))
        return
    if not request.is_signature_valid:
        problems.append(invalid_value(_REQUEST, OMIT, "invalid signature"))


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """What is asked for stays."""
    if new.get("spec") == old.get("spec"):
        return []
    return [invalid_value("spec", new.get("spec"), IMMUTABLE)]


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """One outcome, which is final."""
    problems: list[FieldError] = []
    status, before = new.get("status") or {}, old.get("status") or {}
    held = status.get("conditions") or []
    known = 0
    for position, condition in enumerate(held):
        at, type_ = f"status.conditions.[{position}]", condition.get("type", "")
        if type_ not in _OUTCOMES:
            problems.append(not_supported(f"{at}.type", type_, _OUTCOMES))
            continue
        known += 1
        if known > 1:
            problems.append(invalid_value(f"{at}.type", type_, _ONE_OUTCOME))
        if condition.get("status") != "True":
            state = condition.get("status", "")
            problems.append(not_supported(f"{at}.status", state, ("True",)))
    conditions(problems, "status.conditions", held)
    if problems:
        return problems
    text = ""
    if any(is_true(before.get("conditions"), type_) for type_ in _OUTCOMES):
        if status != before:
            text = "immutable after PodCertificateRequest is issued, denied, or failed"
    elif is_true(held, "Denied") or is_true(held, "Failed"):
        if any(value for field, value in status.items() if field != "conditions"):
            text = (
                "non-condition status fields must be empty when denying or failing the "
                "PodCertificateRequest"
            )
    elif is_true(held, "Issued"):
        return _issue_problems(status)
    elif status != before:
        text = 'status is immutable unless transitioning to "Issued", "Denied", or "Failed"'
    return [invalid_value("status", OMIT, text)] if text else []


def _issue_problems(status: Object) -> list[FieldError]:
    times = (
        ("notBefore", "must be present and consistent with the issued certificate"),
        ("notAfter", "must be present and consistent with the issued certificate"),
        (
            "beginRefreshAt",
            "must be present and in the range [notbefore+10min, notafter-10min]",
        ),
    )
    problems = [required(f"status.{field}", text) for field, text in times if not status.get(field)]
    if "-----BEGIN CERTIFICATE-----" not in (status.get("certificateChain") or ""):
        chain = status.get("certificateChain") or ""
        text = "issued certificate chain must contain at least one certificate"
        return [invalid_value("status.certificateChain", chain, text)]
    return problems
