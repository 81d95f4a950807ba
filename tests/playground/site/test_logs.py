"""Secrets never reach the log."""

from __future__ import annotations

import logging

import pytest

from playground.site.logs import HideSecrets, without_secrets


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("GET /k8s/abc/s3cret/api/v1/pods", "GET /k8s/abc/…/api/v1/pods"),
        ("GET /s/abc/join/s3cret/", "GET /s/abc/join/…/"),
        ("GET /s/abc/fork/s3cret/", "GET /s/abc/fork/…/"),
        ("Not Found: /teach/welcome/s3-cr_et/", "Not Found: /teach/welcome/…/"),
        ("GET /accounts/welcome/s3cret/", "GET /accounts/welcome/…/"),
        ("GET /api/v1/waiting/s3cret", "GET /api/v1/waiting/…"),
        ("GET /accounts/password/reset/key/1-s3cret/", "GET /accounts/password/reset/key/…/"),
        ("authorization: Bearer abc.def-123", "authorization: Bearer …"),
        ("GET /api/v1/sessions/abc", "GET /api/v1/sessions/abc"),
    ],
    ids=[
        "a cluster's address",
        "a shared link",
        "a link to a copy",
        "a teacher's invitation",
        "an invitation",
        "a ticket",
        "a reset of a password",
        "a token",
        "nothing secret",
    ],
)
def test_a_secret_is_replaced(text: str, hidden: str) -> None:
    assert without_secrets(text) == hidden


def test_a_record_with_arguments_is_rewritten() -> None:
    record = logging.LogRecord("a", 20, "b", 1, "Not Found: %s", ("/k8s/a/s3cret/x",), None)
    assert HideSecrets().filter(record)
    assert record.getMessage() == "Not Found: /k8s/a/…/x"
