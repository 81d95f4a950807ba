"""What an admission plugin is: it may change a write, or refuse it by raising ApiError.

Models: k8s.io/apiserver/pkg/admission (v0.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import ApiError, forbidden
from cluster_engine.apiserver.authorization.authorizer import Authorizer
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.write import Write


class Plugin:
    """Base of admission plugins. The class attributes say which writes it is asked about."""

    NAME = ""
    #: Of CREATE, UPDATE, DELETE, CONNECT.
    OPERATIONS: tuple[str, ...] = ()
    #: Resources such as "pods"; None: all.
    RESOURCES: tuple[str, ...] | None = None
    #: Subresources besides the object itself (""); None: all.
    SUBRESOURCES: tuple[str, ...] | None = ("",)
    #: Whether it changes a write once more that a policy has changed after it.
    IS_ASKED_AGAIN = True

    def __init__(self, core: Core, authorizer: Authorizer) -> None:
        self.core = core
        self.authorizer = authorizer

    def handles(self, operation: str, resource: str, subresource: str) -> bool:
        """Whether such a write concerns the plugin at all; the answer is remembered."""
        return (
            operation in self.OPERATIONS
            and (self.RESOURCES is None or resource in self.RESOURCES)
            and (self.SUBRESOURCES is None or subresource in self.SUBRESOURCES)
        )

    def mutate(self, write: Write) -> None:
        """Change `write.object`, before validation. Replaces what it changes."""

    def validate(self, write: Write) -> None:
        """Refuse, after validation, seeing the object as it will be stored."""


def refuse(write: Write, why: str) -> ApiError:
    """403 as every admission plugin words it."""
    metadata = write.object.get("metadata") or {}
    name = write.name or metadata.get("name") or metadata.get("generateName") or "Unknown"
    return forbidden(write.resource, name, why)
