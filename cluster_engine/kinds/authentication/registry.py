"""The kinds of the authentication.k8s.io group, in the order discovery lists them."""

from cluster_engine.kinds.authentication import (
    self_subject_review,
    token_review,
)
from cluster_engine.kinds.kind import Kind

KINDS: tuple[Kind, ...] = (
    self_subject_review.KIND,
    token_review.KIND,
)
