"""The ValidatingAdmissionPolicy kind.

Models: k8s.io/kubernetes/pkg/registry/admissionregistration (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.admissionregistration.defaults import (
    CATEGORIES,
    GROUP,
    default_policy,
    policy_cells,
)
from cluster_engine.kinds.admissionregistration.policies_validation import (
    validate_policy,
    validate_policy_status,
    validate_policy_update,
)
from cluster_engine.kinds.admissionregistration.reserved import warn
from cluster_engine.kinds.columns import AGE, NAME
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status

COLUMNS = (
    NAME,
    Column(
        "Validations",
        "integer",
        meaning=(
            "Validations indicates the number of validation rules defined in this configuration"
        ),
    ),
    Column(
        "ParamKind",
        meaning=("ParamKind specifies the kind of resources used to parameterize this policy"),
    ),
    AGE,
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    return policy_cells(obj, now_ms, "validations")


KIND = Kind(
    group=GROUP,
    version="v1",
    kind="ValidatingAdmissionPolicy",
    plural="validatingadmissionpolicies",
    singular="validatingadmissionpolicy",
    namespaced=False,
    categories=CATEGORIES,
    subresources=(STATUS,),
    default=default_policy,
    prepare=SeparateStatus(GROUP, "v1", "ValidatingAdmissionPolicy"),
    prepare_status=sealed_status,
    is_updated_unconditionally=False,
    has_generation=True,
    validate=validate_policy,
    validate_update=validate_policy_update,
    validate_status=validate_policy_status,
    warn=warn,
    columns=COLUMNS,
    cells=cells,
)
