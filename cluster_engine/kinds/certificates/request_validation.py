"""Problems of certificate signing requests.

Models: validateCertificateSigningRequest and its kin in
k8s.io/kubernetes/pkg/apis/certificates/validation (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import Problems, declared
from cluster_engine.kinds.core.signers import check_signer_name
from cluster_engine.kinds.pem import CERTIFICATE, encoded_blocks

_REQUEST = "CERTIFICATE REQUEST"
_LEGACY_SIGNER = "kubernetes.io/legacy-unknown"
_SECONDS_MIN = 600
_CONDITIONS = "status.conditions"
_CERTIFICATE = "status.certificate"
_DECISIONS = ("Approved", "Denied")
_FINAL = (*_DECISIONS, "Failed")
_STATUSES = ("False", "True", "Unknown")
_USAGES = (
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
)


@dataclass(frozen=True, slots=True)
class _Leniency:
    """What an old request did already and a new version of it may go on doing."""

    both_decisions: bool = False
    legacy_signer: bool = False
    repeated_conditions: bool = False
    empty_condition: bool = False
    any_certificate: bool = False
    repeated_usages: bool = False
    unknown_usages: bool = False


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new request."""
    return _problems_of(obj, _Leniency()).all()


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change of the request itself, which changes nothing of weight."""
    return _change_problems(new, old, may_decide=False, may_sign=False)


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """The signer may add the certificate."""
    return _change_problems(new, old, may_decide=False, may_sign=True)


def validate_approval(new: Object, old: Object) -> list[FieldError]:
    """Approvers may approve or deny."""
    return _change_problems(new, old, may_decide=True, may_sign=False)


def _problems_of(obj: Object, lenient: _Leniency) -> Problems:
    problems = Problems()
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    problem = _request_problem(spec.get("request") or "")
    if problem:
        problems.append(invalid_value("spec.request", spec.get("request"), problem))
    _check_usages(problems, spec.get("usages") or (), lenient)
    signer, seconds = spec.get("signerName", ""), spec.get("expirationSeconds")
    if not lenient.legacy_signer and signer == _LEGACY_SIGNER:
        text = "the legacy signerName is not allowed via this API version"
        problems.append(invalid_value("spec.signerName", signer, text))
    else:
        check_signer_name(problems, "spec.signerName", signer)
    if seconds is not None and seconds < _SECONDS_MIN:
        text = f"may not specify a duration less than {_SECONDS_MIN} seconds (10 minutes)"
        problems.append(invalid_value("spec.expirationSeconds", seconds, text))
    _check_conditions(problems, status.get("conditions") or (), lenient)
    if not lenient.any_certificate:
        problem = _certificate_problem(status.get("certificate") or "")
        if problem:
            problems.append(invalid_value(_CERTIFICATE, "<certificate data>", problem))
    return problems


def _request_problem(encoded: str) -> str:
    blocks = encoded_blocks(encoded)
    if not blocks or blocks[0].type != _REQUEST:
        return f"PEM block type must be {_REQUEST}"
    try:
        request = x509.load_der_x509_csr(blocks[0].content)
        is_signed = request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm):
        return "asn1: structure error: tags don't match"
    except InvalidSignature:
        is_signed = False
    return "" if is_signed else "x509: signature algorithm verification failure"


def _certificate_problem(encoded: str) -> str:
    if not encoded:
        return ""
    blocks = encoded_blocks(encoded)
    for block in blocks:
        if block.type != CERTIFICATE:
            return f'only CERTIFICATE PEM blocks are allowed, found "{block.type}"'
        if block.has_headers:
            return "no PEM block headers are permitted"
        try:
            x509.load_der_x509_certificate(block.content)
        except ValueError:
            return "x509: malformed certificate"
    return "" if blocks else "must contain at least one CERTIFICATE PEM block"


def _check_usages(problems: list[FieldError], usages: Sequence[str], lenient: _Leniency) -> None:
    if not usages:
        problems.append(required("spec.usages"))
    if not lenient.unknown_usages:
        problems.extend(
            not_supported(f"spec.usages[{position}]", usage, _USAGES)
            for position, usage in enumerate(usages)
            if usage not in _USAGES
        )
    if not lenient.repeated_usages:
        problems.extend(
            duplicate(f"spec.usages[{position}]", usage)
            for position, usage in enumerate(usages)
            if usage in usages[:position]
        )


def _check_conditions(problems: Problems, conditions: Sequence[Object], lenient: _Leniency) -> None:
    types = [condition.get("type", "") for condition in conditions]
    for position, condition in enumerate(conditions):
        at, type_, status = (
            f"{_CONDITIONS}[{position}]",
            types[position],
            condition.get("status", ""),
        )
        if not type_ and not lenient.empty_condition:
            problems.append(required(f"{at}.type"))
        allowed = ("True",) if type_ in _FINAL else _STATUSES
        if not status:
            problems.append(required(f"{at}.status"))
        elif status not in allowed:
            problems.append(not_supported(f"{at}.status", status, allowed))
        if type_ in types[:position] and not lenient.repeated_conditions:
            problems.append(duplicate(f"{at}.type", type_))
    if not lenient.both_decisions and all(type_ in types for type_ in _DECISIONS):
        last = max(types.index(type_) for type_ in _DECISIONS)
        text = "Approved and Denied conditions are mutually exclusive"
        declared(problems).append(invalid_value(_CONDITIONS, types[last], text))


def _leniency_of(new: Object, old: Object) -> _Leniency:
    spec, status = old.get("spec") or {}, old.get("status") or {}
    usages = spec.get("usages") or []
    types = [condition.get("type", "") for condition in status.get("conditions") or ()]
    held = status.get("certificate") or ""
    is_same = ((new.get("status") or {}).get("certificate") or "") == held
    return _Leniency(
        both_decisions=all(type_ in types for type_ in _DECISIONS),
        legacy_signer=spec.get("signerName") == _LEGACY_SIGNER,
        repeated_conditions=len(set(types)) < len(types),
        empty_condition="" in types,
        any_certificate=is_same or bool(_certificate_problem(held)),
        repeated_usages=len(set(usages)) < len(usages),
        unknown_usages=any(usage not in _USAGES for usage in usages),
    )


def _change_problems(
    new: Object, old: Object, *, may_decide: bool, may_sign: bool
) -> list[FieldError]:
    problems = _problems_of(new, _leniency_of(new, old))
    status, before = new.get("status") or {}, old.get("status") or {}
    for type_ in _FINAL:
        if len(_of_type(status, type_)) < len(_of_type(before, type_)):
            text = f'updates may not remove a condition of type "{type_}"'
            problems.append(forbidden_field(_CONDITIONS, text))
    for type_ in () if may_decide else _DECISIONS:
        after, held = _of_type(status, type_), _of_type(before, type_)
        if len(after) > len(held):
            text = f'updates may not add a condition of type "{type_}"'
            problems.append(forbidden_field(_CONDITIONS, text))
        elif len(after) == len(held) and after != held:
            text = f'updates may not modify a condition of type "{type_}"'
            problems.append(forbidden_field(_CONDITIONS, text))
    certificate, held_one = status.get("certificate"), before.get("certificate")
    if (certificate or "") != (held_one or ""):
        if not may_sign:
            text = "updates may not set certificate content"
            problems.append(forbidden_field(_CERTIFICATE, text))
        elif held_one:
            text = "updates may not modify existing certificate content"
            problems.append(forbidden_field(_CERTIFICATE, text))
    return problems.all()


def _of_type(status: Object, type_: str) -> list[Object]:
    return [one for one in status.get("conditions") or () if one.get("type") == type_]
