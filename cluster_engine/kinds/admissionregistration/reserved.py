"""Names that belong to configurations in files.

Models: static_suffix.go in k8s.io/kubernetes/pkg/apis/admissionregistration/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import FieldError, invalid_value
from cluster_engine.apimachinery.objects import Object

_SUFFIX = ".static.k8s.io"
_TEXT = (
    f'names ending with "{_SUFFIX}" are reserved for static manifest-based configurations and '
    "cannot be managed via the API"
)


def reserved_name_problems(obj: Object) -> list[FieldError]:
    """Whether a new object has such a name."""
    name = obj["metadata"].get("name", "")
    return [invalid_value("metadata.name", name, _TEXT)] if name.endswith(_SUFFIX) else []


def reserved_name_warnings(obj: Object) -> list[str]:
    """The same for one that exists."""
    name = obj["metadata"].get("name", "")
    return [f"metadata.name: {_TEXT}"] if name.endswith(_SUFFIX) else []


def warn(new: Object, old: Object | None) -> list[str]:
    """Of a name that was taken before it was reserved."""
    return [] if old is None else reserved_name_warnings(new)
