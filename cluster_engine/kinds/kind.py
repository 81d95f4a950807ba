"""The record that says everything declarative about one kind.

Each kind module exports one `Kind`; `registry.py` lists them. The API server drives requests by
these records and knows no kind by name.

Models: the strategies of k8s.io/kubernetes/pkg/registry (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.fields import FieldError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.custom.types import CustomTypes, ScalePaths
from cluster_engine.schema.explain import description, full_name

#: Fills in defaults; works in place on a private copy that the request chain owns.
Defaulter = Callable[[Object], None]
#: Problems of a new object. Must not change it.
Validator = Callable[[Object], list[FieldError]]
#: Problems of a change: `(new, old)`.
UpdateValidator = Callable[[Object, Object], list[FieldError]]
#: Prepares a private new object for storing: `(new, old or None)`; resets what clients may not set.
Preparer = Callable[[Object, Object | None], None]
#: Texts for `Warning` headers: `(new, old or None)`.
Warner = Callable[[Object, Object | None], list[str]]
#: The cells of a table row: `(object, now_ms)`; one per column.
Cells = Callable[[Object, int], list[Any]]

ALL_VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table that `kubectl get` prints; priority 0 always, 1 with -o wide."""

    name: str
    type: str = "string"
    format: str = ""
    meaning: str = ""
    priority: int = 0
    #: The published field whose description it has, such as "core.v1.PodStatus.podIP".
    described_by: str = ""

    @property
    def description(self) -> str:
        """What it means, in its own words or those of the field it shows."""
        if not self.described_by:
            return self.meaning
        definition, _, field_name = self.described_by.rpartition(".")
        return description(full_name(definition), field_name)


@dataclass(frozen=True, slots=True)
class Subresource:
    """A path below an object, such as `status` or `scale`."""

    name: str
    #: The kind of its body, such as ("autoscaling", "v1", "Scale"); None: the object's own kind.
    kind: tuple[str, str, str] | None = None
    verbs: tuple[str, ...] = ("get", "patch", "update")
    #: For an update of the object through it: what to take from `old`, and problems of the change.
    prepare: Preparer | None = None
    validate: UpdateValidator | None = None


STATUS = Subresource("status")
SCALE = Subresource("scale", ("autoscaling", "v1", "Scale"))


@dataclass(frozen=True, slots=True)
class Kind:
    """All that is declarative about a kind. `group` is empty for the core group."""

    group: str
    #: The version objects are stored in, and in which defaults and validation work.
    version: str
    kind: str
    plural: str
    singular: str
    namespaced: bool
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    #: Versions served beside the stored one, in order of preference after it.
    other_versions: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ALL_VERBS
    subresources: tuple[Subresource, ...] = ()
    default: Defaulter | None = None
    validate: Validator | None = None
    validate_update: UpdateValidator | None = None
    #: For a write of the object itself; the status comes from `old` where it is a subresource.
    prepare: Preparer | None = None
    #: For a write of `status`; None: everything but the status comes from `old`.
    prepare_status: Preparer | None = None
    #: Problems of a change made through `status`; None: none beyond those of the metadata.
    validate_status: UpdateValidator | None = None
    #: What every request for it is warned about; empty: nothing.
    deprecation: str = ""
    #: What to warn about besides unknown fields.
    warn: Warner | None = None
    #: Whether a PUT of an object that does not exist creates it.
    is_created_by_update: bool = False
    #: Whether an update may omit `metadata.resourceVersion`.
    is_updated_unconditionally: bool = True
    #: Whether `metadata.generation` counts changes of the spec.
    has_generation: bool = False
    columns: tuple[Column, ...] = ()
    cells: Cells | None = None
    #: Selectable fields besides metadata.name and metadata.namespace: path -> how to read it.
    field_selectors: Mapping[str, Callable[[Object], str]] = field(default_factory=dict)
    #: Whether metadata.namespace is a selectable field.
    is_namespace_selectable: bool = True
    #: What a request is told that selects by another field, for kinds with selectable fields.
    unknown_field: str = "field label not supported: {}"
    #: In a list, the name of the object that is shown as "name (default)"; None: never one.
    marked_default: Callable[[Sequence[Object]], str] | None = None
    #: Seconds a deletion waits when the client does not say, from the object; None: at once.
    grace_seconds: Callable[[Object], int] | None = None
    #: Converts a stored object to another served version and back; None: only apiVersion changes.
    to_version: Callable[[Object, str], Object] | None = None
    from_version: Callable[[Object, str], Object] | None = None
    #: How names are checked; None: a DNS-1123 subdomain.
    validate_name: Callable[[str], list[str]] | None = None
    #: The types of a kind that users defined; None: the published ones.
    types: CustomTypes | None = None
    #: Where `scale` finds what it shows; None: spec.replicas, status.replicas, spec.selector.
    scale_paths: ScalePaths | None = None
    #: Whether the version that objects are stored in is served, too.
    is_stored_version_served: bool = True
    #: The resource of another record that keeps the same objects (events.events.k8s.io are the
    #: core events); `to_version` and `from_version` convert. Empty: it keeps its own.
    stored_as: str = ""

    @property
    def resource(self) -> str:
        """The name under which the store keeps it: "pods", "deployments.apps"."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def api_version(self) -> str:
        """The stored `apiVersion`: "v1", "apps/v1"."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def served_versions(self) -> tuple[str, ...]:
        """Every version clients may use, the stored one first."""
        if not self.is_stored_version_served:
            return self.other_versions
        return (self.version, *self.other_versions)
