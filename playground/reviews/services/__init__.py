"""What can be done at the review desk. Each function checks who asks and writes the audit log."""

from playground.reviews.services.deciding import submission_decide, submissions_recover
from playground.reviews.services.discussing import submission_assign, submission_comment
from playground.reviews.services.resubmitting import submission_resubmit
from playground.reviews.services.switching import (
    review_follow,
    review_follow_renewal,
    review_renew,
    review_switch,
    review_switch_asked,
)

__all__ = [
    "review_follow",
    "review_follow_renewal",
    "review_renew",
    "review_switch",
    "review_switch_asked",
    "submission_assign",
    "submission_comment",
    "submission_decide",
    "submission_resubmit",
    "submissions_recover",
]
