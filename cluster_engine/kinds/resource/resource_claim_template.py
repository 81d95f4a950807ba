"""The ResourceClaimTemplate kind.

Models: k8s.io/kubernetes/pkg/registry/resource/resourceclaimtemplate (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import FieldError, forbidden_field, invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import IMMUTABLE, Problems, annotation_names, labels
from cluster_engine.kinds.columns import AGE, NAME, name_and_age
from cluster_engine.kinds.internal import internal
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.resource.claim_validation import check_claim_spec
from cluster_engine.kinds.resource.devices import GROUP, default_claim_spec


def default(obj: Object) -> None:
    """The defaults of its requests."""
    default_claim_spec((obj.get("spec") or {}).get("spec"))


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new template."""
    problems, spec = Problems(), obj.get("spec") or {}
    metadata: Object = spec.get("metadata") or {}
    annotation_names(problems, "spec.metadata.annotations", metadata.get("annotations"))
    labels(problems, "spec.metadata.labels", metadata.get("labels"))
    problems.extend(
        forbidden_field(f"spec.metadata.{field}", "cannot be set")
        for field, value in metadata.items()
        if field not in ("annotations", "labels") and value
    )
    check_claim_spec(problems, "spec.spec", spec.get("spec") or {})
    return problems.all()


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """A template stays what it is."""
    if new.get("spec") == old.get("spec"):
        return []
    shown = internal("resource", "ResourceClaimTemplateSpec", new.get("spec"))
    return [invalid_value("spec", shown, IMMUTABLE)]


KIND = Kind(
    group=GROUP,
    version="v1",
    kind="ResourceClaimTemplate",
    plural="resourceclaimtemplates",
    singular="resourceclaimtemplate",
    namespaced=True,
    default=default,
    validate=validate,
    validate_update=validate_update,
    columns=(NAME, AGE),
    cells=name_and_age,
)
