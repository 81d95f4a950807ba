"""Asking admission about what is sent to a subresource and is no object that is stored.

Models: k8s.io/apiserver/pkg/endpoints/handlers createHandler, ConnectResource (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.registry import Admission
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.write import CONNECT, CREATE, Write


def admit_body(admission: Admission, call: Call, body: Object, *, is_dry_run: bool = False) -> None:
    """Ask about an object that was posted, such as an Eviction. Raises ApiError."""
    _ask(admission, call, CREATE, body, is_dry_run)


def admit_connection(admission: Admission, call: Call, kind: str, **options: object) -> None:
    """Ask about a connection; `options`: what it is like, as its kind has it. Raises ApiError."""
    given = {name: value for name, value in options.items() if value}
    _ask(admission, call, CONNECT, {"kind": kind, "apiVersion": "v1", **given}, False)


def _ask(admission: Admission, call: Call, operation: str, body: Object, is_dry_run: bool) -> None:
    write = Write(
        kind=call.kind,
        operation=operation,
        namespace=call.namespace,
        name=call.info.name or (body.get("metadata") or {}).get("name", ""),
        object=body,
        user=call.user,
        origin=call.origin,
        manager="",
        subresource=call.info.subresource,
        api_version=call.api_version,
        is_dry_run=is_dry_run,
        warnings=call.warnings,
    )
    admission.mutate(write)
    admission.validate(write)
