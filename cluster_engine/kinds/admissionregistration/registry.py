"""The kinds of the admissionregistration.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.admissionregistration import (
    mutating_admission_policy,
    mutating_admission_policy_binding,
    mutating_webhook_configuration,
    validating_admission_policy,
    validating_admission_policy_binding,
    validating_webhook_configuration,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    mutating_admission_policy.KIND,
    mutating_admission_policy_binding.KIND,
    mutating_webhook_configuration.KIND,
    validating_admission_policy.KIND,
    validating_admission_policy_binding.KIND,
    validating_webhook_configuration.KIND,
)
