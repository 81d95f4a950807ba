"""Sending objects: creating, patching, replacing, deleting, with kubectl's own query.

Every function raises StatusError for a refusal.
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.shapes import Shape
from cluster_engine.apiserver.shapes import published_shape
from cluster_engine.kubectl.client import STRATEGIC_PATCH
from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.resources import Resource
from cluster_engine.kubectl.results import CLIENT, dry_run, dry_run_query
from cluster_engine.kubectl.session import Session
from cluster_engine.kubectl.targets import Target
from cluster_engine.schema.catalogue import load

#: Of --validate, by what may be said.
_VALIDATIONS = {
    "strict": "Strict",
    "true": "Strict",
    "warn": "Warn",
    "ignore": "Ignore",
    "false": "Ignore",
}


def write_query(session: Session, **more: Any) -> dict[str, Any]:
    """Dry run, field manager and validation, from the flags that the command has."""
    query: dict[str, Any] = dict(dry_run_query(session))
    manager = session.flags.values.get("field-manager")
    if manager:
        query["fieldManager"] = manager
    validation = session.flags.values.get("validate")
    if validation is not None:
        word = _VALIDATIONS.get(str(validation).lower())
        if word is None:
            raise KubectlError(
                f'invalid - validate option "{validation}"; must be one of: strict (or true), '
                "warn, ignore (or false)"
            )
        query["fieldValidation"] = word
    return {**query, **more}


def create(session: Session, resource: Resource, namespace: str, obj: Object) -> Object:
    """Create it; under a client-side dry run just give it back."""
    if dry_run(session) == CLIENT:
        return obj
    return session.client.call("POST", resource.path(namespace), write_query(session), obj)


def patch(
    session: Session,
    target: Target,
    body: Any,
    *,
    content_type: str = STRATEGIC_PATCH,
    subresource: str = "",
    **query: Any,
) -> Object:
    """Patch it on the server."""
    path = target.resource.path(target.namespace, target.name, subresource)
    return session.client.call(
        "PATCH", path, write_query(session, **query), body, content_type=content_type
    )


def replace(session: Session, target: Target, obj: Object, subresource: str = "") -> Object:
    """Put the object in place of what is there."""
    path = target.resource.path(target.namespace, target.name, subresource)
    return session.client.call("PUT", path, write_query(session), obj)


def shape_of(resource: Resource) -> Shape | None:
    """The published type of a resource's objects; None for custom resources, which only know
    plain merge patches."""
    if load().name_of(resource.group, resource.version, resource.kind) is None:
        return None
    return published_shape(resource.group, resource.version, resource.kind)


def with_namespace(obj: Object, namespace: str) -> Object:
    """The object with its namespace said, when it has one."""
    if not namespace:
        return obj
    metadata = obj.get("metadata") or {}
    if metadata.get("namespace") == namespace:
        return obj
    return {**obj, "metadata": {**metadata, "namespace": namespace}}
