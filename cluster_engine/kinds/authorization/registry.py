"""The kinds of the authorization.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.authorization import (
    local_subject_access_review,
    self_subject_access_review,
    self_subject_rules_review,
    subject_access_review,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    local_subject_access_review.KIND,
    self_subject_access_review.KIND,
    self_subject_rules_review.KIND,
    subject_access_review.KIND,
)
