"""Problems of secrets: what each type must hold.

Models: ValidateSecret in k8s.io/kubernetes/pkg/apis/core/validation (v1.37.2), X509KeyPair of Go's
crypto/tls.
"""

from __future__ import annotations

import base64
import json

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_private_key

from cluster_engine.apimachinery.fields import FieldError, invalid_value, required, too_long
from cluster_engine.apimachinery.gojson import go_kind, json_problem
from cluster_engine.apimachinery.names import is_config_map_key
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import Problems, sealed, wrong
from cluster_engine.kinds.core.config_map import SIZE_MAX, decoded_size, sealed_changes
from cluster_engine.kinds.pem import CERTIFICATE, Block, encoded_blocks

_ACCOUNT_NAME = "kubernetes.io/service-account.name"
_ANY_MAP = "map[string]interface {}"
_REDACTED = "<secret contents redacted>"
_DOCKER_KEYS = {
    "kubernetes.io/dockercfg": ".dockercfg",
    "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
}
_MISMATCH = "tls: private key does not match public key"


def validate(obj: Object) -> list[FieldError]:
    """Keys that can be file names, and what the type asks for."""
    problems: list[FieldError] = []
    data = obj.get("data") or {}
    for key in data:
        wrong(problems, f"data[{key}]", key, is_config_map_key(key))
    if sum(decoded_size(text) for text in data.values()) > SIZE_MAX:
        problems.append(too_long("data", SIZE_MAX))
    _check_type(problems, obj, data)
    return problems


def _check_type(problems: list[FieldError], obj: Object, data: Object) -> None:
    type_ = obj.get("type", "")
    if type_ == "kubernetes.io/service-account-token":
        if not (obj["metadata"].get("annotations") or {}).get(_ACCOUNT_NAME):
            problems.append(required(f"metadata.annotations[{_ACCOUNT_NAME}]"))
    elif type_ in _DOCKER_KEYS:
        _check_docker(problems, data, _DOCKER_KEYS[type_])
    elif type_ == "kubernetes.io/basic-auth":
        if "username" not in data and "password" not in data:
            problems += [required("data[username]"), required("data[password]")]
    elif type_ == "kubernetes.io/ssh-auth":
        if not data.get("ssh-privatekey"):
            problems.append(required("data[ssh-privatekey]"))
    elif type_ == "kubernetes.io/tls":
        problems.extend(
            required(f"data[{key}]") for key in ("tls.crt", "tls.key") if key not in data
        )


def _check_docker(problems: list[FieldError], data: Object, key: str) -> None:
    if key not in data:
        problems.append(required(f"data[{key}]"))
        return
    content = base64.b64decode(data[key])
    try:
        value = json.loads(content)
    except ValueError:
        problems.append(invalid_value(f"data[{key}]", _REDACTED, json_problem(content)))
        return
    if value is not None and not isinstance(value, dict):
        text = f"json: cannot unmarshal {go_kind(value)} into Go value of type {_ANY_MAP}"
        problems.append(invalid_value(f"data[{key}]", _REDACTED, text))


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """The type stays, and one that is immutable stays as it is."""
    problems = Problems()
    sealed(problems, "type", new.get("type", ""), old.get("type", ""))
    problems += sealed_changes(new, old, "data")
    problems += validate(new)
    return problems.all()


def key_pair_problem(certificate: str, key: str) -> str:
    """Why two base64 texts are no certificate and its key; empty when they are."""
    certificates, keys = encoded_blocks(certificate), encoded_blocks(key)
    problem = _certificate_problem(certificates) or _key_problem(keys)
    if problem:
        return problem
    first = next(block for block in certificates if block.type == CERTIFICATE)
    try:
        public = x509.load_der_x509_certificate(first.content).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return "x509: malformed certificate"
    held = next(block for block in keys if _is_key(block))
    try:
        private = load_der_private_key(held.content, None)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return "tls: failed to parse private key"
    return "" if private.public_key() == public else _MISMATCH


def _certificate_problem(blocks: list[Block]) -> str:
    skipped = [block.type for block in blocks]
    if CERTIFICATE in skipped:
        return ""
    if not skipped:
        return "tls: failed to find any PEM data in certificate input"
    if len(skipped) == 1 and skipped[0].endswith("PRIVATE KEY"):
        return (
            "tls: failed to find certificate PEM data in certificate input, but did find a "
            "private key; PEM inputs may have been switched"
        )
    return (
        'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM '
        f"blocks of the following types: [{' '.join(skipped)}]"
    )


def _is_key(block: Block) -> bool:
    return block.type == "PRIVATE KEY" or block.type.endswith(" PRIVATE KEY")


def _key_problem(blocks: list[Block]) -> str:
    if any(_is_key(block) for block in blocks):
        return ""
    skipped = [block.type for block in blocks]
    if not skipped:
        return "tls: failed to find any PEM data in key input"
    if skipped == [CERTIFICATE]:
        return "tls: found a certificate rather than a key in the PEM for the private key"
    return (
        'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after '
        f"skipping PEM blocks of the following types: [{' '.join(skipped)}]"
    )
