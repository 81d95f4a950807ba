"""Kubeconfig files: how a client finds a cluster and who it is there."""

from __future__ import annotations

import base64
from typing import Any

import yaml


def kubeconfig(
    *, server: str, name: str, user: str, token: str = "", authority_pem: bytes = b""
) -> str:
    """The file's text. Over plain http no token is needed: the address holds the secret."""
    cluster: dict[str, Any] = {"server": server}
    if authority_pem:
        cluster["certificate-authority-data"] = base64.b64encode(authority_pem).decode()
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": cluster}],
            "users": [{"name": user, "user": {"token": token} if token else {}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": user}}],
            "current-context": name,
            "preferences": {},
        },
        sort_keys=False,
    )
