"""The cluster's certificate authority: derived from the seed, so that it is the same every time.

Ed25519 because its signatures are deterministic and cost a tenth of a millisecond.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from cluster_engine.simulation.randomness import Randomness

_DAYS_VALID = 3650


def make_authority(randomness: Randomness, now_ms: int) -> tuple[Ed25519PrivateKey, str]:
    """The private key and the self-signed certificate in PEM."""
    stream = randomness.stream("authority")
    key = Ed25519PrivateKey.from_private_bytes(stream.randbytes(32))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kubernetes")])
    start = datetime.fromtimestamp(now_ms // 1000, UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(stream.getrandbits(63) | 1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=_DAYS_VALID))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, None)
    )
    return key, certificate.public_bytes(serialization.Encoding.PEM).decode()
