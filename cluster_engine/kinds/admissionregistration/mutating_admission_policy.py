"""The MutatingAdmissionPolicy kind.

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
    validate_mutating_policy,
    validate_mutating_policy_update,
)
from cluster_engine.kinds.admissionregistration.reserved import warn
from cluster_engine.kinds.columns import AGE, NAME
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column(
        "Mutations",
        "integer",
        meaning=("Mutation indicates the number of mutations rules defined in this configuration"),
    ),
    Column(
        "ParamKind",
        meaning=("ParamKind specifies the kind of resources used to parameterize this policy"),
    ),
    AGE,
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    return policy_cells(obj, now_ms, "mutations")


KIND = Kind(
    group=GROUP,
    version="v1",
    kind="MutatingAdmissionPolicy",
    plural="mutatingadmissionpolicies",
    singular="mutatingadmissionpolicy",
    namespaced=False,
    categories=CATEGORIES,
    default=default_policy,
    is_updated_unconditionally=False,
    has_generation=True,
    validate=validate_mutating_policy,
    validate_update=validate_mutating_policy_update,
    warn=warn,
    columns=COLUMNS,
    cells=cells,
)
