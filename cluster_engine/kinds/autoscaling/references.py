"""References from autoscalers to objects in some version.

Models: ValidateCrossVersionObjectReference in
k8s.io/kubernetes/pkg/apis/autoscaling/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import FieldError, invalid_value, required
from cluster_engine.apimachinery.names import is_path_segment
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import wrong

#: What the version of a reference may be: of a group, of the core group too, anything.
GROUPED, BARE, ANY = "grouped", "bare", "any"


def check_reference(
    problems: list[FieldError], path: str, reference: Object, versions: str
) -> None:
    """A kind and a name, in a version as `versions` says."""
    for field in ("kind", "name"):
        text = reference.get(field, "")
        if not text:
            problems.append(required(f"{path}.{field}"))
        else:
            wrong(problems, f"{path}.{field}", text, is_path_segment(text))
    version = reference.get("apiVersion", "")
    text = version_problem(version, versions)
    if text:
        problems.append(invalid_value(f"{path}.apiVersion", version, text))


def version_problem(version: str, versions: str) -> str:
    """Why that is no version; empty when it is one."""
    if versions == ANY:
        return ""
    if version.count("/") > 1:
        return f"unexpected GroupVersion string: {version}"
    group = version.partition("/")[0] if "/" in version else ""
    return "" if group or versions == BARE else "apiVersion must specify API group"
