"""The ValidatingAdmissionPolicyBinding kind.

Models: k8s.io/kubernetes/pkg/registry/admissionregistration (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.kinds.admissionregistration.defaults import (
    CATEGORIES,
    GROUP,
    binding_cells,
    default_policy_binding,
)
from cluster_engine.kinds.admissionregistration.policies_validation import (
    validate_binding,
    validate_binding_update,
)
from cluster_engine.kinds.admissionregistration.reserved import warn
from cluster_engine.kinds.columns import AGE, NAME
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column(
        "PolicyName",
        meaning=("PolicyName indicates the policy definition which the policy binding binded to"),
    ),
    Column(
        "ParamRef",
        meaning=("ParamRef indicates the param resource which sets the configuration param"),
    ),
    AGE,
)


KIND = Kind(
    group=GROUP,
    version="v1",
    kind="ValidatingAdmissionPolicyBinding",
    plural="validatingadmissionpolicybindings",
    singular="validatingadmissionpolicybinding",
    namespaced=False,
    categories=CATEGORIES,
    default=default_policy_binding,
    is_updated_unconditionally=False,
    has_generation=True,
    validate=validate_binding,
    validate_update=validate_binding_update,
    warn=warn,
    columns=COLUMNS,
    cells=binding_cells,
)
