"""The Secret kind.

Models: k8s.io/kubernetes/pkg/apis/core/v1 (conversion, defaults) and pkg/registry/core/secret
(v1.37.2).
"""

from __future__ import annotations

import base64
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.secret_validation import (
    key_pair_problem,
    validate,
    validate_update,
)
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Type", described_by="core.v1.Secret.type"),
    Column("Data", described_by="core.v1.Secret.data"),
    AGE,
)


def default(obj: Object) -> None:
    """Opaque, and `stringData` is written into `data`."""
    texts = obj.pop("stringData", None)
    if texts:
        data = dict(obj.get("data") or {})
        for key, text in texts.items():
            data[key] = base64.b64encode(text.encode()).decode()
        obj["data"] = data
    if not obj.get("type"):
        obj["type"] = "Opaque"


def warn(new: Object, old: Object | None) -> list[str]:
    """Of a certificate and key that no server can use."""
    del old
    if new.get("type") != "kubernetes.io/tls":
        return []
    data = new.get("data") or {}
    problem = key_pair_problem(data.get("tls.crt", ""), data.get("tls.key", ""))
    return [problem] if problem else []


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    name, count = obj["metadata"]["name"], len(obj.get("data") or ())
    return [name, obj.get("type", ""), count, age(obj, now_ms)]


KIND = Kind(
    group="",
    version="v1",
    kind="Secret",
    plural="secrets",
    singular="secret",
    namespaced=True,
    default=default,
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    columns=COLUMNS,
    cells=cells,
    field_selectors={"type": lambda obj: obj.get("type", "")},
)
