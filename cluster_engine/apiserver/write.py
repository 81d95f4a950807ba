"""One write on its way through the chain: what admission, preparation and storing work on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.requests import User
from cluster_engine.kinds.kind import Kind
from cluster_engine.store.changes import Origin

CREATE, UPDATE, DELETE, CONNECT = "CREATE", "UPDATE", "DELETE", "CONNECT"


@dataclass(slots=True)
class Write:
    """A write. `object` is private to the chain; parts of it may be shared with stored objects,
    so admission replaces what it changes instead of mutating it."""

    kind: Kind
    operation: str
    namespace: str
    name: str
    object: Object
    user: User
    origin: Origin
    #: Whose fields these are in managed fields.
    manager: str
    old: Object | None = None
    subresource: str = ""
    #: The `apiVersion` the client speaks.
    api_version: str = ""
    is_dry_run: bool = False
    is_name_generated: bool = False
    is_patch: bool = False
    #: Whether a mutating policy changed it, and whether others have been asked again since.
    is_changed_by_policy: bool = False
    is_second_round: bool = False
    #: Whether admission has been asked already.
    is_admitted: bool = False
    warnings: list[str] = field(default_factory=list)
    #: Decoded create, update or delete options.
    options: Object = field(default_factory=dict)

    @property
    def resource(self) -> str:
        return self.kind.resource

    def set_spec(self, **fields: Any) -> None:
        """Replace fields of the spec without touching the dict that others may share."""
        self.object = {**self.object, "spec": {**(self.object.get("spec") or {}), **fields}}
