"""The types of a kind that users defined: its versions with their schemas, and reading objects.

Models: unstructuredSchemaCoercer and unstructuredDefaulter in
k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.json_text import quoted
from cluster_engine.apimachinery.objects import Object, clone
from cluster_engine.kinds.custom.structural import Schema, drop_nulls, fill_defaults, prune
from cluster_engine.schema.check import Findings, decoder
from cluster_engine.schema.decoding import DecodingError

_METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"


@dataclass(frozen=True, slots=True)
class ScalePaths:
    """Where objects keep what their Scale shows; `selector` holds text when it is a custom one."""

    spec: tuple[str, ...] = ("spec", "replicas")
    status: tuple[str, ...] = ("status", "replicas")
    selector: tuple[str, ...] | None = ("spec", "selector")


@dataclass(frozen=True, slots=True)
class CustomVersion:
    """One version of a definition."""

    name: str
    schema: Schema
    is_served: bool = True
    has_status: bool = False
    scale: ScalePaths | None = None
    columns: tuple[Object, ...] = ()
    selectable: tuple[str, ...] = ()
    #: What requests for it are warned about.
    deprecation: str = ""


@dataclass(frozen=True, slots=True)
class CustomTypes:
    """All versions of one definition."""

    group: str
    kind: str
    list_kind: str
    stored: str
    versions: Mapping[str, CustomVersion]

    def schema(self, version: str) -> Schema | None:
        """The schema of a version; None when there is none."""
        found = self.versions.get(version)
        return None if found is None else found.schema

    def read(self, obj: Object) -> Findings:
        """A client's object, which is the caller's own: pruned, defaulted, metadata checked."""
        metadata, unknown, wrong = _read_metadata(obj)
        if wrong:
            return Findings(obj, wrong=wrong)
        version = self._version_of(obj)
        if version is not None:
            schema = self.schema(version)
            unknown += prune(obj, schema)
            drop_nulls(obj, schema)
            fill_defaults(obj, schema)
        if metadata is not None:
            obj["metadata"] = metadata
        return Findings(obj, tuple(f"unknown field {quoted(path)}" for path in unknown))

    def stored_form(self, obj: Object) -> Object:
        """An object that was read, in the stored version. Changes it."""
        if self._version_of(obj) != self.stored:
            obj["apiVersion"] = f"{self.group}/{self.stored}"
            _coerce(obj, self.schema(self.stored))
        return obj

    def served_form(self, obj: Object, version: str) -> Object:
        """A stored object in a served version, as the schemas of today have it."""
        twin: Object = clone(obj)
        metadata = twin.get("metadata")
        held = self._version_of(obj)
        schema = self.schema(held or self.stored)
        _coerce(twin, schema)
        fill_defaults(twin, schema)
        if held != version:
            twin["apiVersion"] = f"{self.group}/{version}"
            _coerce(twin, self.schema(version))
        if metadata is not None:
            twin["metadata"] = metadata
        return twin

    def _version_of(self, obj: Object) -> str | None:
        """The version an object says it has; None when it is of another kind."""
        group, _, version = str(obj.get("apiVersion", "")).rpartition("/")
        return version if (group, obj.get("kind")) == (self.group, self.kind) else None


def _coerce(obj: Object, schema: Schema | None) -> None:
    prune(obj, schema)
    drop_nulls(obj, schema)


def _read_metadata(obj: Object) -> tuple[Object | None, list[str], str]:
    """The metadata in canonical form, unknown fields in it, and what is wrong with it."""
    given: Any = obj.get("metadata")
    if given is None:
        return (None if "metadata" not in obj else {}), [], ""
    if not isinstance(given, dict):
        kind = {str: "string", list: "array", bool: "bool"}.get(type(given), "number")
        return None, [], f"json: cannot unmarshal {kind} into Go value of type v1.ObjectMeta"
    try:
        decoded = decoder().decode(given, _METADATA)
    except DecodingError as error:
        return None, [], str(error)
    return decoded.object, [f"metadata.{path}" for path in decoded.unknown], ""
