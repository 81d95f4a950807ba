"""Service account tokens: signed claims about an account, and about the pod that carries it.

The key comes from the cluster's seed, so a fork accepts the tokens of its original.

Models: k8s.io/kubernetes/pkg/serviceaccount (v1.37.2).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.requests import User
from cluster_engine.simulation.randomness import Randomness

ISSUER = "https://kubernetes.default.svc.cluster.local"
_CREDENTIAL = "authentication.kubernetes.io/credential-id"
_POD_NAME = "authentication.kubernetes.io/pod-name"
_POD_UID = "authentication.kubernetes.io/pod-uid"
_NODE_NAME = "authentication.kubernetes.io/node-name"
_NODE_UID = "authentication.kubernetes.io/node-uid"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a valid token stands for, and for which audiences it was made."""

    user: User
    audiences: tuple[str, ...]


class Tokens:
    """Makes and checks the tokens of one cluster."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def issue(self, account: Object, audiences: list[str], seconds: int, bound: Object) -> str:
        """A token for a service account. `bound` says {"pod": {name, uid}, "node": …} or less."""
        metadata = account["metadata"]
        now = self._core.clock.now_ms // 1000
        claims = {
            "aud": audiences,
            "exp": now + seconds,
            "iat": now,
            "iss": ISSUER,
            "jti": self._core.randomness.uid(),
            "kubernetes.io": {
                "namespace": metadata["namespace"],
                **bound,
                "serviceaccount": {"name": metadata["name"], "uid": metadata["uid"]},
            },
            "nbf": now,
            "sub": username(metadata["namespace"], metadata["name"]),
        }
        header = {"alg": "EdDSA", "kid": self.key_id}
        signed = f"{_encode(orjson.dumps(header))}.{_encode(orjson.dumps(claims))}"
        return f"{signed}.{_encode(self._key.sign(signed.encode()))}"

    def check(self, token: str) -> Bearer | None:
        """Who the token stands for; None when it is forged, expired, or its account is gone."""
        claims = self._claims(token)
        if claims is None or claims["exp"] <= self._core.clock.now_ms // 1000:
            return None
        about = claims["kubernetes.io"]
        namespace, account = about["namespace"], about["serviceaccount"]
        if not self._is_alive("serviceaccounts", namespace, account):
            return None
        pod = about.get("pod")
        if pod is not None and not self._is_alive("pods", namespace, pod):
            return None
        extra = {_CREDENTIAL: (f"JTI={claims['jti']}",)}
        for name, part in ((_POD_NAME, "pod"), (_NODE_NAME, "node")):
            if part in about:
                extra[name] = (about[part]["name"],)
        for name, part in ((_POD_UID, "pod"), (_NODE_UID, "node")):
            if part in about and "uid" in about[part]:
                extra[name] = (about[part]["uid"],)
        groups = account_groups(namespace)
        user = User(claims["sub"], groups, account["uid"], extra)
        return Bearer(user, tuple(claims["aud"]))

    @cached_property
    def key_id(self) -> str:
        """The name of the key in token headers and in the published key set."""
        return _encode(hashlib.sha256(self._public_bytes).digest())

    def key_set(self) -> Object:
        """The JSON Web Key Set that verifies the tokens."""
        key = {
            "use": "sig",
            "kty": "OKP",
            "kid": self.key_id,
            "crv": "Ed25519",
            "alg": "EdDSA",
            "x": _encode(self._public_bytes),
        }
        return {"keys": [key]}

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        # A stream of its own from the seed: the position of the shared ones differs in a fork.
        stream = Randomness(self._core.randomness.seed).stream("service account tokens")
        return Ed25519PrivateKey.from_private_bytes(stream.randbytes(32))

    @cached_property
    def _public_bytes(self) -> bytes:
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        return self._key.public_key().public_bytes(*raw)

    def _claims(self, token: str) -> dict[str, Any] | None:
        parts = token.split(".")
        if len(parts) != 3:
            return None
        try:
            signature = _decode(parts[2])
            self._key.public_key().verify(signature, f"{parts[0]}.{parts[1]}".encode())
            claims: dict[str, Any] = orjson.loads(_decode(parts[1]))
        except (InvalidSignature, ValueError):
            return None
        return claims

    def _is_alive(self, resource: str, namespace: str, part: Object) -> bool:
        record = self._core.store.get(resource, namespace, part["name"])
        return record is not None and record.object["metadata"].get("uid") == part["uid"]


def username(namespace: str, name: str) -> str:
    """The user name of a service account."""
    return f"system:serviceaccount:{namespace}:{name}"


def account_groups(namespace: str) -> tuple[str, ...]:
    """The groups of a service account in that namespace."""
    return (
        "system:serviceaccounts",
        f"system:serviceaccounts:{namespace}",
        "system:authenticated",
    )


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from None
