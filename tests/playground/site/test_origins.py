"""Which pages may act here."""

from __future__ import annotations

from typing import Any

import pytest

from playground.site.origins import is_ours


@pytest.mark.parametrize(
    ("origin", "host", "answer"),
    [
        ("http://testserver", "testserver", True),
        ("http://TestServer:8000", "testserver:8000", True),
        ("https://testserver", "testserver", True),
        (None, "testserver", True),
        ("http://testserver:1", "testserver:2", False),
        ("http://evil.example", "testserver", False),
        ("http://evil.example", "evil.example", False),
        ("null", "testserver", False),
        ("file://", "", False),
    ],
    ids=[
        "our page",
        "letter case",
        "https in front of us",
        "no browser",
        "another port",
        "another site",
        "another site's name for us",
        "a sandboxed page",
        "a file",
    ],
)
def test_an_origin_is_ours_or_not(origin: str | None, host: str, answer: bool) -> None:
    headers = {"host": host, **({"origin": origin} if origin is not None else {})}
    assert is_ours(headers) is answer


def test_the_operator_can_trust_another(settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://school.example"]
    assert is_ours({"host": "testserver", "origin": "https://school.example"})
