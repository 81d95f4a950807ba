"""Addresses of the review desk below /api/v1/."""

from __future__ import annotations

from django.urls import path

from playground.reviews.api import deciding, findings, records, submissions

urlpatterns = [
    path("reviews", submissions.submissions, name="reviews"),
    path("reviews/bulk", deciding.bulk, name="reviews-bulk"),
    path("reviews/reviewers", deciding.reviewers, name="reviews-reviewers"),
    path("reviews/<slug:submission_id>", submissions.submission, name="review"),
    path("reviews/<slug:submission_id>/versions", submissions.versions, name="review-versions"),
    path(
        "reviews/<slug:submission_id>/versions/<int:number>",
        submissions.version,
        name="review-version",
    ),
    path("reviews/<slug:submission_id>/changes", submissions.changes, name="review-changes"),
    path("reviews/<slug:submission_id>/effect", submissions.effect, name="review-effect"),
    path("reviews/<slug:submission_id>/comments", deciding.comments, name="review-comments"),
    path("reviews/<slug:submission_id>/decisions", deciding.decisions, name="review-decisions"),
    path("reviews/<slug:submission_id>/assignee", deciding.assignee, name="review-assignee"),
    path("findings", findings.findings, name="findings"),
    path("findings/rules", findings.rules, name="findings-rules"),
    path("writes", records.writes, name="writes"),
    path("writes/<int:number>", records.write, name="write"),
    path("sessions/<slug:session_id>/review", records.session_review, name="session-review"),
    path("audit", records.audit, name="audit"),
    path("audit/verify", records.audit_verify, name="audit-verify"),
    path("audit/export", records.audit_export, name="audit-export"),
]
