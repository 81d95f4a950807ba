"""Problems of secrets: what each type must hold.

Models: ValidateSecret in k8s.io/kubernetes/pkg/apis/core/validation (v1.37.2), X509KeyPair of Go's
crypto/tls.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

from cluster_engine.apimachinery.fields import FieldError, invalid_value, required, too_long
from cluster_engine.apimachinery.gojson import go_kind, json_problem
from cluster_engine.apimachinery.names import is_config_map_key
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import Problems, sealed, wrong
from cluster_engine.kinds.core.config_map import SIZE_MAX, decoded_size, sealed_changes

_ACCOUNT_NAME = "kubernetes.io/service-account.name"
_ANY_MAP = "map[string]interface {}"
_REDACTED = "<secret contents redacted>"
_DOCKER_KEYS = {
    "kubernetes.io/dockercfg": ".dockercfg",
    "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
}
_BLOCK = re.compile(
    r"^-----BEGIN (?P<type>[^\n]*)-----[ \t]*\r?\n(?P<body>.*?)^-----END (?P=type)-----[ \t]*\r?$",
    re.DOTALL | re.MULTILINE,
)
#: The first byte of every certificate: a sequence.
_SEQUENCE = 0x30


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
    """Why two base64 texts are no certificate and key; empty when they may be."""
    return _certificate_problem(_blocks(certificate)) or _key_problem(_blocks(key))


def _blocks(text: str) -> list[tuple[str, bytes]]:
    """The PEM blocks that can be decoded."""
    blocks = []
    for block in _BLOCK.finditer(base64.b64decode(text).decode(errors="replace")):
        body = block["body"]
        if ":" in body:  # Headers end with an empty line.
            body = body.partition("\n\n")[2]
        try:
            blocks.append((block["type"], base64.b64decode("".join(body.split()), validate=True)))
        except (binascii.Error, ValueError):
            continue
    return blocks


def _certificate_problem(blocks: list[tuple[str, bytes]]) -> str:
    found = [content for type_, content in blocks if type_ == "CERTIFICATE"]
    if found:
        first = found[0]
        return "" if first[:1] == bytes((_SEQUENCE,)) else "x509: malformed certificate"
    skipped = [type_ for type_, _ in blocks]
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


def _key_problem(blocks: list[tuple[str, bytes]]) -> str:
    skipped = []
    for type_, _ in blocks:
        if type_ == "PRIVATE KEY" or type_.endswith(" PRIVATE KEY"):
            return ""
        skipped.append(type_)
    if not skipped:
        return "tls: failed to find any PEM data in key input"
    if skipped == ["CERTIFICATE"]:
        return "tls: found a certificate rather than a key in the PEM for the private key"
    return (
        'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after '
        f"skipping PEM blocks of the following types: [{' '.join(skipped)}]"
    )
