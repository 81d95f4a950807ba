"""Certificates and keys in secrets and bundles."""

from __future__ import annotations

import base64
import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from cluster_engine.kinds.core.secret_validation import key_pair_problem
from cluster_engine.kinds.pem import blocks_of
from tests.engine.kinds.judging import warnings

CREATED = datetime.datetime(2026, 1, 1)


def key_of(seed: int) -> Ed25519PrivateKey:
    """Always the same one."""
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def key_text(seed: int) -> str:
    """A key as a file holds it."""
    key = key_of(seed)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def certificate_text(seed: int) -> str:
    """A certificate of that key, by itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "web")])
    key = key_of(seed)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(CREATED)
        .not_valid_after(CREATED + datetime.timedelta(days=365))
        .sign(key, None)
    )
    return certificate.public_bytes(Encoding.PEM).decode()


def encoded(text: str) -> str:
    """As a secret holds it."""
    return base64.b64encode(text.encode()).decode()


def test_blocks_stand_between_other_text() -> None:
    text = f"first\n{key_text(1)}between\n{certificate_text(1)}last\n"
    assert [block.type for block in blocks_of(text)] == ["PRIVATE KEY", "CERTIFICATE"]


def test_a_block_that_cannot_be_decoded_is_passed_over() -> None:
    broken = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"
    assert blocks_of(broken + key_text(1)) == blocks_of(key_text(1))


def test_headers_are_seen_and_are_not_content() -> None:
    (block,) = blocks_of("-----BEGIN A-----\nKey: value\n\nAAAA\n-----END A-----\n")
    assert (block.has_headers, block.content) == (True, b"\0\0\0")


PAIRS = {
    "a pair": (certificate_text(1), key_text(1), ""),
    "no certificate": (
        "",
        key_text(1),
        "tls: failed to find any PEM data in certificate input",
    ),
    "no key": (certificate_text(1), "", "tls: failed to find any PEM data in key input"),
    "a key in the place of the certificate": (
        key_text(1),
        key_text(1),
        "tls: failed to find certificate PEM data in certificate input, but did find a private "
        "key; PEM inputs may have been switched",
    ),
    "the key of another": (
        certificate_text(1),
        key_text(2),
        "tls: private key does not match public key",
    ),
}


@pytest.mark.parametrize(("certificate", "key", "expected"), PAIRS.values(), ids=PAIRS.keys())
def test_a_certificate_and_its_key(certificate: str, key: str, expected: str) -> None:
    assert key_pair_problem(encoded(certificate), encoded(key)) == expected


def test_a_secret_with_a_wrong_pair_is_accepted_with_a_warning() -> None:
    data = {"tls.crt": encoded(certificate_text(1)), "tls.key": encoded(key_text(2))}
    assert warnings("Secret", {"type": "kubernetes.io/tls", "data": data}) == [
        "tls: private key does not match public key"
    ]
